import * as z from "zod";
import { FEATURE_KEYS, FEATURES, type FeatureKey } from "../../tables/current";
import { type Diagnosis, diagnosis, measuredValue, type SavedPrediction } from "../contract";
import { fail, ok, type Result } from "../result";
import {
  explain,
  filterPairs,
  filterParameters,
  type HistoryFilters,
  NO_FILTERS,
  readFilters,
} from "./filters";

/** The address is the history's whole state: filters, order, where the page starts, which columns show and how. */

/** What the history sorts by; nothing else reaches the database as a column. */
export const SORT_KEYS = ["date", "diagnosis", "probability", "model", ...FEATURE_KEYS] as const;
export type SortKey = (typeof SORT_KEYS)[number];
type Direction = "ascending" | "descending";

export const PAGE_SIZES = [25, 50, 100] as const;
type PageSize = (typeof PAGE_SIZES)[number];

export const DENSITIES = ["comfortable", "compact"] as const;
type Density = (typeof DENSITIES)[number];

const DEFAULT_COLUMNS: readonly FeatureKey[] = FEATURE_KEYS.slice(0, 3);

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

/** The row a page starts after (`next`) or ends before (`previous`): its sorted value and its id. */
export type Cursor = { towards: "next" | "previous"; value: string | number; id: string };

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

/** Parameters as Next hands them over: an array where one is repeated. */
export type SearchParams = Readonly<Record<string, string | string[] | undefined>>;

/** The parameters of an address as Next hands them over. */
export function searchParamsOf(all: URLSearchParams): SearchParams {
  return Object.fromEntries(
    [...new Set(all.keys())].map((name) => {
      const values = all.getAll(name);
      return [name, values.length === 1 ? values[0] : values];
    }),
  );
}

/** Reads a history address strictly: whatever is unknown, repeated or mangled is an error that names it. */
export function parseHistoryQuery(params: SearchParams): Result<HistoryQuery, HistoryQueryError> {
  const parsed = parameters.safeParse(params);
  if (!parsed.success) return bad(parsed.error.issues[0]?.message ?? "The address is malformed.");
  const { sort: sorted, size, columns, density, cursor: cursorText, ...rest } = parsed.data;
  const filters = readFilters(rest);
  if (typeof filters === "string") return bad(filters);
  const { sort, direction } = sorted === undefined ? DEFAULT_HISTORY_QUERY : readSort(sorted);
  const cursor = cursorText === undefined ? null : readCursor(cursorText, sort, direction);
  if (cursor === undefined) {
    return bad(`"cursor" is not a place in the history sorted by ${withSign(sort, direction)}.`);
  }
  return ok({
    filters,
    sort,
    direction,
    size: PAGE_SIZES.find((allowed) => String(allowed) === size) ?? DEFAULT_HISTORY_QUERY.size,
    columns: columns === undefined ? DEFAULT_COLUMNS : FEATURE_KEYS.filter((key) => columns.includes(key)),
    density: density ?? DEFAULT_HISTORY_QUERY.density,
    cursor,
  });
}

/** The parameters that lead to `query`, defaults left out. */
export function historyParameters(query: HistoryQuery): [name: string, value: string][] {
  const { filters, sort, direction, size, columns, density, cursor } = query;
  const list = filterPairs(filters);
  const sorted = withSign(sort, direction);
  if (sorted !== withSign(DEFAULT_HISTORY_QUERY.sort, DEFAULT_HISTORY_QUERY.direction)) {
    list.push(["sort", sorted]);
  }
  if (size !== DEFAULT_HISTORY_QUERY.size) list.push(["size", String(size)]);
  if (columns.join() !== DEFAULT_COLUMNS.join()) list.push(["columns", columnsText(columns)]);
  if (density !== DEFAULT_HISTORY_QUERY.density) list.push(["density", density]);
  if (cursor !== null) list.push(["cursor", writeCursor(cursor, sorted)]);
  return list;
}

/** All are one word: every link of a page would name each of them. */
const ALL_COLUMNS = "all";
const columnsText = (columns: HistoryQuery["columns"]) =>
  columns.length === FEATURE_KEYS.length ? ALL_COLUMNS : columns.join();

/** The address of `query` with `change` applied. */
export function historyHref(query: HistoryQuery, change: Partial<HistoryQuery> = {}): string {
  const pairs = historyParameters({ ...query, ...change });
  return pairs.length === 0 ? "/history" : `/history?${writePairs(pairs)}`;
}

/** The query string of the history without a place in it: what a saved view is, and the list that a prediction is of. */
export const viewOf = (query: HistoryQuery): string =>
  historyHref({ ...query, cursor: null }).split("?")[1] ?? "";

/** A query string as people can read it: only what must be is escaped. */
function writePairs(pairs: readonly [string, string][]): string {
  return pairs
    .map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll("%2C", ",")}`)
    .join("&");
}

/** The first page sorted by `key`: the other way round where it sorts by `key` already, else largest or A first. */
export function sortBy(query: HistoryQuery, key: SortKey): HistoryQuery {
  const first: Direction = key === "diagnosis" || key === "model" ? "ascending" : "descending";
  const turned: Direction = query.direction === "ascending" ? "descending" : "ascending";
  return { ...query, sort: key, direction: query.sort === key ? turned : first, cursor: null };
}

type SignedSort = SortKey | `-${SortKey}`;
const SIGNED_SORTS = SORT_KEYS.flatMap((key): SignedSort[] => [key, `-${key}`]);

/** A sort as an address says it: "-date" is newest first. */
export const sortText = ({ sort, direction }: Pick<HistoryQuery, "sort" | "direction">) =>
  withSign(sort, direction);

const withSign = (sort: SortKey, direction: Direction): SignedSort =>
  direction === "descending" ? `-${sort}` : sort;

function readSort(text: SignedSort): { sort: SortKey; direction: Direction } {
  const descending = text.startsWith("-");
  const sort = SORT_KEYS.find((key) => key === (descending ? text.slice(1) : text));
  if (sort === undefined) throw new Error(`No sort key in ${text}.`);
  return { sort, direction: descending ? "descending" : "ascending" };
}

const bad = (message: string) => fail<HistoryQueryError>({ code: "bad_query", message });
const quote = (input: unknown) => `"${String(input).slice(0, 40)}"`;

const MEASUREMENT = `one of the ${FEATURE_KEYS.length} measurements, such as ${FEATURE_KEYS[0]} or ${FEATURE_KEYS.at(-1)}`;

const parameters = z.strictObject(
  {
    sort: z
      .enum(SIGNED_SORTS, {
        error: explain(
          "sort",
          `It can be date, diagnosis, probability, model or ${MEASUREMENT}; a minus in front turns the order round.`,
        ),
      })
      .optional(),
    size: z
      .enum(PAGE_SIZES.map(String), { error: explain("size", `It can be ${PAGE_SIZES.join(", ")}.`) })
      .optional(),
    // The column chooser is a plain form, so this one may be repeated, and empty means no measurement.
    columns: z
      .union([z.string().transform((text) => [text]), z.array(z.string())])
      .transform((texts) => texts.flatMap((text) => text.split(",")).filter((text) => text !== ""))
      .transform((texts) => texts.flatMap((text) => (text === ALL_COLUMNS ? FEATURE_KEYS : [text])))
      .pipe(
        z.array(
          z.enum(FEATURE_KEYS, {
            error: explain("columns", `A column can be ${MEASUREMENT}; ${ALL_COLUMNS} is all of them.`),
          }),
        ),
      )
      .optional(),
    density: z
      .enum(DENSITIES, { error: explain("density", `It can be ${DENSITIES.join(" or ")}.`) })
      .optional(),
    ...filterParameters,
    cursor: z.string({ error: explain("cursor", "") }).optional(),
  },
  {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `There is no parameter ${quote(issue.keys[0])}. A history address can have sort, size, columns, density, cursor, and filters: from, to, answer, pmin, pmax, source, model, outcome, caution, text, or a measurement.`
        : undefined,
  },
);

const LAST_MILLISECOND = Date.parse("9999-12-31T23:59:59.999Z");

function sortedValue(sort: SortKey): z.ZodType<string | number> {
  if (sort === "date") return z.int().min(0).max(LAST_MILLISECOND);
  if (sort === "diagnosis") return diagnosis;
  if (sort === "model") return z.string().min(1).max(100);
  if (sort === "probability") return z.number().min(0).max(1);
  return measuredValue(FEATURES[FEATURE_KEYS.indexOf(sort)] ?? { least: 0 });
}

/** The sort is part of the text, so that a cursor cannot be used with another. */
function writeCursor({ towards, value, id }: Cursor, sort: SignedSort): string {
  const bytes = new TextEncoder().encode(JSON.stringify([towards, sort, value, id]));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}

const MAX_CURSOR_LENGTH = 1000;

/** Undefined unless `text` is, to the letter, what `writeCursor` writes for this sort. */
function readCursor(text: string, sort: SortKey, direction: Direction): Cursor | undefined {
  if (text.length > MAX_CURSOR_LENGTH) return undefined;
  let content: unknown;
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) =>
      c.charCodeAt(0),
    );
    content = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
  const signed = withSign(sort, direction);
  const parsed = z
    .tuple([z.enum(["next", "previous"]), z.literal(signed), sortedValue(sort), predictionId])
    .safeParse(content);
  if (!parsed.success) return undefined;
  const cursor: Cursor = { towards: parsed.data[0], value: parsed.data[2], id: parsed.data[3] };
  return writeCursor(cursor, signed) === text ? cursor : undefined;
}
