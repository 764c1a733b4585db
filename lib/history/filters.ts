import * as z from "zod";
import { FEATURES } from "../../tables/current";
import { type Label, label, SOURCES, type Source } from "../contract";
import { describeLevels, levelPairs } from "../level-filters";
import {
  between,
  explain,
  given,
  list,
  measurementPairs,
  parsed,
  type Ranges,
  rangeParameters,
  readRanges,
  setPairs,
  textParameter,
} from "../list-address";
import { CAUTION_FILTERS, type CautionFilter, cautionWords } from "../prediction/cautions";
import { answerOf } from "../prediction/words";

/** What the history can be narrowed to, as its address says it. */

export const OUTCOME_FILTERS = ["known", "unknown", "disagrees"] as const;
type OutcomeFilter = (typeof OUTCOME_FILTERS)[number];

export type HistoryFilters = Ranges & {
  /** Days in UTC, "2026-11-24", both included. */
  from: string | null;
  to: string | null;
  labels: readonly Label[];
  sources: readonly Source[];
  model: string | null;
  outcome: OutcomeFilter | null;
  /** A caution's code, or whether there is any. */
  caution: CautionFilter | null;
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
  levels: [],
  text: null,
};

/** An answer as an address says it: by its word. */
const wordOf = (one: Label) => answerOf(one).word;

const day = (name: string) =>
  parsed(name, "It is a day, such as 2026-11-24.", (text) =>
    /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text)
      ? text
      : null,
  );

/** The parameters of an address that filter. */
export const filterParameters = {
  from: given("from", day("from")),
  to: given("to", day("to")),
  answer: list("answer", label.options.map(wordOf)),
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
  text: textParameter,
  ...rangeParameters,
};
type Parameters = z.infer<z.ZodObject<typeof filterParameters>>;

/** The filters of parsed parameters, or what is wrong with them together. */
export function readFilters(given: Parameters): HistoryFilters | string {
  const { from, to, answer, source, model, outcome, caution, text } = given;
  if (from !== undefined && to !== undefined && from > to) return "“from” is after “to”.";
  const ranges = readRanges(given);
  if (typeof ranges === "string") return ranges;
  return {
    from: from ?? null,
    to: to ?? null,
    labels: label.options.filter((one) => answer?.includes(wordOf(one))),
    sources: source ?? [],
    model: model ?? null,
    outcome: outcome ?? null,
    caution: caution ?? null,
    text: text ?? null,
    ...ranges,
  };
}

/** The parameters that lead to `filters`, in one fixed order. */
export function filterPairs(filters: HistoryFilters): [name: string, value: string][] {
  const { from, to, labels, probability, sources, model, outcome, caution, measurements, text } = filters;
  return setPairs([
    ["from", from],
    ["to", to],
    ["answer", labels.map(wordOf).join()],
    ["pmin", probability?.min],
    ["pmax", probability?.max],
    ["source", sources.join()],
    ["model", model],
    ["outcome", outcome],
    ["caution", caution],
    ...measurementPairs(measurements),
    ...levelPairs(filters.levels),
    ["text", text],
  ]);
}

/** One filter that is on, in words, and the filters without it. */
export type Chip = { label: string; without: HistoryFilters };

/** What is on, in the order of the form. */
export function chipsOf(filters: HistoryFilters): Chip[] {
  const { from, to, labels, probability, sources, model, outcome, caution, measurements, text } = filters;
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
    ...filters.levels.map((filter) => ({
      label: describeLevels(filter),
      without: { ...filters, levels: filters.levels.filter(({ key }) => key !== filter.key) },
    })),
    text !== null && { label: `“${text}” in case code or note`, without: { ...filters, text: null } },
  ];
  return chips.filter((chip) => chip !== false);
}
