import * as z from "zod";
import { FEATURE_KEYS, FEATURES, type FeatureKey } from "../../tables/current";
import {
  addsUp,
  agrees,
  contributions,
  diagnosis,
  label,
  probability,
  SOURCES,
  typicality,
} from "../contract";
import { below, parseDecimal } from "../number-text";
import { FILE_COLUMNS, type FileColumn } from "../prediction/columns";
import { fail, ok, type Result } from "../result";
import { csvCell, guardFormula, unguardFormula } from "./spreadsheet-text";

/**
 * Saved predictions as a file: CSV for spreadsheets, JSON lines for all there is to a prediction. Every number is
 * JavaScript's shortest text that reads back as the same number.
 */

export const FILE_FORMATS = ["csv", "jsonl"] as const;
type FileFormat = (typeof FILE_FORMATS)[number];

/** What a file says of a prediction beside its measurements, in the file's order. */
const FACTS = FILE_COLUMNS.map(({ name }) => name);
const NUMBERS = new Set<string>([
  ...FILE_COLUMNS.flatMap(({ name, kind }) => (kind === "number" ? [name] : [])),
  ...FEATURE_KEYS,
]);

/** One saved prediction as it is written: `measurements` in the dataset's order, `contributions` and `typicality` as JSON. */
export type WrittenPrediction = {
  facts: Record<FileColumn, string | number | null>;
  measurements: readonly number[];
  contributions: string | null;
  typicality: string | null;
};

/**
 * How a file is written: what stands before the first prediction, and each prediction's line, in parts to be written one
 * after the other: two kilobytes put together would be copied once more.
 */
export type FileWriter = {
  contentType: string;
  needsDetail: boolean;
  head: string;
  line: (prediction: WrittenPrediction) => string[];
};

/** `bom`: whether CSV begins with the mark that Excel knows UTF-8 by. */
export type FileOptions = { format: FileFormat; bom: boolean };

export const writerOf = ({ format, bom }: FileOptions): FileWriter =>
  format === "csv" ? csvWriter(bom) : jsonLinesWriter();

/** Writes CSV by RFC 4180, texts guarded against being run as formulas. */
function csvWriter(bom: boolean): FileWriter {
  return {
    contentType: "text/csv; charset=utf-8",
    needsDetail: false,
    head: `${bom ? "\uFEFF" : ""}${[...FACTS, ...FEATURE_KEYS].join(",")}\r\n`,
    line: ({ facts, measurements }) => {
      let text = "";
      for (const column of FACTS) {
        const value = facts[column];
        text += typeof value === "string" ? `${csvCell(guardFormula(value))},` : `${value ?? ""},`;
      }
      // JSON writes the numbers of an array as CSV does, and faster than anything else.
      return [text, JSON.stringify(measurements).slice(1, -1), "\r\n"];
    },
  };
}

/** Writes one JSON object a line, with all that is kept of a prediction. */
function jsonLinesWriter(): FileWriter {
  // Filled anew for each line: JSON writes an object's numbers faster than a template does.
  const named: Partial<Record<FeatureKey, number>> = {};
  return {
    contentType: "application/jsonl; charset=utf-8",
    needsDetail: true,
    head: "",
    line: ({ facts, measurements, contributions, typicality }) => {
      for (const [index, key] of FEATURE_KEYS.entries()) named[key] = measurements[index] as number;
      return [
        JSON.stringify(facts).slice(0, -1),
        `,${JSON.stringify(named).slice(1, -1)},"contributions":`,
        contributions ?? "null",
        ',"typicality":',
        typicality ?? "null",
        "}\n",
      ];
    },
  };
}

const MAX_NOTE = 20_000;

/** A text that both databases can hold. */
const text = (max: number) =>
  z
    .string({ error: "has to be text" })
    .max(max, `is longer than ${max} characters`)
    .refine((value) => !/[\0\p{Surrogate}]/u.test(value), "has characters that cannot be kept");

const optional = <T extends z.ZodType>(schema: T) => schema.nullable().default(null);
const number = (least: number) => z.number("has to be a number").min(least, `cannot be ${below(least)}`);

const facts = {
  id: z.uuid("has to be a UUID").toLowerCase(),
  created_at: z.iso
    .datetime({ offset: true, error: "has to be a time such as 2026-01-31T12:00:00.000Z" })
    .transform((value) => new Date(value)),
  source: z.enum(SOURCES, { error: `has to be one of ${SOURCES.join(", ")}` }),
  diagnosis,
  label: optional(label),
  probability,
  threshold: optional(probability),
  base: optional(z.number()),
  model_name: text(100).min(1, "is empty"),
  model_version: text(100).min(1, "is empty"),
  model_hash: optional(text(100)),
  uncertain_level: optional(probability),
  uncertain_from: optional(probability),
  uncertain_to: optional(probability),
  backend: text(300).min(1, "is empty"),
  latency_ms: number(0),
  outcome: optional(diagnosis),
  outcome_on: optional(
    z.iso.date("has to be a day such as 2026-01-31").transform((value) => new Date(`${value}T00:00:00.000Z`)),
  ),
  case_code: optional(text(200)),
  note: optional(text(MAX_NOTE)),
} satisfies Record<FileColumn, z.ZodType>;

const fields = z.object({
  ...facts,
  contributions: optional(contributions),
  typicality: optional(typicality),
  ...(Object.fromEntries(FEATURES.map(({ key, least }) => [key, number(least)])) as Record<
    FeatureKey,
    ReturnType<typeof number>
  >),
});

/** One prediction that a file tells of, as it can be saved. */
export type ReadPrediction = z.infer<typeof fields>;

/** Parses one record; the error is a sentence for whoever made the file, and quotes nothing of it. */
function parseRecord(record: unknown): Result<ReadPrediction, string> {
  const parsed = fields.safeParse(record);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const place = issue?.path.join(".") ?? "";
    if (place === "") return fail("The line is not a record.");
    return fail(`${place} ${explainIssue(issue?.message ?? "")}.`);
  }
  const { threshold } = parsed.data;
  if (!agrees([parsed.data], threshold)) {
    return fail("The diagnosis contradicts the label, or the probability and the threshold.");
  }
  if (!addsUp(parsed.data)) return fail("The probability is not what its base and contributions give.");
  return ok(parsed.data);
}

/** Our own sentences end without a full stop; what zod says of the rest is "Invalid …". */
const explainIssue = (message: string) =>
  message.startsWith("Invalid") ? "has a value that is not allowed" : message;

/** Reads one line of JSON. */
export function readJsonLine(line: string): Result<ReadPrediction, string> {
  try {
    return parseRecord(JSON.parse(line));
  } catch {
    return fail("The line is not JSON.");
  }
}

const REQUIRED: readonly string[] = [
  ...["id", "created_at", "source", "diagnosis", "probability"],
  ...["model_name", "model_version", "backend", "latency_ms"],
  ...FEATURE_KEYS,
];
const OWN_NAMES = new Map<string, string>(FEATURES.map(({ alias, key }) => [alias, key]));
/** Earlier files could have a contribution for each measurement. */
const CONTRIBUTION_NAMES = FEATURE_KEYS.map((key) => `contribution_${key}`);

/** Reads CSV records by a header that has either set of names in any order; columns it does not know are left out. */
export function csvRecordReader(
  header: readonly string[],
): Result<(cells: readonly string[]) => Result<ReadPrediction, string>, string> {
  const columns = header.map((name) => OWN_NAMES.get(name.trim()) ?? name.trim());
  const missing = REQUIRED.filter((name) => !columns.includes(name));
  if (missing.length > 0) {
    const named =
      missing.slice(0, 5).join(", ") + (missing.length > 5 ? ` and ${missing.length - 5} more` : "");
    return fail(`The first line has to name the columns. Missing: ${named}.`);
  }
  const known = columns.filter((name) => name in fields.shape || CONTRIBUTION_NAMES.includes(name));
  const twice = known.find((name, index) => known.indexOf(name) !== index);
  if (twice !== undefined) return fail(`The column ${twice} is there more than once.`);
  const places = columns.flatMap((name, index) =>
    name in fields.shape && name !== "contributions" && name !== "typicality"
      ? [{ name, index, isNumber: NUMBERS.has(name) }]
      : [],
  );
  const contributionPlaces = CONTRIBUTION_NAMES.map((name) => columns.indexOf(name));
  const hasContributions = contributionPlaces.every((place) => place >= 0);
  return ok((cells) => {
    if (cells.length !== header.length) {
      return fail(`The line has ${cells.length} cells where the first line has ${header.length}.`);
    }
    const record: Record<string, unknown> = {};
    for (const { name, index, isNumber } of places) {
      const cell = cells[index] ?? "";
      if (cell === "") record[name] = null;
      else record[name] = isNumber ? (parseDecimal(cell) ?? cell) : unguardFormula(cell);
    }
    if (hasContributions) {
      const numbers = contributionPlaces.map((place) => parseDecimal(cells[place] ?? ""));
      record.contributions = numbers.every((number) => number === null) ? null : numbers;
    }
    return parseRecord(record);
  });
}
