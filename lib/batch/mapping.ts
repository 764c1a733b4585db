import * as z from "zod";
import { type ClassCode, FEATURES, type Feature, oneCase, table, words } from "../../tables/current";
import { plainNumber, provenSign } from "../number-text";
import { findFeature, plainName } from "../prediction/measurement-names";
import { isMissing, levelOf } from "../prediction/value";
import { fail, ok, type Result } from "../result";

/** Which column of a file is what: as it is proposed, and as a person may change it. */

/** How a file was divided into cells. Columns without a name are called "Column 1" and so on. */
export const fileShape = z.strictObject({
  format: z.enum(["csv", "json", "parquet"]),
  /** As it came, before what is packed or a spreadsheet was made into one of these. */
  cameAs: z.string().max(40),
  hasHeader: z.boolean(),
  /** Of CSV; empty for the others. */
  delimiter: z.string().max(1),
  columns: z.array(z.string()).min(1),
  /** The first rows, as texts. */
  firstRows: z.array(z.array(z.string())),
});
export type FileShape = z.infer<typeof fileShape>;

/** How many columns every line has: those at the end may have no name, where a file's lines end with a delimiter. */
export const namedWidth = ({ columns, hasHeader }: Pick<FileShape, "columns" | "hasHeader">) =>
  hasHeader ? columns.findLastIndex((name) => !/^Column \d+$/.test(name)) + 1 : columns.length;

const column = z.int().min(0);

/** Columns counted from 0. */
export const mapping = z
  .strictObject({
    /** The column of each measurement, in the table's order. */
    measurements: z.array(column).length(FEATURES.length),
    /** Holds what a person calls the case. */
    code: column.nullable(),
    /** Holds what is known of the case, and what that says for each class. It checks the answers; the model never sees it. */
    truth: z.strictObject({ column, positive: z.string().min(1), negative: z.string().min(1) }).nullable(),
    decimal: z.enum([".", ","]),
  })
  .refine(({ measurements }) => new Set(measurements).size === measurements.length, {
    message: `A column can be one ${table.nouns.value} only.`,
  });
export type Mapping = z.infer<typeof mapping>;

/** A proposal that may lack columns (null), and why; `left` are columns that are none of these. */
export type Proposal = {
  mapping: Omit<Mapping, "measurements"> & { measurements: (number | null)[] };
  problems: string[];
  left: number[];
};

const CODE_NAMES = new Set(["code", "casecode", "case", "caseid", "id", "sample", "sampleid", "specimen"]);
const TRUTH_NAMES = new Set([
  "diagnosis",
  "truth",
  "label",
  "class",
  "target",
  "outcome",
  plainName(table.label),
]);

const { positive, negative } = table.classes;
const wordsFor = (code: ClassCode) => [code, words.classes[code].word].map((word) => word.toLowerCase());
const [POSITIVE_WORDS, NEGATIVE_WORDS] = [wordsFor(positive), wordsFor(negative)];

/** Proposes what each column of a file is. */
export function proposeMapping(shape: FileShape): Proposal {
  const { columns, firstRows, hasHeader } = shape;
  const problems: string[] = [];
  const byPlace = hasHeader ? null : measurementsByPlace(firstRows, columns.length);
  const places = hasHeader ? measurementsByName(columns, problems) : (byPlace ?? []);
  const measurements = FEATURES.map((_, index) => places[index] ?? null);
  const missing = FEATURES.filter((_, index) => measurements[index] === null);
  if (!hasHeader && byPlace === null) {
    problems.push(
      `The file has no names, and its rows are not surely ${FEATURES.length} ${table.nouns.values} of one case in the table's order.`,
    );
  } else if (missing.length > 0) {
    const names = missing.slice(0, 5).map(({ label }) => label);
    const more = missing.length > 5 ? ` and ${missing.length - 5} more` : "";
    problems.push(`No column was found for ${names.join("; ")}${more}.`);
  }
  const taken = new Set(measurements);
  const others = columns.map((_, at) => at).filter((at) => !taken.has(at));
  const truth = others.map((at) => truthIn(shape, at)).find((found) => found !== null) ?? null;
  const code =
    others.find((at) => at !== truth?.column && CODE_NAMES.has(plainName(columns[at] ?? ""))) ?? null;
  const cells = firstRows.flatMap((row) =>
    measurements.flatMap((at, index) =>
      at === null || FEATURES[index]?.type !== "number" ? [] : (row[at] ?? ""),
    ),
  );
  return {
    mapping: { measurements, code, truth, decimal: provenSign(cells) ?? likelySign(cells) },
    problems,
    left: others.filter((at) => at !== code && at !== truth?.column),
  };
}

/** The whole mapping of a proposal; why it is none, where a measurement has no column. */
export function completeMapping({ mapping: proposed, problems }: Proposal): Result<Mapping, string> {
  const whole = mapping.safeParse(proposed);
  if (whole.success) return ok(whole.data);
  return fail(problems.join(" ") || (whole.error.issues[0]?.message ?? "The columns are not complete."));
}

function measurementsByName(columns: readonly string[], problems: string[]): (number | undefined)[] {
  return FEATURES.map((feature) => {
    const found = columns.flatMap((name, at) => (findFeature(name) === feature ? [at] : []));
    if (found.length > 1) {
      problems.push(`${feature.label} is named by ${found.length} columns; the first is taken.`);
    }
    return found[0];
  });
}

/** Where rows without names hold the measurements: the one place at which most of them can be one case. */
function measurementsByPlace(rows: readonly string[][], width: number): number[] | null {
  const fitting = Array.from({ length: Math.max(0, width - FEATURES.length + 1) }, (_, from) => {
    const isCase = (row: readonly string[]) => {
      const values = FEATURES.map((feature) => measured(feature, (row[from + feature.index] ?? "").trim()));
      if (values.some((value) => value === null)) return false;
      return !oneCase.isImpossible(
        Object.fromEntries(FEATURES.map(({ key, index }) => [key, values[index]])),
      );
    };
    return { from, count: rows.filter(isCase).length };
  }).filter(({ count }) => count * 2 > rows.length);
  const most = Math.max(0, ...fitting.map(({ count }) => count));
  const [best, ...others] = fitting.filter(({ count }) => count === most);
  return best !== undefined && others.length === 0 ? FEATURES.map(({ index }) => best.from + index) : null;
}

function measured(feature: Feature, text: string): number | null {
  const level = levelOf(feature, text);
  if (level !== null) return level;
  if (feature.mayMiss && isMissing(text)) return Number.NaN;
  return feature.type === "number" ? numberOf(text) : null;
}

function numberOf(text: string): number | null {
  const written = plainNumber(text, ".") ?? plainNumber(text, ",")?.replace(",", ".");
  return written === undefined || written === null ? null : Number(written);
}

/** A comma where it stands in most numbers that have a sign, and nothing proves it. */
function likelySign(cells: readonly string[]): Mapping["decimal"] {
  const count = (sign: string) => cells.filter((cell) => cell.includes(sign)).length;
  return count(",") > count(".") ? "," : ".";
}

/** The truth that a column holds; null where its cells are no class's words, or are those of one class and the name is another's. */
function truthIn({ columns, firstRows }: FileShape, at: number): Mapping["truth"] {
  const cells = firstRows.map((row) => (row[at] ?? "").trim()).filter((cell) => cell !== "");
  if (cells.length === 0) return null;
  const isWord = (cell: string, known: readonly string[]) => known.includes(cell.toLowerCase());
  const areWords = cells.every((cell) => isWord(cell, POSITIVE_WORDS) || isWord(cell, NEGATIVE_WORDS));
  if (!areWords) return null;
  const find = (known: readonly string[]) => cells.find((cell) => isWord(cell, known));
  const [one, other] = [find(POSITIVE_WORDS), find(NEGATIVE_WORDS)];
  const isNamed = TRUTH_NAMES.has(plainName(columns[at] ?? ""));
  if (!isNamed && (one === undefined || other === undefined)) return null;
  // The rows further down may hold the class that the first do not.
  const isCode = (cell: string) => cell.length === positive.length && cell.toUpperCase() === cell;
  const likeIt = (found: string | undefined, code: ClassCode) =>
    found === undefined || isCode(found) ? code : words.classes[code].word;
  return { column: at, positive: one ?? likeIt(other, positive), negative: other ?? likeIt(one, negative) };
}
