import { PROPERTIES } from "./features";
import type { MeasuredOutline } from "./record";

const HEADER = ["number", "state", "edge_quality", ...PROPERTIES, "smoothness_plain"];

/** CSV (RFC 4180) of outlines and what was measured on each, in full; a cell is empty where nothing is known. */
export function outlinesCsv(outlines: readonly MeasuredOutline[]): string {
  const rows = outlines.map(({ state, edgeQuality, values, plainSmoothness }, at) => {
    const measured = PROPERTIES.map((property) => values[property]);
    return [at + 1, state, edgeQuality, ...measured, plainSmoothness].map((cell) => cell ?? "");
  });
  // Only numbers and words of this program, none of which would have to be quoted or guarded.
  return [HEADER, ...rows].map((cells) => `${cells.join(",")}\r\n`).join("");
}
