import "server-only";
import { Readable } from "node:stream";
import { CsvError, type InfoRecord, parse } from "csv-parse";
import { csvRecordReader, type ReadPrediction, readJsonLine } from "@/lib/exchange/prediction-file";
import { fail, type Result } from "@/lib/result";
import { MOST_WORKBOOK_BYTES, readWorkbook, WORKBOOK_TOO_LARGE } from "@/lib/server/workbook";

/** What a file says from one line on: a prediction, or why it is none. */
export type FileRecord = { line: number; prediction: Result<ReadPrediction, string> };

/** No record of ours comes near it; without a limit one quote that never closes would be read into memory whole. */
const MAX_RECORD_CHARACTERS = 1_000_000;
const TOO_LONG = `The record is longer than ${MAX_RECORD_CHARACTERS.toLocaleString("en")} characters.`;

/** Reads predictions from the bytes of a CSV, JSON lines or XLSX file, which it tells apart. Never throws for what is in it. */
export async function* readPredictions(given: AsyncIterable<Uint8Array>): AsyncGenerator<FileRecord, void> {
  const { isZip, bytes } = await beginning(given);
  if (isZip) {
    yield* readSheetOf(bytes);
    return;
  }
  const broken = { reason: null as string | null };
  const texts = decode(bytes, broken);
  const first = await firstText(texts);
  if (first.trimStart().startsWith("[")) {
    const reason =
      "This is a JSON array. Save it as JSON lines: one object on each line, and no brackets around them.";
    yield { line: 1, prediction: fail(reason) };
    return;
  }
  const all = startWith(first, texts);
  let line = 1;
  const isJson = first.trimStart().startsWith("{");
  for await (const record of isJson ? readJsonLines(all) : readCsv(all, separatorOf(first))) {
    line = record.line;
    yield record;
  }
  if (broken.reason !== null) yield { line, prediction: fail(broken.reason) };
}

/** Whether a file begins as an archive does, which XLSX is, and all its bytes. */
async function beginning(given: AsyncIterable<Uint8Array>) {
  const source = given[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let length = 0;
  while (length < ZIP.length) {
    const { done, value } = await source.next();
    if (done === true) break;
    first.push(value);
    length += value.length;
  }
  const start = Buffer.concat(first);
  async function* bytes() {
    yield start;
    yield* { [Symbol.asyncIterator]: () => source };
  }
  return { isZip: start.subarray(0, ZIP.length).equals(ZIP), bytes: bytes() };
}

const ZIP = Buffer.from("PK\u0003\u0004");

/** The first sheet of a workbook. */
async function* readSheetOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<FileRecord, void> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of bytes) {
    length += piece.length;
    if (length > MOST_WORKBOOK_BYTES) {
      yield { line: 1, prediction: fail(WORKBOOK_TOO_LARGE) };
      return;
    }
    pieces.push(piece);
  }
  const rows = await readWorkbook(Buffer.concat(pieces));
  if (!rows.ok) {
    yield { line: 1, prediction: rows };
    return;
  }
  const [head = [], ...records] = rows.value;
  const read = csvRecordReader(head);
  if (!read.ok) {
    yield { line: 1, prediction: read };
    return;
  }
  for (const [index, record] of records.entries()) {
    if (record.some((cell) => cell.trim() !== "")) yield { line: index + 2, prediction: read.value(record) };
  }
}

/** The text of UTF-8 bytes without a byte order mark; it ends where they are not UTF-8, and says so in `broken`. */
async function* decode(bytes: AsyncIterable<Uint8Array>, broken: { reason: string | null }) {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const read = (chunk?: Uint8Array) => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      broken.reason = "From here on the file is not UTF-8 text, and was not read. Save it as UTF-8.";
      return "";
    }
  };
  for await (const chunk of bytes) {
    const text = read(chunk);
    if (broken.reason !== null) return;
    if (text !== "") yield text;
  }
  const text = read();
  if (text !== "") yield text;
}

/** The text up to the end of the first line that is not blank, as far as it comes, and without blank lines in front. */
async function firstText(texts: AsyncIterator<string, unknown>): Promise<string> {
  let first = "";
  for (;;) {
    const { done, value } = await texts.next();
    if (done === true || typeof value !== "string") return first;
    // Blank lines in front would be a header without names.
    first = first === "" ? value.trimStart() : first + value;
    if (/[\r\n]/.test(first) || first.length > MAX_RECORD_CHARACTERS) return first;
  }
}

/** What stands between the names of the first line: a spreadsheet writes what its country does. */
function separatorOf(text: string): string {
  const [line = ""] = text.split(/[\r\n]/, 1);
  const counts = [",", ";", "\t"].map((sign) => ({ sign, count: line.split(sign).length }));
  return counts.toSorted((a, b) => b.count - a.count)[0]?.sign ?? ",";
}

async function* startWith(first: string, rest: AsyncIterable<string>): AsyncGenerator<string, void> {
  if (first !== "") yield first;
  yield* rest;
}

async function* readJsonLines(texts: AsyncIterable<string>): AsyncGenerator<FileRecord, void> {
  let line = 0;
  let kept = "";
  let tooLong = false;
  const take = (text: string): FileRecord | null => {
    line++;
    const whole = kept + text;
    const skipped = tooLong;
    kept = "";
    tooLong = false;
    if (skipped) return { line, prediction: fail(TOO_LONG) };
    return whole.trim() === "" ? null : { line, prediction: readJsonLine(whole) };
  };
  for await (const text of texts) {
    // Not by readline, which also ends lines at U+2028, which JSON leaves as it is.
    const parts = text.split("\n");
    const last = parts.pop() ?? "";
    for (const part of parts) {
      const record = take(part);
      if (record !== null) yield record;
    }
    tooLong ||= kept.length + last.length > MAX_RECORD_CHARACTERS;
    kept = tooLong ? "" : kept + last;
  }
  const record = take("");
  if (record !== null) yield record;
}

async function* readCsv(texts: AsyncIterable<string>, delimiter: string): AsyncGenerator<FileRecord, void> {
  const skipped: FileRecord[] = [];
  const parser = parse({
    info: true,
    delimiter,
    record_delimiter: ["\r\n", "\n", "\r"],
    relax_column_count: true,
    // A stray quote spoils its own record, or is part of its text; strictly read, it would spoil those after it too.
    relax_quotes: true,
    skip_records_with_error: true,
    max_record_size: MAX_RECORD_CHARACTERS,
  });
  parser.on("skip", (error: CsvError | undefined) => {
    skipped.push({ line: Math.max(1, Number(error?.lines ?? 1)), prediction: fail(explain(error)) });
  });
  let read: ((cells: readonly string[]) => Result<ReadPrediction, string>) | null = null;
  let line = 1;
  try {
    for await (const { record, info } of Readable.from(texts).compose(parser) as AsyncIterable<CsvRecord>) {
      yield* skipped.splice(0);
      const begins = line;
      line = info.lines + 1;
      if (read === null) {
        const header = csvRecordReader(record);
        if (!header.ok) {
          yield { line: begins, prediction: header };
          return;
        }
        read = header.value;
        // Spreadsheets end a file with lines of empty cells.
      } else if (record.some((cell) => cell.trim() !== "")) {
        yield { line: begins, prediction: read(record) };
      }
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    yield { line, prediction: fail(`${explain(error)} The file was not read further.`) };
  }
  // What is left over is a quote that never closed, which the parser names by its end.
  for (const { prediction } of skipped) yield { line, prediction };
}

type CsvRecord = { record: string[]; info: InfoRecord };

/** Why csv-parse refused a record; its own message quotes the file. */
function explain(error: CsvError | undefined): string {
  if (error?.code === "CSV_MAX_RECORD_SIZE") return TOO_LONG;
  return "A quote that opens in this record is not closed.";
}
