import type { Feature } from "../../tables/current";
import { parseDecimal } from "../number-text";
import { levelOf } from "../prediction/value";

/** Rows of cells as programs write them: RFC 4180's, without a header and without line breaks in a cell. */

/** The cells of a line. */
export function plainCells(line: string): string[] {
  if (!line.includes('"')) return line.split(",");
  const cells = line.match(/(?<=^|,)(?:\s*"(?:[^"]|"")*"\s*|[^,]*)(?=,|$)/g) ?? [];
  return cells.map((cell) => {
    const [, quoted] = /^\s*"(.*)"\s*$/.exec(cell) ?? [];
    return quoted === undefined ? cell : quoted.replaceAll('""', '"');
  });
}

/**
 * The value of a cell: a number with a decimal point, a level's code, nothing where it is not known; null where it is none of
 * these. A number is only read, not held against the column's least.
 */
export function readPlainCell(
  column: Pick<Feature, "type" | "levels" | "levelLabels" | "mayMiss">,
  text: string,
): number | null {
  if (text.trim() === "") return column.mayMiss ? Number.NaN : null;
  return column.type === "number" ? parseDecimal(text) : levelOf(column, text);
}
