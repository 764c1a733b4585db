import * as z from "zod";
import { fail, ok, type Result } from "../result";
import { CSV_SEPARATORS, FILE_FORMATS, type FileOptions } from "./prediction-file";

/** Ids that an address can name; more do not fit. */
const MAX_IDS = 100;

/** What an export's address says of the file; which predictions it holds, if they are named one by one. */
export type ExportQuery = FileOptions & { ids: readonly string[] | null };

const parameters = z.object({
  format: z.enum(FILE_FORMATS).default("csv"),
  bom: z.enum(["0", "1"]).default("0"),
  separator: z.enum(Object.keys(CSV_SEPARATORS) as (keyof typeof CSV_SEPARATORS)[]).default("comma"),
  ids: z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(z.uuid()).max(MAX_IDS))
    .optional(),
});

const ALLOWED: Record<keyof z.infer<typeof parameters>, string> = {
  format: FILE_FORMATS.join(" or "),
  bom: "1 or 0",
  separator: Object.keys(CSV_SEPARATORS).join(" or "),
  ids: `up to ${MAX_IDS} predictions' ids, separated by commas`,
};

/** What is read here; all other parameters are the history's own. */
export const EXPORT_PARAMETERS = Object.keys(ALLOWED) as (keyof typeof ALLOWED)[];

/** Reads what an export's address says of the file; the error is a sentence that names the bad parameter. */
export function parseExportQuery(search: URLSearchParams): Result<ExportQuery, string> {
  const repeated = EXPORT_PARAMETERS.find((name) => search.getAll(name).length > 1);
  if (repeated !== undefined) return fail(`"${repeated}" is in the address more than once.`);
  const parsed = parameters.safeParse(Object.fromEntries(search));
  if (!parsed.success) {
    const name = parsed.error.issues[0]?.path[0] as keyof typeof ALLOWED;
    return fail(`"${name}" has to be ${ALLOWED[name]}.`);
  }
  const { format, bom, separator, ids } = parsed.data;
  return ok({ format, bom: bom === "1", separator, ids: ids ?? null });
}
