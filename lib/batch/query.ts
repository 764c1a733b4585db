import * as z from "zod";
import { FEATURE_KEYS, FEATURES, type FeatureKey, table } from "../../tables/current";
import { diagnosis, label, measuredValue } from "../contract";
import { describeLevels, levelPairs } from "../level-filters";
import {
  between,
  columnsParameter,
  columnsText,
  cursorParameter,
  type Direction,
  explain,
  given,
  measurementPairs,
  type PageSize,
  packCursor,
  quote,
  type Ranges,
  rangeParameters,
  readRanges,
  type SearchParams,
  setPairs,
  signedSort,
  sizeParameter,
  sortParameter,
  textParameter,
  unpackCursor,
  wholeNumbers,
  writePairs,
} from "../list-address";
import { CAUTION_FILTERS, type CautionFilter, cautionWords } from "../prediction/cautions";
import { NEGATIVE, POSITIVE } from "../prediction/words";
import { fail, ok, type Result } from "../result";

/** The address is the whole state of a batch's table: its tab, filters, order, where the page starts, what shows. */

/** Every batch's id is a UUID. */
export const batchId = z.uuid();

/** What a batch's rows sort by; nothing else reaches SQL as a column. Rows without a value are last, whatever the order. */
export const BATCH_SORTS = ["row", "code", "answer", "probability", "truth", ...FEATURE_KEYS] as const;
export type BatchSort = (typeof BATCH_SORTS)[number];

/** "review" is what is left to a person; a certain answer is "positive" or "negative". */
export const BATCH_VIEWS = ["review", "positive", "negative", "all"] as const;
export type BatchView = (typeof BATCH_VIEWS)[number];
/** A view as an address says it. */
const VIEW_WORDS: Record<BatchView, string> = {
  review: "review",
  positive: POSITIVE.word,
  negative: NEGATIVE.word,
  all: "all",
};

/**
 * The row that a page starts after ("next") or ends before ("previous"): its sorted value, null where it has none, and its
 * number. Rows of equal value are in the order of their numbers, turned round with the order.
 */
export type BatchCursor = { towards: "next" | "previous"; value: string | number | null; row: number };

export type BatchFilters = Ranges & {
  /** A caution's code, or whether there is any. */
  caution: CautionFilter | null;
  /** Only rows whose truth is not their diagnosis. */
  wrong: boolean;
  /** Somewhere in the code, whatever its case. */
  text: string | null;
};

export type BatchQuery = BatchFilters & {
  view: BatchView;
  sort: BatchSort;
  direction: Direction;
  size: PageSize;
  /** The measurements shown, in the table's order. */
  columns: readonly FeatureKey[];
  /** Which other columns of the file show, counted from 0, in the file's order; the file may have fewer. */
  extra: readonly number[];
  cursor: BatchCursor | null;
};

export const NO_BATCH_FILTERS: BatchFilters = {
  probability: null,
  measurements: [],
  levels: [],
  caution: null,
  wrong: false,
  text: null,
};

export const DEFAULT_BATCH_QUERY: BatchQuery = {
  ...NO_BATCH_FILTERS,
  view: "review",
  sort: "probability",
  direction: "descending",
  size: 25,
  columns: [],
  extra: [],
  cursor: null,
};

/** Why an address is not a page of a batch's table; the message is for the reader. */
export type BatchQueryError = { code: "bad_query"; message: string };

const bad = (message: string) => fail<BatchQueryError>({ code: "bad_query", message });

const parameters = z.strictObject(
  {
    view: z
      .enum(Object.values(VIEW_WORDS), {
        error: explain("view", `It can be ${Object.values(VIEW_WORDS).join(", ")}.`),
      })
      .transform((word) => BATCH_VIEWS.find((view) => VIEW_WORDS[view] === word))
      .optional(),
    sort: sortParameter(BATCH_SORTS, "row, code, answer, probability, truth"),
    size: sizeParameter,
    columns: columnsParameter,
    extra: wholeNumbers("extra", "It is the numbers of columns of the file, counted from 0."),
    ...rangeParameters,
    caution: given(
      "caution",
      z.enum(CAUTION_FILTERS, { error: explain("caution", `It can be ${CAUTION_FILTERS.join(", ")}.`) }),
    ),
    wrong: given("wrong", z.enum(["yes"], { error: explain("wrong", "It can be yes.") })),
    text: textParameter,
    cursor: cursorParameter,
  },
  {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `There is no parameter ${quote(issue.keys[0])}. A batch's address can have view, sort, size, columns, extra, cursor, and filters: pmin, pmax, caution, wrong, text, or a ${table.nouns.value}.`
        : undefined,
  },
);

/** Reads a batch's address strictly: whatever is unknown, repeated or mangled is an error that names it. */
export function parseBatchQuery(params: SearchParams): Result<BatchQuery, BatchQueryError> {
  const parsed = parameters.safeParse(params);
  if (!parsed.success) return bad(parsed.error.issues[0]?.message ?? "The address is malformed.");
  const { view, sort: sorted, size, columns, extra, caution, wrong, text, cursor: at, ...rest } = parsed.data;
  const ranges = readRanges(rest);
  if (typeof ranges === "string") return bad(ranges);
  const { sort, direction } = sorted ?? DEFAULT_BATCH_QUERY;
  const cursor = at === undefined ? null : readCursor(at, sort, direction);
  if (cursor === undefined) {
    return bad(`"cursor" is not a place in a batch sorted by ${signedSort(sort, direction)}.`);
  }
  return ok({
    ...ranges,
    view: view ?? DEFAULT_BATCH_QUERY.view,
    sort,
    direction,
    size: size ?? DEFAULT_BATCH_QUERY.size,
    columns: columns ?? DEFAULT_BATCH_QUERY.columns,
    extra: extra ?? DEFAULT_BATCH_QUERY.extra,
    caution: caution ?? null,
    wrong: wrong !== undefined,
    text: text ?? null,
    cursor,
  });
}

/** The parameters that lead to `query`, defaults left out. */
export function batchParameters(query: BatchQuery): [name: string, value: string][] {
  const { view, sort, direction, size, columns, extra, cursor, probability, measurements } = query;
  const sorted = signedSort(sort, direction);
  const isUsual = sorted === signedSort(DEFAULT_BATCH_QUERY.sort, DEFAULT_BATCH_QUERY.direction);
  return setPairs([
    ["view", view === DEFAULT_BATCH_QUERY.view ? null : VIEW_WORDS[view]],
    ["sort", isUsual ? null : sorted],
    ["size", size === DEFAULT_BATCH_QUERY.size ? null : size],
    ["columns", columnsText(columns)],
    ["extra", extra.join()],
    ["pmin", probability?.min],
    ["pmax", probability?.max],
    ["caution", query.caution],
    ["wrong", query.wrong ? "yes" : null],
    ...measurementPairs(measurements),
    ...levelPairs(query.levels),
    ["text", query.text],
    ["cursor", cursor === null ? null : packCursor([cursor.towards, sorted, cursor.value, cursor.row])],
  ]);
}

/** The query string of a batch's table without a place in it: what a row's page is opened from. */
export const batchListText = (query: BatchQuery) => writePairs(batchParameters({ ...query, cursor: null }));

/** The address of `query` with `change` applied. */
export function batchHref(id: string, query: BatchQuery, change: Partial<BatchQuery> = {}): string {
  const pairs = batchParameters({ ...query, ...change });
  return pairs.length === 0 ? `/batch/${id}` : `/batch/${id}?${writePairs(pairs)}`;
}

/** The first page sorted by `key`: the other way round where it sorts by `key` already, else largest or A first. */
export function sortBatchBy(query: BatchQuery, key: BatchSort): BatchQuery {
  const first: Direction =
    key === "row" || key === "code" || key === "answer" || key === "truth" ? "ascending" : "descending";
  const turned: Direction = query.direction === "ascending" ? "descending" : "ascending";
  return { ...query, sort: key, direction: query.sort === key ? turned : first, cursor: null };
}

/** One filter that is on, in words, and the query without it. */
export type BatchChip = { label: string; without: BatchQuery };

/** What is on, in the order of the form. */
export function batchChips(query: BatchQuery): BatchChip[] {
  const { probability, measurements, caution, wrong, text } = query;
  const first = { ...query, cursor: null };
  const chips: (BatchChip | false)[] = [
    probability !== null && {
      label: `probability ${between(probability)}`,
      without: { ...first, probability: null },
    },
    caution !== null && { label: cautionWords(caution), without: { ...first, caution: null } },
    wrong && { label: `truth other than the ${table.nouns.answer}`, without: { ...first, wrong: false } },
    ...measurements.map((range) => ({
      label: `${FEATURES.find(({ key }) => key === range.key)?.label} ${between(range)}`,
      without: { ...first, measurements: measurements.filter(({ key }) => key !== range.key) },
    })),
    ...query.levels.map((filter) => ({
      label: describeLevels(filter),
      without: { ...first, levels: query.levels.filter(({ key }) => key !== filter.key) },
    })),
    text !== null && { label: `“${text}” in the case code`, without: { ...first, text: null } },
  ];
  return chips.filter((chip) => chip !== false);
}

const rowNumber = z.int().min(1);

function sortedValue(sort: BatchSort): z.ZodType<string | number | null> {
  if (sort === "row") return rowNumber;
  if (sort === "code") return z.string().min(1).max(200).nullable();
  if (sort === "answer") return label.nullable();
  if (sort === "probability") return z.number().min(0).max(1);
  if (sort === "truth") return diagnosis.nullable();
  const feature = FEATURES[FEATURE_KEYS.indexOf(sort)];
  const value = measuredValue(feature ?? { least: 0 });
  return feature?.mayMiss ? value.nullable() : value;
}

function readCursor(text: string, sort: BatchSort, direction: Direction): BatchCursor | undefined {
  const content = unpackCursor(
    text,
    z.tuple([
      z.enum(["next", "previous"]),
      z.literal(signedSort(sort, direction)),
      sortedValue(sort),
      rowNumber,
    ]),
  );
  return content && { towards: content[0], value: content[2], row: content[3] };
}
