import "server-only";
import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { BadRow, Check } from "@/lib/batch/batch";
import { type Mapping, namedWidth } from "@/lib/batch/mapping";
import { csvCell } from "@/lib/exchange/spreadsheet-text";
import { readCell } from "@/lib/predict/reader";
import { isOutside } from "@/lib/prediction/measurement-text";
import { fail, ok, type Result } from "@/lib/result";
import { FEATURES } from "@/tables/current";
import { rowsOf } from "./duck";
import type { Prepared } from "./prepare";
import { knownValue, VALUE_COLUMNS } from "./relation";
import { type Rejected, stagedClause } from "./stage";
import { trainingTable } from "./training-table";

/** Bad rows that the batch's page shows; the file has them all. */
const PROBLEMS_SHOWN = 50;
const TEXT_SHOWN = 200;

/** A line's cells that are not plainly numbers, read as the form's reader reads them. */
export type RowReading =
  | { kind: "empty" }
  | { kind: "read"; values: number[] }
  | { kind: "bad"; column: string | null; text: string; reason: string };

/** Reads the cells of one line; null is a cell that the line does not have. */
export function readRow(
  { shape }: Prepared,
  mapping: Mapping,
  cells: readonly (string | null)[],
): RowReading {
  if (cells.every((cell) => cell === null || cell.trim() === "")) return { kind: "empty" };
  const width = shape.columns.length;
  const found = cells.findLastIndex((cell) => cell !== null) + 1;
  const bad = (column: string | null, text: string, reason: string): RowReading => ({
    kind: "bad",
    column,
    text: text.slice(0, TEXT_SHOWN),
    reason,
  });
  const whole = () => cells.map((cell) => cell ?? "").join(" ");
  if (found > width) return bad(null, whole(), `It has more cells than the ${width} columns.`);
  const isShort = shape.format === "csv" && shape.hasHeader && found < namedWidth(shape);
  if (isShort) {
    const open = cells.find((cell) => cell?.includes("\n") === true) ?? null;
    return open === null
      ? bad(null, whole(), `It has ${found} cells where the file has ${width} columns.`)
      : bad(null, open, "A quote in it is not closed, so that the lines after it are one cell.");
  }
  const values: number[] = [];
  for (const feature of FEATURES) {
    const at = mapping.measurements[feature.index] ?? -1;
    const column = shape.columns[at] ?? feature.label;
    const cell = (cells[at] ?? "").trim();
    const value = readCell(cell, feature, mapping.decimal);
    if (!value.ok) return bad(column, cell, value.error);
    if (value.value === null) return bad(column, cell, `${feature.label} is missing.`);
    values.push(value.value);
  }
  return { kind: "read", values };
}

/**
 * Counts what is in the staged rows of a table; the rows that cannot be read go to `badRowsFile`, a CSV. The error is a
 * sentence for a person.
 */
export async function checkTable(
  connection: DuckDBConnection,
  prepared: Prepared,
  mapping: Mapping,
  { file: stage, rejected }: { file: string; rejected: readonly Rejected[] },
  badRowsFile: string,
): Promise<Result<Check, string>> {
  const counts = await countRows(connection, stage);
  const [rows, odd, trainingCases, positives, negatives, ...outside] = counts as [
    number,
    number,
    number,
    number,
    number,
    ...number[],
  ];
  const truth = { positive: positives, negative: negatives };
  const file = createWriteStream(badRowsFile);
  const write = async (text: string) => {
    if (!file.write(text)) await once(file, "drain");
  };
  await write(csvLine(["line", "column", "text", "reason"]));
  const problems: BadRow[] = [];
  let bad = 0;
  const report = async (row: BadRow) => {
    bad++;
    if (problems.length < PROBLEMS_SHOWN) problems.push(row);
    await write(csvLine([String(row.line), row.column ?? "", row.text, row.reason]));
  };
  for (const { line, reason } of rejected) await report({ line, column: null, text: "", reason });
  let empty = 0;
  if (odd > 0) {
    const lines = lineCounter(prepared, new Set(rejected.map(({ line }) => line)));
    const result = await connection.stream(
      `SELECT file_row_number + 1, truth, raw FROM ${stagedClause(stage)} WHERE raw IS NOT NULL`,
    );
    for await (const chunk of result.yieldRowsJs()) {
      for (const [row, truthCode, raw] of chunk) {
        const reading = readRow(prepared, mapping, JSON.parse(String(raw)));
        if (reading.kind === "empty") empty++;
        else if (reading.kind === "bad") {
          const { kind: _, ...rest } = reading;
          await report({ line: await lines.of(Number(row)), ...rest });
        } else {
          for (const feature of FEATURES) {
            if (isOutside(reading.values[feature.index] as number, feature)) {
              outside[feature.index] = (outside[feature.index] ?? 0) + 1;
            }
          }
          if (truthCode === 0) truth.positive++;
          if (truthCode === 1) truth.negative++;
        }
      }
    }
  }
  file.end();
  await once(file, "close");
  const all = rows + rejected.length - empty;
  const good = all - bad;
  if (all === 0) return fail("The file has names, and no rows below them.");
  if (good === 0) {
    const [first] = problems;
    return fail(
      `None of its ${all.toLocaleString("en")} rows can be read. ${first === undefined ? "" : `Line ${first.line}: ${first.column === null ? "" : `${first.column}: `}${first.reason}`}`,
    );
  }
  return ok({
    rows: all,
    bad,
    problems,
    outside: FEATURES.flatMap(({ key, index }) => {
      const count = outside[index] ?? 0;
      return count === 0 ? [] : [{ key, count }];
    }),
    trainingCases,
    truth: mapping.truth === null ? null : { ...truth, other: good - truth.positive - truth.negative },
    warnings: warningsOf(good, outside),
  });
}

/** What is wrong with the file as a whole rather than with a row. */
function warningsOf(good: number, outside: readonly number[]): string[] {
  const mostly = FEATURES.filter(({ index }) => (outside[index] ?? 0) * 2 > good);
  if (mostly.length === 0) return [];
  const names = mostly.slice(0, 5).map(({ label }) => label);
  const more = mostly.length > 5 ? ` and ${mostly.length - 5} more` : "";
  return [
    `More than half of the rows lie outside every training case in ${names.join("; ")}${more}. Check the units and which column is which.`,
  ];
}

/** Counts of the staged rows: all, those with a raw text, training cases, positives, negatives, and those outside by measurement. */
async function countRows(connection: DuckDBConnection, stage: string): Promise<number[]> {
  const training = await trainingTable(connection);
  const same = VALUE_COLUMNS.map((name) => `t.${name} = r.${name}`).join(" AND ");
  const outside = FEATURES.map((feature) => {
    if (feature.type !== "number") return "0";
    const { range, index } = feature;
    const value = knownValue(VALUE_COLUMNS[index] as string, feature);
    return `count_if(raw IS NULL AND (${value} < ${range.min} OR ${value} > ${range.max}))`;
  });
  const [counts = []] = await rowsOf(
    connection,
    `SELECT count(*), count(raw), count(*) FILTER (EXISTS (SELECT 1 FROM ${training} t WHERE ${same})),
       count(*) FILTER (raw IS NULL AND truth = 0), count(*) FILTER (raw IS NULL AND truth = 1), ${outside.join(", ")}
     FROM ${stagedClause(stage)} r`,
  );
  return counts.map(Number);
}

const csvLine = (cells: readonly string[]) => `${cells.map(csvCell).join(",")}\r\n`;

const [QUOTE, LF, CR] = [34, 10, 13];

/**
 * Tells the line on which a record of a CSV file begins, for rising numbers of records counted from 1: blank lines, line
 * breaks within quotes and lines that were rejected are none.
 */
function lineCounter({ path, shape, dialect }: Prepared, rejected: ReadonlySet<number>) {
  if (dialect === null) return { of: async (row: number) => row };
  const records = recordLines(path, shape.delimiter.charCodeAt(0));
  const above = dialect.skip;
  let [at, line] = [0, 0];
  let headersLeft = dialect.hasHeader ? 1 : 0;
  return {
    async of(row: number): Promise<number> {
      while (at < row) {
        const next = await records.next();
        if (next.done === true) return line;
        line = next.value;
        if (line <= above || rejected.has(line)) continue;
        if (headersLeft > 0) headersLeft--;
        else at++;
      }
      return line;
    },
  };
}

/** The line, from 1, on which each record begins; blank lines begin none. */
async function* recordLines(path: string, delimiter: number): AsyncGenerator<number, void> {
  let [line, begins] = [1, 1];
  let [isQuoted, isStart, hasBytes, wasCr] = [false, true, false, false];
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    for (const byte of chunk) {
      if (byte === LF || byte === CR) {
        const isSecond = byte === LF && wasCr;
        wasCr = byte === CR;
        if (isSecond) {
          if (!isQuoted && !hasBytes) begins = line;
          continue;
        }
        line++;
        if (isQuoted) continue;
        if (hasBytes) yield begins;
        [begins, hasBytes, isStart] = [line, false, true];
        continue;
      }
      wasCr = false;
      hasBytes = true;
      if (byte === QUOTE && (isStart || isQuoted)) isQuoted = !isQuoted;
      // A quote that was doubled opens again at once.
      isStart = byte === delimiter || byte === QUOTE;
    }
  }
  if (hasBytes) yield begins;
}
