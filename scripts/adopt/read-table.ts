import { parse } from "csv-parse/sync";
import { fail, ok, type Result } from "../../lib/result";

/** A file of rows: its header line, and cells as texts without the spaces around them; "" where a value is missing. */
export type RawTable = {
  headers: string[];
  rows: string[][];
  /** Whether numbers are written as "1,5". */
  hasDecimalComma: boolean;
};

/** What programs write for a value that is missing. */
const MISSING = new Set(["na", "n/a", "nan", "null", "?", "."]);

/** Reads CSV with commas, semicolons or tabs between its cells. An error is a sentence that says what to do. */
export function readTable(bytes: Uint8Array): Result<RawTable, string> {
  if (bytes.subarray(0, 4).join() === "80,75,3,4")
    return fail("The file is a workbook or a ZIP archive. Save the sheet as “CSV UTF-8” and try again.");
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (text.includes("\0")) throw new TypeError("no text has this character");
  } catch {
    return fail("The file is not text in UTF-8. Save it as “CSV UTF-8” and try again.");
  }
  const separator = separatorOf(text.slice(0, text.search(/[\r\n]|$/)));
  let lines: string[][];
  try {
    lines = parse(text, {
      delimiter: separator,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
    });
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return fail(`The file cannot be read as CSV: ${said}. Correct that line and try again.`);
  }
  const [headers = [], ...rows] = lines;
  if (rows.length === 0)
    return fail("The file has no rows below its first line. The first line has to name the columns.");
  const unnamed = headers.indexOf("");
  if (unnamed >= 0)
    return fail(`Column ${unnamed + 1} has no header. Name it in the first line of the file.`);
  const repeated = headers.find((header, at) => headers.indexOf(header) !== at);
  if (repeated !== undefined)
    return fail(`Two columns have the header "${repeated}". Rename or remove one of them.`);
  const uneven = rows.findIndex(({ length }) => length !== headers.length);
  if (uneven >= 0) {
    return fail(
      `Row ${uneven + 1} has ${rows[uneven]?.length} cells, the header line ${headers.length}. Correct the row; a cell with a separator in it needs quotes.`,
    );
  }
  const cells = rows.map((row) => row.map((cell) => (MISSING.has(cell.toLowerCase()) ? "" : cell)));
  return ok({ headers, rows: cells, hasDecimalComma: separator !== "," && hasMoreCommas(cells) });
}

/** What stands most often in the header line, outside quotes. */
function separatorOf(line: string): string {
  const bare = line.replace(/"[^"]*"/g, "");
  const count = (sign: string) => bare.split(sign).length;
  return ["\t", ";", ","].reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}

function hasMoreCommas(rows: readonly string[][]): boolean {
  let balance = 0;
  for (const row of rows) {
    for (const cell of row) {
      if (/^[+-]?\d+,\d+$/.test(cell)) balance++;
      else if (/^[+-]?\d+\.\d+$/.test(cell)) balance--;
    }
  }
  return balance > 0;
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const AS_IN_FILES = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** A cell's number as data.csv has it, with the digits of the file; null where it is none. */
export function numberText(cell: string, hasDecimalComma: boolean): string | null {
  const text = hasDecimalComma ? cell.replace(",", ".") : cell;
  if (!NUMBER.test(text) || !Number.isFinite(Number(text))) return null;
  return AS_IN_FILES.test(text) ? text : String(Number(text));
}
