import * as z from "zod";
import { FEATURE_KEYS, FEATURES, type Feature, type FeatureKey } from "../../tables/current";
import {
  AS_NUMBERS,
  addsUp,
  agrees,
  cautions,
  contributions,
  diagnosis,
  label,
  probability,
  SOURCES,
  typicality,
  wantedOf,
} from "../contract";
import { below, type DecimalSign, parseDecimal, plainNumber, provenSign } from "../number-text";
import { readCautions } from "../prediction/cautions";
import { FILE_COLUMNS, type FileColumn, LONGEST } from "../prediction/columns";
import { findFeature } from "../prediction/measurement-names";
import { parseMeasurement } from "../prediction/measurement-text";
import { cellText, holdsValue, levelOf, readWireValue, type WireValue, wireValue } from "../prediction/value";
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
  ...FEATURES.flatMap(({ key, type }) => (type === "number" ? [key] : [])),
]);

/**
 * One saved prediction as it is written: `measurements` in the dataset's order, null or NaN where one is not known,
 * `contributions` and `typicality` as JSON.
 */
export type WrittenPrediction = {
  facts: Record<FileColumn, string | number | null>;
  measurements: readonly (number | null)[];
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

/** What stands between the cells of CSV: by RFC 4180, or as spreadsheets have it where the decimal sign is a comma. */
export const CSV_SEPARATORS = { comma: ",", semicolon: ";" } as const;

/** `bom`: whether CSV begins with the mark that Excel knows UTF-8 by. With semicolons, numbers have a decimal comma. */
export type FileOptions = { format: FileFormat; bom: boolean; separator: keyof typeof CSV_SEPARATORS };

export const writerOf = ({ format, bom, separator }: FileOptions): FileWriter =>
  format === "csv" ? csvWriter(bom, CSV_SEPARATORS[separator]) : jsonLinesWriter();

/** Writes CSV, texts guarded against being run as formulas. */
function csvWriter(bom: boolean, separator: "," | ";"): FileWriter {
  // JSON writes the numbers of an array as CSV does, and faster than anything else.
  const numbers = (values: readonly (number | null)[]) => {
    const text = JSON.stringify(values).slice(1, -1);
    return separator === "," ? text : text.replaceAll(",", ";").replaceAll(".", ",");
  };
  const cell = (feature: Feature, value: number) => {
    if (feature.type !== "number") return csvCell(guardFormula(cellText(feature, value)));
    return Number.isNaN(value) ? "" : numbers([value]);
  };
  const cells = (values: readonly (number | null)[]) =>
    FEATURES.map((feature) => cell(feature, values[feature.index] ?? Number.NaN)).join(separator);
  return {
    contentType: "text/csv; charset=utf-8",
    needsDetail: false,
    head: `${bom ? "\uFEFF" : ""}${[...FACTS, ...FEATURE_KEYS].join(separator)}\r\n`,
    line: ({ facts, measurements }) => {
      let text = "";
      for (const column of FACTS) {
        const value = facts[column];
        if (typeof value === "string") text += csvCell(guardFormula(value));
        else if (value !== null) text += numbers([value]);
        text += separator;
      }
      return [text, AS_NUMBERS ? numbers(measurements) : cells(measurements), "\r\n"];
    },
  };
}

/** Writes one JSON object a line, with all that is kept of a prediction. */
function jsonLinesWriter(): FileWriter {
  // Filled anew for each line: JSON writes an object's numbers faster than a template does.
  const named: Partial<Record<FeatureKey, WireValue>> = {};
  return {
    contentType: "application/jsonl; charset=utf-8",
    needsDetail: true,
    head: "",
    line: ({ facts, measurements, contributions, typicality }) => {
      for (const feature of FEATURES) {
        const value = measurements[feature.index] ?? Number.NaN;
        named[feature.key] = AS_NUMBERS ? value : wireValue(feature, value);
      }
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

/** A text that both databases can hold. */
const text = (max: number) =>
  z
    .string({ error: "has to be text" })
    .refine((value) => value.length <= max, `is longer than ${max.toLocaleString("en")} characters`)
    .refine((value) => !/[\0\p{Surrogate}]/u.test(value), "has characters that cannot be kept");
const filledText = (max: number) => text(max).refine((value) => value !== "", "is empty");

const optional = <T extends z.ZodType>(schema: T) => schema.nullable().default(null);
const number = (least: number) => z.number("has to be a number").min(least, `cannot be ${below(least)}`);

/** A measurement as the wire has it, or as a cell was read; a number for programs. */
const measurement = (feature: Feature): z.ZodType<number> =>
  feature.type === "number" && !feature.mayMiss
    ? number(feature.least)
    : z.unknown().transform((wire, context) => {
        const value = readWireValue(feature, wire);
        if (value !== undefined && holdsValue(feature, value)) return value;
        context.addIssue({ code: "custom", message: `has to be ${wantedOf(feature)}` });
        return z.NEVER;
      });

/** As spreadsheets write it where the decimal sign is a comma; with slashes it would be another day elsewhere. */
const POINTED_DAY = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/;
const isoDay = (_: string, day: string, month: string, year: string) =>
  `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;

const facts = {
  id: z.uuid("has to be a UUID").toLowerCase(),
  created_at: z.iso
    .datetime({ offset: true, error: "has to be a time such as 2026-01-31T12:00:00.000Z" })
    .transform((value) => new Date(value))
    // What an id can tell, by which predictions are kept in order.
    .refine(
      (time) => time.getTime() >= 0 && time.getUTCFullYear() <= 9999,
      "has to be in the years 1970 to 9999",
    ),
  source: z.enum(SOURCES, { error: `has to be one of ${SOURCES.join(", ")}` }),
  diagnosis,
  label: optional(label),
  cautions: optional(
    text(500).refine(
      (codes) => cautions.safeParse(readCautions(codes)).success,
      "has to be codes with a space between them",
    ),
  ),
  probability,
  threshold: optional(probability),
  base: optional(z.number()),
  model_name: filledText(100),
  model_version: filledText(100),
  model_hash: optional(text(100)),
  uncertain_level: optional(probability),
  uncertain_from: optional(probability),
  uncertain_to: optional(probability),
  backend: filledText(300),
  latency_ms: number(0),
  outcome: optional(diagnosis),
  outcome_on: optional(
    z
      .preprocess(
        (given) => (typeof given === "string" ? given.replace(POINTED_DAY, isoDay) : given),
        z.iso.date("has to be a day such as 2026-01-31 or 31.01.2026"),
      )
      .transform((value) => new Date(`${value}T00:00:00.000Z`)),
  ),
  case_code: optional(
    text(LONGEST.case_code).refine((code) => !/\p{Cc}/u.test(code), "has to be on one line"),
  ),
  note: optional(text(LONGEST.note)),
} satisfies Record<FileColumn, z.ZodType>;

const fields = z.object({
  ...facts,
  contributions: optional(contributions),
  typicality: optional(typicality),
  ...(Object.fromEntries(FEATURES.map((feature) => [feature.key, measurement(feature)])) as Record<
    FeatureKey,
    z.ZodType<number>
  >),
});

/** What a person may have changed in a file; an outcome only together with its day. */
const EDITABLE = {
  outcome: ["outcome", "outcome_on"],
  case_code: ["case_code"],
  note: ["note"],
} satisfies Partial<Record<FileColumn, FileColumn[]>>;
export type Editable = keyof typeof EDITABLE;

/** One prediction that a file tells of, as it can be saved; `editable` is what of it the file has a place for. */
export type ReadPrediction = z.infer<typeof fields> & { editable: readonly Editable[] };

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
  const has = (name: string) => typeof record === "object" && record !== null && Object.hasOwn(record, name);
  const editable = (Object.keys(EDITABLE) as Editable[]).filter((name) => EDITABLE[name].every(has));
  return ok({ ...parsed.data, editable });
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
const TEXTS_AS_WRITTEN: readonly string[] = ["case_code", "note"] satisfies FileColumn[];
/** Earlier files could have a contribution for each measurement. */
const CONTRIBUTION_NAMES = FEATURE_KEYS.map((key) => `contribution_${key}`);

/**
 * Reads CSV records by a header that has our names of the facts and any known ones of the measurements, in any order; columns
 * it does not know are left out. Numbers may have a decimal comma where other numbers of the record prove it.
 */
export function csvRecordReader(
  header: readonly string[],
): Result<(cells: readonly string[]) => Result<ReadPrediction, string>, string> {
  const columns = header.map((name) =>
    Object.hasOwn(facts, name.trim()) ? name.trim() : (findFeature(name)?.key ?? name.trim()),
  );
  const missing = REQUIRED.filter((name) => !columns.includes(name));
  if (missing.length > 0) {
    const named =
      missing.slice(0, 5).join(", ") + (missing.length > 5 ? ` and ${missing.length - 5} more` : "");
    return fail(`The first line has to name the columns. Missing: ${named}.`);
  }
  const isField = (name: string) => Object.hasOwn(fields.shape, name);
  const known = columns.filter((name) => isField(name) || CONTRIBUTION_NAMES.includes(name));
  const twice = known.find((name, index) => known.indexOf(name) !== index);
  if (twice !== undefined) return fail(`The column ${twice} is there more than once.`);
  const places = columns.flatMap((name, index) =>
    isField(name) && name !== "contributions" && name !== "typicality"
      ? [{ name, index, isNumber: NUMBERS.has(name), feature: findFeature(name) }]
      : [],
  );
  const numbers = places.filter(({ isNumber }) => isNumber);
  const contributionPlaces = CONTRIBUTION_NAMES.map((name) => columns.indexOf(name));
  const hasContributions = contributionPlaces.every((place) => place >= 0);
  return ok((cells) => {
    if (cells.length !== header.length) {
      return fail(`The line has ${cells.length} cells where the first line has ${header.length}.`);
    }
    const record: Record<string, unknown> = {};
    for (const { name, index, isNumber, feature } of places) {
      const cell = cells[index] ?? "";
      if (cell === "") record[name] = null;
      else if (isNumber) record[name] = parseDecimal(cell);
      else if (feature !== undefined) record[name] = readLevel(unguardFormula(cell), feature);
      else
        record[name] = TEXTS_AS_WRITTEN.includes(name) ? unguardFormula(cell) : unguardFormula(cell).trim();
    }
    // A decimal comma, or thousands set apart.
    const isOdd = numbers.some(({ name, index }) => record[name] === null && cells[index] !== "");
    const sign = isOdd ? provenSign(numbers.map(({ index }) => cells[index] ?? "")) : ".";
    if (isOdd) {
      for (const { name, index, feature } of numbers) {
        const cell = cells[index] ?? "";
        if (cell !== "") record[name] = readNumber(cell, sign, feature);
      }
    }
    if (hasContributions) {
      const terms = contributionPlaces.map((place) => cells[place] ?? "");
      const isNone = terms.every((term) => term === "");
      record.contributions = isNone
        ? null
        : terms.map((term) => parseDecimal(term) ?? readNumber(term, sign));
    }
    return parseRecord(record);
  });
}

/** What the wire has of a level's cell; the text where it names none. */
function readLevel(cell: string, feature: Feature): WireValue {
  const level = levelOf(feature, cell);
  return level === null ? cell : wireValue(feature, level);
}

/** A number as a spreadsheet writes it; the text where it is none, or could be another. */
function readNumber(cell: string, sign: DecimalSign | null, feature?: Feature): number | string {
  if (sign === null) return cell;
  if (feature !== undefined) {
    const measured = parseMeasurement(cell, feature, sign);
    return measured.ok ? measured.value : cell;
  }
  return Number(plainNumber(cell, sign) ?? Number.NaN);
}
