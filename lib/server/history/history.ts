import "server-only";
import { diagnosis, type HistoryRow, label } from "@/lib/contract";
import { chipsOf, type HistoryFilters, type Range } from "@/lib/history/filters";
import type { Cursor, HistoryQuery, SortKey } from "@/lib/history/query";
import { minIdAt } from "@/lib/min-id";
import type { Result } from "@/lib/result";
import { database } from "@/lib/server/database/db";
import { indexedBy, kindOfDatabase } from "@/lib/server/database/dialect";
import { READ_THREADS, readInThreads } from "@/lib/server/database/read-threads";
import { reading, type StoreError } from "@/lib/server/database/store";
import { Prisma } from "@/lib/server/generated/sqlite/client";
import { FEATURE_KEYS, FEATURES, type FeatureKey } from "@/tables/current";

/** Pages of the history at any size: docs/decisions/0013-history-at-a-million-rows.md says why the SQL is as it is. */

/**
 * `total` is exact, or a bound that is passed: there are at least so many among the latest LOOKED_AT predictions.
 * A cursor is null where there is nothing further.
 */
export type HistoryPage = {
  rows: HistoryRow[];
  previous: Cursor | null;
  next: Cursor | null;
  total: { count: number; exact: boolean };
  /** Whether any prediction is kept at all, filters aside. */
  isEmpty: boolean;
};

/** Counting a million rows takes longer than everything else the page does. */
export const COUNT_BOUND = 10_000;
/** How many of the latest predictions a count with filters looks at. */
export const LOOKED_AT = 100_000;

type Database = Awaited<ReturnType<typeof database>>;

/** One page of the predictions that are not deleted and that pass the filters. */
export async function listPredictions(query: HistoryQuery): Promise<Result<HistoryPage, StoreError>> {
  return reading("history_not_read", async (db) => {
    const towards = query.cursor?.towards ?? "next";
    // At the same time: while threads look for the rows, the process's own has nothing else to do.
    const [rows, thresholds, counted] = await Promise.all([
      findRows(db, query),
      thresholdsOf(db),
      countMatching(db, query.filters),
    ]);
    let found = rows;
    // Fewer rows than a page before the cursor: the start is near, and the first page begins there.
    const isFirst = query.cursor === null || (towards === "previous" && found.length < query.size);
    if (isFirst && query.cursor !== null) {
      found = await findRows(db, { ...query, cursor: null });
    }
    const hasMore = found.length > query.size;
    const listed = found.slice(0, query.size);
    const backwards = towards === "previous" && !isFirst;
    if (backwards) listed.reverse();
    const first = listed[0];
    const last = listed.at(-1);
    const cursor = (to: Cursor["towards"], row: ListedRow | undefined): Cursor | null =>
      row === undefined ? null : { towards: to, value: sortedValue(query.sort, row), id: row.id };
    const isWhole = isFirst && !hasMore;
    return {
      rows: listed.map((row) => toHistoryRow(row, thresholds, query.columns)),
      previous: isFirst || (backwards && !hasMore) ? null : cursor("previous", first),
      next: backwards || hasMore ? cursor("next", last) : null,
      total: isWhole ? { count: listed.length, exact: true } : counted,
      isEmpty:
        listed.length === 0 &&
        (await db.prediction.findFirst({ where: { deletedAt: null }, select: { id: true } })) === null,
    };
  });
}

/** A row of `SELECTED` and of the measurements asked for, as the database gives it. */
export type PredictionColumns = {
  id: string;
  created_at: Date;
  diagnosis: string;
  label: string | null;
  probability: number;
  model_id: number | bigint;
  model_version: string;
} & Record<FeatureKey, number>;

/** What `toHistoryRow` reads, apart from measurements. */
export const SELECTED = Prisma.raw("id, created_at, diagnosis, label, probability, model_id, model_version");

/** `thresholds` are those of `thresholdsOf`; the values become those of `keys`, in their order. */
export function toHistoryRow(
  row: PredictionColumns,
  thresholds: ReadonlyMap<number, number | null>,
  keys: readonly FeatureKey[],
): HistoryRow {
  return {
    id: row.id,
    createdAt: row.created_at,
    diagnosis: diagnosis.parse(row.diagnosis),
    label: label.nullable().parse(row.label),
    probability: row.probability,
    threshold: thresholds.get(Number(row.model_id)) ?? null,
    modelVersion: row.model_version,
    values: keys.map((key) => row[key]),
  };
}

type ListedRow = PredictionColumns & {
  /** What the page is sorted by. */
  sorted: string | number;
};

/** Ids sort by time, so that they are the date's order, and a date's cursor is its id. */
const SORT_COLUMNS: Record<SortKey, string> = {
  ...(Object.fromEntries(FEATURE_KEYS.map((key) => [key, key])) as Record<FeatureKey, string>),
  date: "id",
  diagnosis: "diagnosis",
  probability: "probability",
  model: "model_version",
};

const sortedValue = (sort: SortKey, { sorted, created_at }: ListedRow) =>
  sort === "date" ? created_at.getTime() : sorted;

/**
 * The covering index that has the measurements' columns, or those of the first two groups among them; the index of a
 * group begins with its own ten. Each of the three has all other columns that are filtered by.
 */
function scanIndexOf(keys: readonly FeatureKey[]): string {
  const groups = new Set(keys.map((key) => FEATURES[FEATURE_KEYS.indexOf(key)]?.group));
  const [first = "mean", second = first] = groups;
  return `prediction_scan_${SECOND_GROUP[second] === first ? second : first}`;
}

/** The group whose columns stand last in a group's index. */
const SECOND_GROUP: Readonly<Record<string, string>> = { mean: "worst", se: "mean", worst: "se" };

/** The rows of a page and, where there is more, one beyond; towards "previous" in reverse order. */
async function findRows(db: Database, query: HistoryQuery): Promise<ListedRow[]> {
  const values = await valuesOf(query.sort);
  if (values === null) {
    const parts = query.sort === "date" ? [] : await partsOf(db);
    if (parts.length === 0) return db.$queryRaw<ListedRow[]>(pageQuery(query));
    const ids = await readInThreads(parts.map((part) => idsQuery(query, { part })));
    if (ids.length === 0) return [];
    return db.$queryRaw<ListedRow[]>(rowsQuery(query, Prisma.join(ids.map(([id]) => id))));
  }
  // Rows of one value after the other, each in the order of the ids, which every index has: of a column with two
  // values among a million, half would be sorted.
  const { cursor, size } = query;
  if (!isAscending(query)) values.reverse();
  const start = cursor === null ? 0 : values.indexOf(String(cursor.value));
  const rows: ListedRow[] = [];
  for (const value of start < 0 ? [] : values.slice(start)) {
    const rest = { ...query, size: size - rows.length, cursor: value === cursor?.value ? cursor : null };
    rows.push(
      ...(await db.$queryRaw<ListedRow[]>(pageQuery(rest, { only: value, ascending: isAscending(query) }))),
    );
    if (rows.length > size) break;
  }
  return rows;
}

/** From this many rows of SQLite on, a scan is split across threads; fewer are scanned before a thread is asked. */
const FOR_THREADS = 50_000;

/**
 * Conditions that divide the predictions, each to be scanned by a thread; none where there are too few, and for
 * PostgreSQL, which does so itself. By rowid, which is nearly the ids' order, so that the parts are nearly equal.
 */
async function partsOf(db: Database): Promise<Prisma.Sql[]> {
  if (kindOfDatabase() !== "sqlite") return [];
  const cuts = Array.from({ length: READ_THREADS }, (_, part) => Prisma.sql`SELECT ${part} AS part`);
  const rows = await db.$queryRaw<{ id: string }[]>`
    WITH span AS (SELECT (SELECT min(rowid) FROM prediction) AS low, (SELECT max(rowid) FROM prediction) AS high)
    SELECT (SELECT id FROM prediction WHERE rowid >= low + (high - low) * part / ${READ_THREADS} ORDER BY rowid LIMIT 1) AS id
    FROM span CROSS JOIN (${Prisma.join(cuts, " UNION ALL ")}) WHERE high - low >= ${FOR_THREADS}`;
  const begins = rows.map(({ id }) => id).sort();
  return begins.map((begin, part) => {
    const from = part === 0 ? Prisma.sql`TRUE` : Prisma.sql`id >= ${begin}`;
    const end = begins[part + 1];
    return end === undefined ? from : Prisma.sql`${from} AND id < ${end}`;
  });
}

/** The values of a column that has few, smallest first; null of one that has many. */
async function valuesOf(sort: SortKey): Promise<string[] | null> {
  if (sort === "diagnosis") return diagnosis.options.toSorted();
  return sort === "model" ? (await modelVersions(await database())).sort() : null;
}

/** Towards "previous" the rows are read in the opposite order. */
const isAscending = ({ direction, cursor }: Pick<HistoryQuery, "direction" | "cursor">) =>
  (direction === "ascending") === (cursor?.towards !== "previous");

/** What a scan knows beyond the query: the one value of a column with few; which part of the predictions is meant. */
type ScanHints = { only?: string; ascending?: boolean; sampled?: number; part?: Prisma.Sql };

/** A query with any page size. */
type PageSought = Omit<HistoryQuery, "size"> & { size: number };

/** Selects one row more than the page has, to tell whether there is more; towards "previous" in reverse order. */
export const pageQuery = (query: PageSought, known: ScanHints = {}) =>
  rowsQuery(query, idsQuery(query, known), known);

/** The first rows of those with the ids, one more than the page has. */
function rowsQuery(query: PageSought, ids: Prisma.Sql, known: ScanHints = {}): Prisma.Sql {
  const shown = Prisma.raw(query.columns.map((key) => `, ${SORT_COLUMNS[key]}`).join(""));
  return Prisma.sql`
    SELECT ${SELECTED}, ${columnOf(query)} AS sorted${shown}
    FROM prediction WHERE id IN (${ids}) ORDER BY ${orderOf(query, known)} LIMIT ${query.size + 1}`;
}

const columnOf = ({ sort }: PageSought) => Prisma.raw(SORT_COLUMNS[sort]);

const isById = ({ sort }: PageSought, { only }: ScanHints) => sort === "date" || only !== undefined;

function orderOf(query: PageSought, known: ScanHints): Prisma.Sql {
  const order = Prisma.raw((known.ascending ?? isAscending(query)) ? "ASC" : "DESC");
  return isById(query, known)
    ? Prisma.sql`id ${order}`
    : Prisma.sql`${columnOf(query)} ${order}, id ${order}`;
}

/**
 * Selects the ids of a page's rows and of one more. They are found in an index alone, since looking up each row of the
 * table takes several times as long; SQLite would otherwise choose by estimates that it has no statistics for.
 */
function idsQuery(query: PageSought, known: ScanHints): Prisma.Sql {
  const { filters, sort, size, cursor } = query;
  const { only, part, ascending = isAscending(query), sampled = SAMPLED } = known;
  const column = columnOf(query);
  const measurement = FEATURE_KEYS.find((key) => key === sort);
  const filtered = filters.measurements.map(({ key }) => key);
  const index = scanIndexOf(measurement === undefined ? filtered : [measurement, ...filtered]);
  // What leaves fewest rows at the least cost comes first.
  const conditions = [
    ...(only === undefined ? [] : [Prisma.sql`${column} = ${only}`]),
    ...(cursor === null
      ? []
      : [isById(query, known) ? beyondId(cursor, ascending) : beyondCursor(column, cursor, ascending)]),
    whereClause(filters),
  ];
  const where = Prisma.join(conditions, " AND ");
  const isNumber = measurement !== undefined || sort === "probability";
  const hasBound = isNumber && filters.text === null && kindOfDatabase() === "sqlite";
  const bound = hasBound ? sampledBound({ column, where, size, ascending, sampled }) : Prisma.sql`TRUE`;
  return Prisma.sql`
    SELECT id FROM prediction ${indexedBy(index)} WHERE ${part ?? Prisma.sql`TRUE`} AND ${bound} AND ${where}
    ORDER BY ${orderOf(query, known)} LIMIT ${size + 1}`;
}

const SAMPLED = 20_000;

type Sample = { column: Prisma.Sql; where: Prisma.Sql; size: number; ascending: boolean; sampled: number };

/**
 * That a row can be on the page at all: whatever is sorted behind the row that would be the page's last among SAMPLED
 * rows cannot be. It costs a comparison and spares what follows for all but some hundred of a million: reading the id,
 * sorting, and looking up what the index lacks. For columns of numbers, and for SQLite; the latest rows are found without an index.
 */
function sampledBound({ column, where, size, ascending, sampled }: Sample): Prisma.Sql {
  const [side, order] = ascending ? ["<=", "ASC"] : [">=", "DESC"];
  const noBound = ascending ? Number.MAX_VALUE : -Number.MAX_VALUE;
  return Prisma.sql`${column} ${Prisma.raw(side as string)} coalesce((
    SELECT ${column} FROM prediction NOT INDEXED
    WHERE rowid > (SELECT max(rowid) FROM prediction) - ${sampled} AND ${where}
    ORDER BY ${column} ${Prisma.raw(order as string)} LIMIT 1 OFFSET ${size}), ${noBound})`;
}

const beyondId = ({ id }: Cursor, ascending: boolean) =>
  Prisma.sql`id ${Prisma.raw(ascending ? ">" : "<")} ${id}`;

function beyondCursor(column: Prisma.Sql, { value, id }: Cursor, ascending: boolean): Prisma.Sql {
  const side = Prisma.raw(ascending ? ">" : "<");
  return Prisma.sql`${column} ${side}= ${value} AND (${column} ${side} ${value} OR id ${side} ${id})`;
}

/** The condition on `prediction` that a row is not deleted and passes the filters. */
export function whereClause(filters: HistoryFilters): Prisma.Sql {
  const { from, to, labels, probability, sources, model, outcome, measurements, text } = filters;
  const conditions = [
    Prisma.sql`deleted_at IS NULL`,
    from !== null && Prisma.sql`id >= ${minIdAt(new Date(`${from}T00:00:00Z`))}`,
    to !== null && Prisma.sql`id < ${minIdAt(new Date(Date.parse(`${to}T00:00:00Z`) + DAY_MS))}`,
    labels.length > 0 && Prisma.sql`coalesce(label, diagnosis) IN (${Prisma.join([...labels])})`,
    probability !== null && within("probability", probability),
    sources.length > 0 && Prisma.sql`source IN (${Prisma.join([...sources])})`,
    model !== null && Prisma.sql`model_version = ${model}`,
    outcome === "known" && Prisma.sql`outcome IS NOT NULL`,
    outcome === "unknown" && Prisma.sql`outcome IS NULL`,
    outcome === "disagrees" && Prisma.sql`outcome <> diagnosis`,
    ...measurements.map(({ key, ...range }) => within(key, range)),
    text !== null &&
      Prisma.sql`id IN (SELECT prediction_id FROM annotation WHERE ${contains("case_code", text)} OR ${contains("note", text)})`,
  ];
  return Prisma.join(
    conditions.filter((condition) => condition !== false),
    " AND ",
  );
}

const DAY_MS = 24 * 60 * 60 * 1000;

function within(column: FeatureKey | "probability", { min, max }: Range): Prisma.Sql {
  const name = Prisma.raw(column);
  if (min === null) return Prisma.sql`${name} <= ${max}`;
  return max === null ? Prisma.sql`${name} >= ${min}` : Prisma.sql`${name} BETWEEN ${min} AND ${max}`;
}

/** Whatever its case, and taken as it is: a per cent sign is one. */
function contains(column: "case_code" | "note", text: string): Prisma.Sql {
  const pattern = `%${text.toLowerCase().replace(/[\\%_]/g, "\\$&")}%`;
  return Prisma.sql`lower(${Prisma.raw(column)}) LIKE ${pattern} ESCAPE '\\'`;
}

const isUnfiltered = (filters: HistoryFilters) => chipsOf(filters).length === 0;

/** Counts to COUNT_BOUND, with filters among the latest LOOKED_AT predictions only. */
async function countMatching(db: Database, filters: HistoryFilters): Promise<HistoryPage["total"]> {
  if (isUnfiltered(filters)) {
    const count = await countTo(db, Prisma.sql`prediction WHERE deleted_at IS NULL`);
    return { count: Math.min(count, COUNT_BOUND), exact: count <= COUNT_BOUND };
  }
  const index = scanIndexOf(filters.measurements.map(({ key }) => key));
  const [oldest] = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM prediction ORDER BY id DESC LIMIT 1 OFFSET ${LOOKED_AT}`;
  const recent = oldest === undefined ? Prisma.empty : Prisma.sql`AND id > ${oldest.id}`;
  const count = await countTo(
    db,
    Prisma.sql`prediction ${indexedBy(index)} WHERE ${whereClause(filters)} ${recent}`,
  );
  return { count: Math.min(count, COUNT_BOUND), exact: oldest === undefined && count <= COUNT_BOUND };
}

async function countTo(db: Database, from: Prisma.Sql): Promise<number> {
  const [counted] = await db.$queryRaw<{ count: number | bigint }[]>`
    SELECT count(*) AS count FROM (SELECT 1 FROM ${from} LIMIT ${COUNT_BOUND + 1}) AS counted`;
  return Number(counted?.count ?? 0);
}

/** The thresholds by the id of their models, of which there are few. */
export async function thresholdsOf(db: Database): Promise<Map<number, number | null>> {
  const models = await db.model.findMany({ select: { id: true, threshold: true } });
  return new Map(models.map(({ id, threshold }) => [id, threshold]));
}

/** The versions of the models that ever answered, for a choice among them. */
export const listModelVersions = () => reading("models_not_read", modelVersions);

async function modelVersions({ model }: Database): Promise<string[]> {
  const models = await model.findMany({ select: { version: true }, orderBy: { id: "desc" } });
  return [...new Set(models.map(({ version }) => version))];
}
