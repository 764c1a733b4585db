import * as z from "zod";
import { FEATURE_KEYS, FEATURES, type Feature, type FeatureKey, table } from "../../tables/current";
import { type Diagnosis, diagnosis, type SavedPrediction } from "../contract";
import {
  columnsParameter,
  columnsText,
  cursorParameter,
  type Direction,
  explain,
  type PageSize,
  packCursor,
  quote,
  type SearchParams,
  signedSort,
  sizeParameter,
  sortParameter,
  unpackCursor,
  writePairs,
} from "../list-address";
import { fail, ok, type Result } from "../result";
import { filterPairs, filterParameters, type HistoryFilters, NO_FILTERS, readFilters } from "./filters";

/** The address is the history's whole state: filters, order, where the page starts, which columns show and how. */

/** What the history sorts by; nothing else reaches the database as a column. What is not known is last, whatever the order. */
export const SORT_KEYS = ["date", "diagnosis", "probability", "model", ...FEATURE_KEYS] as const;
export type SortKey = (typeof SORT_KEYS)[number];

export const DENSITIES = ["comfortable", "compact"] as const;
type Density = (typeof DENSITIES)[number];

const DEFAULT_COLUMNS: readonly FeatureKey[] = table.shown;

/** One row of the history's table. */
export type HistoryRow = Pick<
  SavedPrediction,
  | "id"
  | "createdAt"
  | "diagnosis"
  | "label"
  | "cautions"
  | "probability"
  | "threshold"
  | "uncertain"
  | "modelVersion"
  | "source"
  | "contributions"
  | "values"
> & { outcome: Diagnosis | null; caseCode: string | null };

/** Every saved prediction's id is a UUID. */
export const predictionId = z.uuid();

/** The row a page starts after (`next`) or ends before (`previous`): its sorted value, null where it is not known, and its id. */
export type Cursor = { towards: "next" | "previous"; value: string | number | null; id: string };

export type HistoryQuery = {
  filters: HistoryFilters;
  sort: SortKey;
  direction: Direction;
  size: PageSize;
  /** The measurements shown, in the dataset's order. */
  columns: readonly FeatureKey[];
  density: Density;
  cursor: Cursor | null;
};

export const DEFAULT_HISTORY_QUERY: HistoryQuery = {
  filters: NO_FILTERS,
  sort: "date",
  direction: "descending",
  size: 25,
  columns: DEFAULT_COLUMNS,
  density: "comfortable",
  cursor: null,
};

/** Why an address is not a history page; the message is for the reader. */
export type HistoryQueryError = { code: "bad_query"; message: string };

/** Reads a history address strictly: whatever is unknown, repeated or mangled is an error that names it. */
export function parseHistoryQuery(params: SearchParams): Result<HistoryQuery, HistoryQueryError> {
  const parsed = parameters.safeParse(params);
  if (!parsed.success) return bad(parsed.error.issues[0]?.message ?? "The address is malformed.");
  const { sort: sorted, size, columns, density, cursor: cursorText, ...rest } = parsed.data;
  const filters = readFilters(rest);
  if (typeof filters === "string") return bad(filters);
  const { sort, direction } = sorted ?? DEFAULT_HISTORY_QUERY;
  const cursor = cursorText === undefined ? null : readCursor(cursorText, sort, direction);
  if (cursor === undefined) {
    return bad(`"cursor" is not a place in the history sorted by ${signedSort(sort, direction)}.`);
  }
  return ok({
    filters,
    sort,
    direction,
    size: size ?? DEFAULT_HISTORY_QUERY.size,
    columns: columns ?? DEFAULT_COLUMNS,
    density: density ?? DEFAULT_HISTORY_QUERY.density,
    cursor,
  });
}

/** The parameters that lead to `query`, defaults left out. */
export function historyParameters(query: HistoryQuery): [name: string, value: string][] {
  const { filters, sort, direction, size, columns, density, cursor } = query;
  const list = filterPairs(filters);
  const sorted = signedSort(sort, direction);
  if (sorted !== signedSort(DEFAULT_HISTORY_QUERY.sort, DEFAULT_HISTORY_QUERY.direction)) {
    list.push(["sort", sorted]);
  }
  if (size !== DEFAULT_HISTORY_QUERY.size) list.push(["size", String(size)]);
  if (columns.join() !== DEFAULT_COLUMNS.join()) list.push(["columns", columnsText(columns)]);
  if (density !== DEFAULT_HISTORY_QUERY.density) list.push(["density", density]);
  if (cursor !== null) list.push(["cursor", writeCursor(cursor, sorted)]);
  return list;
}

/** The address of `query` with `change` applied. */
export function historyHref(query: HistoryQuery, change: Partial<HistoryQuery> = {}): string {
  const pairs = historyParameters({ ...query, ...change });
  return pairs.length === 0 ? "/history" : `/history?${writePairs(pairs)}`;
}

/** The query string of the history without a place in it: what a saved view is, and the list that a prediction is of. */
export const viewOf = (query: HistoryQuery): string =>
  historyHref({ ...query, cursor: null }).split("?")[1] ?? "";

/** The first page sorted by `key`: the other way round where it sorts by `key` already, else largest or A first. */
export function sortBy(query: HistoryQuery, key: SortKey): HistoryQuery {
  const first: Direction = key === "diagnosis" || key === "model" ? "ascending" : "descending";
  const turned: Direction = query.direction === "ascending" ? "descending" : "ascending";
  return { ...query, sort: key, direction: query.sort === key ? turned : first, cursor: null };
}

/** A sort as an address says it: "-date" is newest first. */
export const sortText = ({ sort, direction }: Pick<HistoryQuery, "sort" | "direction">) =>
  signedSort(sort, direction);

const bad = (message: string) => fail<HistoryQueryError>({ code: "bad_query", message });
const parameters = z.strictObject(
  {
    sort: sortParameter(SORT_KEYS, "date, diagnosis, probability, model"),
    size: sizeParameter,
    columns: columnsParameter,
    density: z
      .enum(DENSITIES, { error: explain("density", `It can be ${DENSITIES.join(" or ")}.`) })
      .optional(),
    ...filterParameters,
    cursor: cursorParameter,
  },
  {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `There is no parameter ${quote(issue.keys[0])}. A history address can have sort, size, columns, density, cursor, and filters: from, to, answer, pmin, pmax, source, model, outcome, caution, text, or a ${table.nouns.value}.`
        : undefined,
  },
);

const LAST_MILLISECOND = Date.parse("9999-12-31T23:59:59.999Z");

export function sortedMeasurement(
  feature: Pick<Feature, "type" | "levels" | "mayMiss" | "least"> | undefined,
): z.ZodType<number | null> {
  if (feature === undefined) return z.never();
  const { type, levels, mayMiss, least } = feature;
  const known =
    type === "number"
      ? z.number().min(least)
      : z
          .int()
          .min(0)
          .max(levels.length - 1);
  return mayMiss ? known.nullable() : known;
}

function sortedValue(sort: SortKey): z.ZodType<string | number | null> {
  if (sort === "date") return z.int().min(0).max(LAST_MILLISECOND);
  if (sort === "diagnosis") return diagnosis;
  if (sort === "model") return z.string().min(1).max(100);
  if (sort === "probability") return z.number().min(0).max(1);
  return sortedMeasurement(FEATURES.find(({ key }) => key === sort));
}

/** The sort is part of the text, so that a cursor cannot be used with another. */
const writeCursor = ({ towards, value, id }: Cursor, sort: string) => packCursor([towards, sort, value, id]);

/** Undefined unless `text` is, to the letter, what `writeCursor` writes for this sort. */
function readCursor(text: string, sort: SortKey, direction: Direction): Cursor | undefined {
  const content = unpackCursor(
    text,
    z.tuple([
      z.enum(["next", "previous"]),
      z.literal(signedSort(sort, direction)),
      sortedValue(sort),
      predictionId,
    ]),
  );
  return content && { towards: content[0], value: content[2], id: content[3] };
}
