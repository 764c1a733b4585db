import { Readable } from "node:stream";
import { type CsvError, type InfoRecord, parse } from "csv-parse";
import { MAX_INSTANCES, type Prediction } from "../lib/contract";
import { type DecimalSign, provesSign } from "../lib/number-text";
import { readCell, readMeasurements } from "../lib/predict/reader";
import { findFeature } from "../lib/prediction/measurement-names";
import { parseMeasurement } from "../lib/prediction/measurement-text";
import { isMissing } from "../lib/prediction/value";
import { fail, ok, type Result } from "../lib/result";
import type { Inference } from "../lib/server/inference/inference";
import { predictRows } from "../lib/server/inference/predict-rows";
import { FEATURES, type Feature } from "../tables/current";

/**
 * Predicts the rows of a text with a delimiter, as `npm run predict` does; see docs/command-line.md. Batches have a reader of
 * their own: theirs is a file that DuckDB reads more than once and a person maps; this is a stream of any length, answered
 * as it comes.
 */

export type TableOptions = {
  /** One object a line in place of the table. */
  json: boolean;
  /** What is wrong, and from which line on. */
  report: (line: number, message: string) => void;
  model?: Pick<Inference, "predict">;
};

/** A row that was read; `cells` are all of them, as they stand there. */
type Row = { line: number; cells: string[]; values: number[] };
type Layout = { names: string[] | null; places: number[]; delimiter: string };
type Record = { line: number; cells: string[] };

const AT_ONCE = 4;
/** Rows that are in memory at a time. */
const ROWS = AT_ONCE * MAX_INSTANCES;
/** Rows that decide the decimal sign. */
const SIGN_ROWS = 1_000;
const MAX_RECORD_CHARACTERS = 1_000_000;
const ADDED = ["label", "diagnosis", "probability", "cautions"];

/**
 * Yields the table with the answers behind its columns, line by line. Returns false where the table has no measurements or the
 * model fails, which ends it; bad lines are reported and left out.
 */
export async function* predictTable(
  input: AsyncIterable<Uint8Array>,
  { json, report, model }: TableOptions,
): AsyncGenerator<string, boolean> {
  let layout: Layout | undefined;
  let sign: DecimalSign | null | undefined;
  for await (const { records, delimiter } of readChunks(input, report)) {
    if (layout === undefined) {
      const found = findLayout(records[0]?.cells ?? [], delimiter);
      if (!found.ok) {
        report(records[0]?.line ?? 1, found.error);
        return false;
      }
      layout = found.value;
      if (layout.names !== null) {
        records.shift();
        if (!json) yield line([...layout.names, ...addedTo(layout.names)], layout);
      }
    }
    const { names, places } = layout;
    sign ??= signOf(
      records
        .slice(0, SIGN_ROWS)
        .flatMap(({ cells }) =>
          FEATURES.filter(({ type }) => type === "number").map(
            ({ index }) => cells[places[index] ?? -1] ?? "",
          ),
        ),
    );
    const rows: Row[] = [];
    for (const record of records) {
      const values = readValues(record.cells, layout, sign);
      if (values.ok) rows.push({ ...record, values: values.value });
      else report(record.line, values.error);
    }
    const options = { atOnce: AT_ONCE, model };
    for await (const answer of predictRows(
      rows.map(({ values }) => values),
      options,
    )) {
      if (!answer.ok) {
        const { answered, what, advice } = answer.error;
        report(rows[answered]?.line ?? 1, `No prediction from this line on. ${what} ${advice}`);
        return false;
      }
      for (const [at, prediction] of answer.value.predictions.entries()) {
        const row = rows[answer.value.first + at];
        if (row === undefined) throw new Error("predictRows answered a row that was not asked");
        yield json
          ? jsonLine(row, prediction, names)
          : line([...row.cells, ...textsOf(prediction, sign)], layout);
      }
    }
  }
  if (layout === undefined) {
    report(1, "There are no rows.");
    return false;
  }
  return true;
}

/** The records of the text, blank ones left out; the first chunk has the header. */
async function* readChunks(
  input: AsyncIterable<Uint8Array>,
  report: TableOptions["report"],
): AsyncGenerator<{ records: Record[]; delimiter: string }> {
  const texts = decode(input);
  const { done, value: first = "" } = await texts.next();
  if (done === true) return;
  const delimiter = delimiterOf(first);
  const parser = parse({
    delimiter,
    info: true,
    record_delimiter: ["\r\n", "\n", "\r"],
    relax_column_count: true,
    // A stray quote spoils its own record, or is part of its text; strictly read, it would spoil those after it too.
    relax_quotes: true,
    skip_records_with_error: true,
    max_record_size: MAX_RECORD_CHARACTERS,
  });
  // csv-parse's own message quotes the file.
  parser.on("skip", (error: CsvError | undefined) =>
    report(Number(error?.lines ?? 1), "This record has a quote that is not closed, or is too long."),
  );
  async function* all() {
    yield first;
    yield* texts;
  }
  let records: Record[] = [];
  let next = 1;
  for await (const { record, info } of Readable.from(all()).compose(parser) as AsyncIterable<{
    record: string[];
    info: InfoRecord;
  }>) {
    const line = next;
    next = info.lines + 1;
    // Spreadsheets end a file with lines of empty cells.
    if (record.every((cell) => cell.trim() === "")) continue;
    records.push({ line, cells: record });
    if (records.length < ROWS) continue;
    yield { records, delimiter };
    records = [];
  }
  if (records.length > 0) yield { records, delimiter };
}

/**
 * The text in pieces, of which the first has a whole line; without a byte order mark. Throws a TypeError where it is not
 * in the encoding that its mark names, or UTF-8.
 */
async function* decode(input: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  let decoder: TextDecoder | undefined;
  let first: string | null = "";
  for await (const bytes of input) {
    const encoding = { "255 254": "utf-16le", "254 255": "utf-16be" }[bytes.subarray(0, 2).join(" ")];
    decoder ??= new TextDecoder(encoding, { fatal: true });
    const text = decoder.decode(bytes, { stream: true });
    if (first === null) yield text;
    else {
      first += text;
      if (!/[\r\n]/.test(first.trimStart()) && first.length < MAX_RECORD_CHARACTERS) continue;
      yield first;
      first = null;
    }
  }
  const rest = (first ?? "") + (decoder?.decode() ?? "");
  if (rest !== "") yield rest;
}

/** What stands between the cells of the first line: a spreadsheet writes what its country does. */
function delimiterOf(text: string): string {
  const [line = ""] = text.trimStart().split(/[\r\n]/, 1);
  const counts = ["\t", ";", ","].map((sign) => ({ sign, count: line.split(sign).length }));
  return counts.toSorted((a, b) => b.count - a.count)[0]?.sign ?? ",";
}

/** Which cells are the measurements, in the table's order: by their names, or by their places where there are none. */
function findLayout(first: readonly string[], delimiter: string): Result<Layout, string> {
  const found = first.map(findFeature);
  if (found.filter((feature) => feature !== undefined).length >= 2) {
    const twice = FEATURES.find((feature) => found.indexOf(feature) !== found.lastIndexOf(feature));
    if (twice !== undefined) return fail(`${twice.label} is named more than once.`);
    const missing = FEATURES.filter((feature) => !found.includes(feature));
    if (missing.length > 0) {
      return fail(`No column is called ${missing.map(({ key }) => key).join(", ")}.`);
    }
    return ok({ names: [...first], places: FEATURES.map((feature) => found.indexOf(feature)), delimiter });
  }
  // The form's reader tells which cells of a row are an id or a label.
  const reading = readMeasurements(first.join("\t"));
  const [one] = reading.kind === "read" ? reading.way.cases : [];
  const front = one?.ok ? findFront(first, one.value) : -1;
  if (front >= 0) return ok({ names: null, places: FEATURES.map(({ index }) => front + index), delimiter });
  const reason = reading.kind === "read" ? "it is not in the table's order." : reading.reason;
  return fail(`The first line is neither names that are known here nor a row of measurements: ${reason}`);
}

/** How many cells are before the measurements; -1 where they are not in the table's order. */
const findFront = (cells: readonly string[], values: readonly number[]) =>
  cells.findIndex((_, front) =>
    FEATURES.every((feature) => {
      const value = readValue(cells[front + feature.index] ?? "", feature, null);
      return value.ok && Object.is(value.value + 0, values[feature.index]);
    }),
  );

/** The decimal sign that most numbers prove; null where they prove none. */
function signOf(texts: readonly string[]): DecimalSign | null {
  const [points = 0, commas = 0] = ([".", ","] as const).map(
    (sign) => texts.filter((text) => provesSign(text, sign)).length,
  );
  if (points === commas) return null;
  return points > commas ? "." : ",";
}

/** Unlike in the form, where each field is read by itself, all cells have to have the same decimal sign. */
function readValues(
  cells: readonly string[],
  { names, places }: Layout,
  sign: DecimalSign | null,
): Result<number[], string> {
  if (names !== null && cells.length !== names.length) {
    return fail(`There are ${cells.length} cells where the names are ${names.length}.`);
  }
  const values: number[] = [];
  for (const feature of FEATURES) {
    const place = places[feature.index] ?? -1;
    const text = cells[place] ?? "";
    const isForeign =
      feature.type === "number" && sign !== null && provesSign(text, sign === "." ? "," : ".");
    const value = isForeign
      ? fail(`The other numbers have a decimal ${sign === "." ? "point" : "comma"}.`)
      : readValue(text, feature, sign);
    if (!value.ok) return fail(`Column ${place + 1} (${feature.key}): ${value.error}`);
    values.push(value.value);
  }
  return ok(values);
}

/** A cell's value; NaN where it is not known and may miss. */
function readValue(text: string, feature: Feature, sign: DecimalSign | null): Result<number, string> {
  if (feature.type === "number" && !(feature.mayMiss && isMissing(text.trim()))) {
    return parseMeasurement(text, feature, sign);
  }
  const value = readCell(text.trim(), feature, sign);
  if (!value.ok) return value;
  return value.value === null ? fail("The value is missing.") : ok(value.value);
}

/** The names of what is added; the table may have a column of that name, such as the truth. */
const addedTo = (names: readonly string[]) => {
  const isTaken = ADDED.some((added) => names.some((name) => name.trim().toLowerCase() === added));
  return isTaken ? ADDED.map((name) => `predicted_${name}`) : ADDED;
};

const textsOf = (
  { label, diagnosis, probability, cautions }: Prediction,
  sign: DecimalSign | null | undefined,
) => [
  label ?? "",
  diagnosis,
  sign === "," ? String(probability).replace(".", ",") : String(probability),
  (cautions ?? []).join(" "),
];

const line = (cells: readonly string[], { delimiter }: Layout) =>
  `${cells.map((cell) => quoted(cell, delimiter)).join(delimiter)}\n`;

const quoted = (cell: string, delimiter: string) =>
  cell.includes(delimiter) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;

function jsonLine({ line, cells }: Row, prediction: Prediction, names: readonly string[] | null): string {
  const { label, diagnosis, probability, cautions } = prediction;
  const given = names === null ? cells : Object.fromEntries(names.map((name, at) => [name, cells[at]]));
  return `${JSON.stringify({ line, given, label, diagnosis, probability, cautions })}\n`;
}
