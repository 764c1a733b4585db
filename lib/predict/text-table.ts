import { findFeature } from "../prediction/measurement-names";
import { type Printed, readPrinted } from "./program-text";

/** Lines of cells. */
export type TextTable = string[][];

/**
 * The ways in which a text may be divided into cells, the surest first. Where tabs, semicolons or upright lines stand
 * in every line, nothing else separates; commas and spaces may as well be part of a number or a name.
 */
export function divide(text: string): TextTable[] {
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== "" && !DECORATION.test(line));
  if (lines.length === 0) return [];
  // R counts the values that it prints: "[1] 17.99 10.38" and, a line on, "[7] 0.3001".
  if (lines.every((line) => COUNTED.test(line))) {
    return [[lines.flatMap((line) => line.replace(COUNTED, "").trim().split(/\s+/))]];
  }
  // Records or lists one below the other are a list that nobody closed around them.
  const printed = readPrinted(text) ?? (/^\s*[[({]/.test(text) ? readPrinted(`[${text}]`) : null);
  if (printed !== null) {
    const cells = cellsOf(printed);
    return typeof cells === "string" ? divide(cells) : cells === null ? [] : [cells];
  }
  const sure = ["\t", ";", "|"].find((sign) => lines.every((line) => line.includes(sign)));
  const separators = sure === undefined ? MAYBE : [sure];
  return separators.map((separator) =>
    lines.map((line) =>
      trimmed(typeof separator === "string" ? split(line, separator) : line.trim().split(separator)),
    ),
  );
}

/** The last line of a printed pandas series; the line below the header of a Markdown table. */
const DECORATION = /^(?:Name: .*)?dtype: \w+$|^[\s:|-]*\|[\s:|-]*$/;
const COUNTED = /^\s*\[\d+\]\s/;
const MAYBE = [
  ",",
  /,\s+/,
  /\s*[:=]\s*/,
  /\s{2,}/,
  /\s+/,
  // A name with spaces or commas in it, and its value.
  /\s+(?=\S+$)/,
  /,(?=[^,]+$)/,
];

/** Splits a line at a sign that stands outside double quotes; upright lines may stand at its ends too. */
function split(whole: string, sign: string): string[] {
  const line = sign === "|" ? whole.trim().replace(/^\||\|$/g, "") : whole;
  if (!line.includes('"')) return line.split(sign);
  const cells = [""];
  let isQuoted = false;
  for (const character of line) {
    if (character === '"') isQuoted = !isQuoted;
    if (character === sign && !isQuoted) cells.push("");
    else cells[cells.length - 1] += character;
  }
  return cells;
}

const trimmed = (cells: string[]) =>
  cells.map((cell) =>
    cell
      .trim()
      .replace(/^(["'])(.*)\1$/, (_, quote: string, inner: string) => inner.replaceAll(quote + quote, quote))
      .trim(),
  );

/** A printed value as lines of cells; a text inside it that has to be divided itself; null for anything else. */
function cellsOf(printed: Printed): string[][] | string | null {
  if (typeof printed === "string") return printed;
  if (printed instanceof Map) return cellsOfRecord(printed);
  if (printed.length === 1 && printed[0] !== undefined) return cellsOf(printed[0]);
  if (isFlat(printed)) return [printed];
  if (printed.every((item) => item instanceof Map)) return cellsOfRecords(printed);
  return printed.every(isFlat) ? printed : null;
}

const isFlat = (printed: Printed): printed is string[] =>
  Array.isArray(printed) && printed.every((item) => typeof item === "string");

const hasNames = (names: readonly string[]) => names.some((name) => findFeature(name) !== undefined);

function cellsOfRecord(record: Map<string, Printed>): string[][] | string | null {
  const names = [...record.keys()];
  if (hasNames(names)) {
    // Values that are lists or records are columns, as pandas writes them.
    const columns = [...record.values()].map((value) => (value instanceof Map ? [...value.values()] : value));
    if (columns.every((column) => typeof column === "string")) return [names, columns];
    const [first] = columns;
    if (!columns.every(isFlat) || !isFlat(first ?? "")) return null;
    return columns.every((column) => column.length === first?.length)
      ? [names, ...(first as string[]).map((_, row) => columns.map((column) => column[row] ?? ""))]
      : null;
  }
  const [columns, data] = [record.get("columns"), record.get("data")];
  if (columns !== undefined && isFlat(columns) && data !== undefined) {
    const rows = Array.isArray(data) && isFlat(data) ? [data] : data;
    return Array.isArray(rows) && rows.every(isFlat) ? [columns, ...rows] : null;
  }
  // What envelopes a row: `instances`, `features`, `data`, whatever its name.
  const inside = [...record.values()].filter((value) => typeof value !== "string");
  const texts = [...record.values()].filter((value) => typeof value === "string");
  const only = inside.length > 0 ? inside : texts;
  return only.length === 1 && only[0] !== undefined ? cellsOf(only[0]) : null;
}

function cellsOfRecords(records: readonly Map<string, Printed>[]): string[][] | null {
  const names = [...(records[0]?.keys() ?? [])];
  if (hasNames(names)) {
    const rows = records.map((record) => names.map((name) => record.get(name)));
    const areAlike = records.every(({ size }) => size === names.length);
    return areAlike && rows.every((row): row is string[] => row.every((cell) => typeof cell === "string"))
      ? [names, ...rows]
      : null;
  }
  const rows = records.map(cellsOfRecord);
  const areRows = rows.every((row): row is string[][] => Array.isArray(row) && row.length === 1);
  return areRows ? rows.flat() : null;
}
