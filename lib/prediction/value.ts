import type { Feature } from "../../tables/current";

/**
 * A case's value of a column. Programs here count with numbers alone: a category's is the place of its level, a yes-no
 * column's 0 or 1, and NaN is a value that is not known. Codes, booleans, nulls and words are at the edges, and made here.
 */

type Column = Pick<Feature, "type" | "levels" | "mayMiss">;

/** As JSON has it: a number, a category's code, a boolean; null where it is not known. */
export type WireValue = number | string | boolean | null;

export function wireValue({ type, levels }: Column, value: number): WireValue {
  if (Number.isNaN(value)) return null;
  if (type === "number") return value;
  return type === "yes-no" ? value === 1 : (levels[value] ?? null);
}

/** Undefined where the column cannot hold it; of a number only its type is looked at. */
export function readWireValue({ type, levels, mayMiss }: Column, wire: unknown): number | undefined {
  if (wire === null) return mayMiss ? Number.NaN : undefined;
  if (type === "number") return typeof wire === "number" ? wire : undefined;
  if (type === "yes-no") return typeof wire === "boolean" ? Number(wire) : undefined;
  const place = typeof wire === "string" ? levels.indexOf(wire) : -1;
  return place === -1 ? undefined : place;
}

/** Whether the column can hold a number as programs here have it. */
export function holdsValue(
  { type, levels, mayMiss, least }: Column & Pick<Feature, "least">,
  value: number,
): boolean {
  if (Number.isNaN(value)) return mayMiss;
  if (type === "number") return Number.isFinite(value) && value >= least;
  return Number.isInteger(value) && value >= 0 && value < levels.length;
}

/** As a cell of a file has it; empty where it is not known. */
export function cellText({ type, levels }: Column, value: number): string {
  if (Number.isNaN(value)) return "";
  return type === "number" ? String(value) : (levels[value] ?? "");
}

const NOT_KNOWN = "not known";

/** As a person reads it. */
export function valueText(
  { levelLabels, ...column }: Column & Pick<Feature, "levelLabels">,
  value: number,
): string {
  if (Number.isNaN(value)) return NOT_KNOWN;
  const code = cellText(column, value);
  return column.type === "number" ? code : (levelLabels[code] ?? code);
}

/** Whether a cell says that nothing is known. */
export const isMissing = (cell: string) => /^(?:|\?|-|n\/?a|nan|none|null)$/i.test(cell);

/** What says yes or no whatever a column's codes are, in lower case. */
export const YES = ["yes", "y", "true", "t", "1"];
export const NO = ["no", "n", "false", "f", "0"];

/**
 * The place of the level that a text names, by its code or, whatever the case, by that or a person's word for it; of a yes-no column by any
 * usual way to say so. Null where it names none.
 */
export function levelOf(
  { type, levels, levelLabels }: Column & Pick<Feature, "levelLabels">,
  text: string,
): number | null {
  const exact = levels.indexOf(text.trim());
  if (exact !== -1) return exact;
  const wanted = text.trim().toLowerCase();
  const place = levels.findIndex(
    (code) => code.toLowerCase() === wanted || levelLabels[code]?.toLowerCase() === wanted,
  );
  if (place !== -1) return place;
  if (type !== "yes-no") return null;
  return YES.includes(wanted) ? 1 : NO.includes(wanted) ? 0 : null;
}
