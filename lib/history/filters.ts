import * as z from "zod";
import { FEATURE_KEYS, FEATURES, type FeatureKey } from "../../tables/current";
import { type Label, LEAST_VALUE, label, SOURCES, type Source } from "../contract";
import { parseDecimal, parseNumberText } from "../number-text";
import { CAUTION_CHOICES } from "../prediction/cautions";
import { answerOf } from "../prediction/words";

/** What the history can be narrowed to, as its address says it. */

export const OUTCOME_FILTERS = ["known", "unknown", "disagrees"] as const;
type OutcomeFilter = (typeof OUTCOME_FILTERS)[number];

/** Both ends belong to it; null is open. */
export type Range = { min: number | null; max: number | null };

export const CAUTION_FILTERS = ["any", "none", ...CAUTION_CHOICES.map(({ code }) => code)];
type CautionFilter = (typeof CAUTION_FILTERS)[number];

export type HistoryFilters = {
  /** Days in UTC, "2026-11-24", both included. */
  from: string | null;
  to: string | null;
  labels: readonly Label[];
  probability: Range | null;
  sources: readonly Source[];
  model: string | null;
  outcome: OutcomeFilter | null;
  /** A caution's code, or whether there is any. */
  caution: CautionFilter | null;
  measurements: readonly ({ key: FeatureKey } & Range)[];
  /** Somewhere in case code or note, whatever its case. */
  text: string | null;
};

export const NO_FILTERS: HistoryFilters = {
  from: null,
  to: null,
  labels: [],
  probability: null,
  sources: [],
  model: null,
  outcome: null,
  caution: null,
  measurements: [],
  text: null,
};

/** An answer as an address says it: by its word. */
const wordOf = (one: Label) => answerOf(one).word;

export const MAX_TEXT = 100;

const quote = (input: unknown) => `"${String(input).slice(0, 40)}"`;

/** What to say of a parameter: that it is repeated, or that its value is not among `allowed`. */
export const explain =
  (name: string, allowed: string) =>
  ({ input }: { input?: unknown }) =>
    Array.isArray(input)
      ? `"${name}" is in the address more than once.`
      : `"${name}" cannot be ${quote(input)}. ${allowed}`;

/** An optional field; empty means not set. */
const given = <T>(name: string, schema: z.ZodType<T, string>) =>
  z
    .string({ error: explain(name, "") })
    // No database keeps this one, or takes it in a question.
    .refine((text) => !text.includes("\0"), `"${name}" cannot be read.`)
    .transform((text, context): T | undefined => {
      if (text.trim() === "") return undefined;
      const read = schema.safeParse(text.trim());
      if (read.success) return read.data;
      context.addIssue({
        code: "custom",
        message: read.error.issues[0]?.message ?? `"${name}" cannot be read.`,
      });
      return z.NEVER;
    })
    .optional();

function parsed<T>(name: string, allowed: string, parse: (text: string) => T | null): z.ZodType<T, string> {
  return z.string().transform((text, context): T => {
    const value = parse(text);
    if (value !== null) return value;
    context.addIssue({ code: "custom", message: explain(name, allowed)({ input: text }) });
    return z.NEVER;
  });
}

const day = (name: string) =>
  parsed(name, "It is a day, such as 2026-11-24.", (text) =>
    /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text)
      ? text
      : null,
  );

/** As a person types it, with a decimal comma too; null where it is no number of `least` or more. */
const typedNumber = (text: string, least: number) => {
  const read = parseNumberText(text, least);
  return read.ok ? read.value : null;
};

const share = (name: string) =>
  parsed(name, "It is a number from 0 to 1.", (text) => {
    const value = typedNumber(text, 0);
    return value !== null && value <= 1 ? value : null;
  });

const size = (name: string) =>
  parsed(name, `It is a number, ${LEAST_VALUE} or more.`, (text) => typedNumber(text, LEAST_VALUE));

/** "10..20", "10..", "..20" */
function parseRange(text: string, least: number): Range | null {
  const ends = text.split("..");
  if (ends.length !== 2) return null;
  const [min, max] = ends.map((end) => (end === "" ? null : (parseDecimal(end) ?? Number.NaN))) as [
    number | null,
    number | null,
  ];
  const isEnd = (end: number | null) => end === null || end >= least;
  if (!isEnd(min) || !isEnd(max) || (min === null && max === null)) return null;
  return { min, max };
}

/** A list in one parameter with commas, or the parameter repeated, as check boxes send it. */
const list = <T extends string>(name: string, values: readonly T[]) =>
  z
    .union([z.string().transform((text) => [text]), z.array(z.string())])
    .transform((texts) => texts.flatMap((text) => text.split(",")).filter((text) => text !== ""))
    .pipe(z.array(z.enum(values as [T, ...T[]], { error: explain(name, `It can be ${values.join(", ")}.`) })))
    .transform((chosen) => values.filter((value) => chosen.includes(value)))
    .optional();

/** The parameters of an address that filter. `measure`, `min` and `max` are how a plain form says one more range. */
export const filterParameters = {
  from: given("from", day("from")),
  to: given("to", day("to")),
  answer: list("answer", label.options.map(wordOf)),
  pmin: given("pmin", share("pmin")),
  pmax: given("pmax", share("pmax")),
  source: list("source", SOURCES),
  model: given("model", z.string().max(100, "“model” is at most 100 characters long.")),
  outcome: given(
    "outcome",
    z.enum(OUTCOME_FILTERS, { error: explain("outcome", `It can be ${OUTCOME_FILTERS.join(", ")}.`) }),
  ),
  caution: given(
    "caution",
    z.enum(CAUTION_FILTERS, { error: explain("caution", `It can be ${CAUTION_FILTERS.join(", ")}.`) }),
  ),
  text: given("text", z.string().max(MAX_TEXT, `“text” is at most ${MAX_TEXT} characters long.`)),
  measure: given(
    "measure",
    z.enum(FEATURE_KEYS, { error: explain("measure", `It is one of the ${FEATURES.length} measurements.`) }),
  ),
  min: given("min", size("min")),
  max: given("max", size("max")),
  ...(Object.fromEntries(
    FEATURES.map(({ key, least }) => [
      key,
      given(
        key,
        parsed(key, "It is a range such as 10..20, 10.. or ..20.", (text) => parseRange(text, least)),
      ),
    ]),
  ) as Record<FeatureKey, ReturnType<typeof given<Range>>>),
};
type Parameters = z.infer<z.ZodObject<typeof filterParameters>>;

/** The filters of parsed parameters, or what is wrong with them together. */
export function readFilters(given: Parameters): HistoryFilters | string {
  const { from, to, answer, pmin, pmax, source, model, outcome, caution, text, measure, min, max } = given;
  if (from !== undefined && to !== undefined && from > to) return "“from” is after “to”.";
  if (pmin !== undefined && pmax !== undefined && pmin > pmax) return "“pmin” is more than “pmax”.";
  const measurements = FEATURE_KEYS.flatMap((key) => {
    const range = key === measure && (min !== undefined || max !== undefined) ? { min, max } : given[key];
    return range === undefined ? [] : [{ key, min: range.min ?? null, max: range.max ?? null }];
  });
  if (measure === undefined && (min !== undefined || max !== undefined)) {
    return "“min” and “max” need a “measure” that they are of.";
  }
  const turned = measurements.find(
    (range) => range.min !== null && range.max !== null && range.min > range.max,
  );
  if (turned !== undefined) return `The range of “${turned.key}” ends before it begins.`;
  return {
    from: from ?? null,
    to: to ?? null,
    labels: label.options.filter((one) => answer?.includes(wordOf(one))),
    probability: pmin === undefined && pmax === undefined ? null : { min: pmin ?? null, max: pmax ?? null },
    sources: source ?? [],
    model: model ?? null,
    outcome: outcome ?? null,
    caution: caution ?? null,
    measurements,
    text: text ?? null,
  };
}

const rangeText = ({ min, max }: Range) => `${min ?? ""}..${max ?? ""}`;

/** The parameters that lead to `filters`, in one fixed order. */
export function filterPairs(filters: HistoryFilters): [name: string, value: string][] {
  const { from, to, labels, probability, sources, model, outcome, caution, measurements, text } = filters;
  const pairs: [string, string | number | null | undefined][] = [
    ["from", from],
    ["to", to],
    ["answer", labels.map(wordOf).join()],
    ["pmin", probability?.min],
    ["pmax", probability?.max],
    ["source", sources.join()],
    ["model", model],
    ["outcome", outcome],
    ["caution", caution],
    ...measurements.map(({ key, ...range }): [string, string] => [key, rangeText(range)]),
    ["text", text],
  ];
  return pairs.flatMap(([name, value]) =>
    value === null || value === undefined || value === "" ? [] : [[name, String(value)]],
  );
}

/** One filter that is on, in words, and the filters without it. */
export type Chip = { label: string; without: HistoryFilters };

/** What the history is narrowed to by cautions, in words. */
export function cautionWords(caution: CautionFilter): string {
  if (caution === "any") return "with a caution";
  if (caution === "none") return "without a caution";
  return CAUTION_CHOICES.find(({ code }) => code === caution)?.short ?? caution;
}

/** What is on, in the order of the form. */
export function chipsOf(filters: HistoryFilters): Chip[] {
  const { from, to, labels, probability, sources, model, outcome, caution, measurements, text } = filters;
  const between = ({ min, max }: Range) =>
    min === null ? `at most ${max}` : max === null ? `at least ${min}` : `${min} to ${max}`;
  const chips: (Chip | false)[] = [
    from !== null && { label: `from ${from}`, without: { ...filters, from: null } },
    to !== null && { label: `to ${to}`, without: { ...filters, to: null } },
    labels.length > 0 && {
      label: labels.map(wordOf).join(" or "),
      without: { ...filters, labels: [] },
    },
    probability !== null && {
      label: `probability ${between(probability)}`,
      without: { ...filters, probability: null },
    },
    sources.length > 0 && { label: `from ${sources.join(" or ")}`, without: { ...filters, sources: [] } },
    model !== null && { label: `model ${model}`, without: { ...filters, model: null } },
    outcome !== null && {
      label: outcome === "disagrees" ? "outcome disagrees" : `outcome ${outcome}`,
      without: { ...filters, outcome: null },
    },
    caution !== null && { label: cautionWords(caution), without: { ...filters, caution: null } },
    ...measurements.map((range) => ({
      label: `${FEATURES.find(({ key }) => key === range.key)?.label} ${between(range)}`,
      without: { ...filters, measurements: measurements.filter(({ key }) => key !== range.key) },
    })),
    text !== null && { label: `“${text}” in case code or note`, without: { ...filters, text: null } },
  ];
  return chips.filter((chip) => chip !== false);
}
