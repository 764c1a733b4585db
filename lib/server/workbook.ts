import "server-only";
import { type CellValue, readSheet } from "read-excel-file/node";
import { fail, ok, type Result } from "@/lib/result";

/** A workbook is read into memory whole, and is several times as large there. */
export const MOST_WORKBOOK_BYTES = 20_000_000;
export const WORKBOOK_TOO_LARGE = `A workbook can have ${MOST_WORKBOOK_BYTES / 1e6} MB. Save it as CSV, which can have any size.`;

/** The cells of a workbook's first sheet as texts, its numbers as doubles whatever the country; else a sentence for a person. */
export async function readWorkbook(bytes: Buffer): Promise<Result<string[][], string>> {
  const rows = await readSheet(bytes).catch(() => null);
  if (rows === null) return fail("This is no XLSX file that can be read. Save it as CSV.");
  return ok(rows.map((row) => row.map(textOfCell)));
}

function textOfCell(value: CellValue | null): string {
  if (value === null) return "";
  // A day that a person typed; times are text, as we write them.
  return value instanceof Date ? value.toISOString().slice(0, 10) : String(value);
}
