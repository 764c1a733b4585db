import { parse } from "csv-parse/sync";
import type { FileShape } from "@/lib/batch/mapping";
import { plainNumber } from "@/lib/number-text";
import { findFeature } from "@/lib/prediction/measurement-names";
import { levelOf } from "@/lib/prediction/value";
import { FEATURES } from "@/tables/current";

/** How a text of cells is divided; `skip`: lines above the names, or above the first row where there are none. */
export type Dialect = Pick<FileShape, "delimiter" | "hasHeader" | "columns" | "firstRows"> & { skip: number };

const DELIMITERS = [",", ";", "\t", "|"];
const ROWS_KEPT = 20;
/** Lines that may stand above the names: a title, what a file of scikit-learn begins with. */
const MOST_ABOVE = 5;

type Line = { cells: string[]; begins: number };

/** Finds how a text is divided, by its beginning; null where it is no table. `isWhole`: whether that is all of it. */
export function sniffText(beginning: string, isWhole: boolean): Dialect | null {
  // What Excel reads as an instruction.
  const told = /^sep=(.)\r?\n/i.exec(beginning);
  const candidates = told?.[1] === undefined ? DELIMITERS : [told[1]];
  const found = candidates.flatMap((delimiter) => {
    const dialect = divideBy(delimiter, beginning.slice(told?.[0].length ?? 0), isWhole);
    return dialect === null ? [] : [dialect];
  });
  const best = found.reduce<(typeof found)[number] | null>(
    (most, one) => (most === null || one.score > most.score ? one : most),
    null,
  );
  if (best === null) return null;
  const { score: _, ...dialect } = best;
  return { ...dialect, skip: dialect.skip + (told === null ? 0 : 1) };
}

/** Whether a cell is what a column could hold, whichever. */
const isValue = (cell: string) =>
  plainNumber(cell, ".") !== null ||
  plainNumber(cell, ",") !== null ||
  FEATURES.some((feature) => levelOf(feature, cell) !== null);
const countNames = ({ cells }: Line) => cells.filter((cell) => findFeature(cell) !== undefined).length;

function divideBy(delimiter: string, text: string, isWhole: boolean): (Dialect & { score: number }) | null {
  const lines = readLines(delimiter, text, isWhole);
  const [first] = lines;
  if (first === undefined) return null;
  const named = lines.slice(0, MOST_ABOVE + 1).find((line) => countNames(line) >= 2);
  const width = named?.cells.length ?? usualWidth(lines);
  if (width < 2 && named === undefined) return null;
  const start = named ?? lines.find(({ cells }) => cells.length === width) ?? first;
  const from = lines.indexOf(start);
  const below = lines.slice(from + 1);
  const valuesIn = (line: Line | undefined) => line?.cells.filter(isValue).length ?? 0;
  // Names that are not known are names still: hardly a value, and values below.
  const hasHeader = named !== undefined || (valuesIn(start) * 4 < width && valuesIn(below[0]) * 2 > width);
  const rows = hasHeader ? below : [start, ...below];
  const shares = rows.map((line) => (line.cells.length === width ? valuesIn(line) / width : 0));
  const names = named === undefined ? 0 : countNames(named);
  const namesLeft = hasHeader ? start.cells : [];
  return {
    delimiter,
    hasHeader,
    skip: start.begins,
    columns: Array.from({ length: width }, (_, at) => namesLeft[at]?.trim() || `Column ${at + 1}`),
    firstRows: rows.slice(0, ROWS_KEPT).map(({ cells }) => cells.map((cell) => cell.trim())),
    // Names first, then how much of it is values, then how wide it is.
    score:
      names * 100 +
      (shares.length === 0 ? 0 : (shares.reduce((sum, share) => sum + share, 0) / shares.length) * 10) +
      Math.min(width, 2 * FEATURES.length) / 100,
  };
}

/** The width of most lines; of as many, the larger. */
function usualWidth(lines: readonly Line[]): number {
  const counts = new Map<number, number>();
  for (const { cells } of lines) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  return [...counts].sort(([a, x], [b, y]) => y - x || b - a)[0]?.[0] ?? 0;
}

function readLines(delimiter: string, text: string, isWhole: boolean): Line[] {
  const records = parse(text, {
    delimiter,
    info: true,
    relax_quotes: true,
    relax_column_count: true,
    record_delimiter: ["\r\n", "\n", "\r"],
    skip_records_with_error: true,
    to: 200,
  }) as unknown as { record: string[]; info: { lines: number } }[];
  const lines: Line[] = [];
  let begins = 0;
  for (const { record, info } of records) {
    if (record.some((cell) => cell.trim() !== "")) lines.push({ cells: record, begins });
    begins = info.lines;
  }
  // The last may be cut off where the beginning ends.
  return isWhole || lines.length < 2 ? lines : lines.slice(0, -1);
}
