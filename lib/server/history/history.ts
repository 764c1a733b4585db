import "server-only";
import { diagnosis, label } from "@/lib/contract";
import { chipsOf, type HistoryFilters, type Range } from "@/lib/history/filters";
import type { Cursor, HistoryQuery, HistoryRow, SortKey } from "@/lib/history/query";
import { minIdAt } from "@/lib/min-id";
import { NO_CAUTIONS, readCautions } from "@/lib/prediction/cautions";
import type { PredictionColumn, PredictionRow } from "@/lib/prediction/columns";
import type { Result } from "@/lib/result";
import { database } from "@/lib/server/database/db";
import { kindOfDatabase, unindexed } from "@/lib/server/database/dialect";
import { READ_THREADS, readInThreads } from "@/lib/server/database/read-threads";
import { reading, type StoreError } from "@/lib/server/database/store";
import { Prisma } from "@/lib/server/generated/sqlite/client";
import { FEATURE_KEYS, type FeatureKey } from "@/tables/current";

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

const LISTED = [
  ...["id", "created_at", "diagnosis", "label", "cautions", "probability", "model_id", "model_version"],
] as const satisfies PredictionColumn[];

/** What `toHistoryRow` reads of a row, which may lack measurements that nobody asked for. */
export type ListedRow = Pick<PredictionRow, (typeof LISTED)[number]> & Partial<Record<FeatureKey, number>>;

/** Selects what is listed of each row, and the measurements. */
export const selectListed = (keys: readonly FeatureKey[]) =>
  Prisma.raw(`SELECT ${[...LISTED, ...keys].join(", ")} FROM prediction`);

/** `thresholds` are those of `thresholdsOf`; the values become those of `keys`, in their order. */
export function toHistoryRow(
  row: ListedRow,
  thresholds: ReadonlyMap<number, number | null>,
  keys: readonly FeatureKey[],
): HistoryRow {
  return {
    id: row.id,
    createdAt: row.created_at,
    diagnosis: diagnosis.parse(row.diagnosis),
    label: label.nullable().parse(row.label),
    cautions: readCautions(row.cautions),
    probability: row.probability,
    threshold: thresholds.get(Number(row.model_id)) ?? null,
    modelVersion: row.model_version,
    values: keys.map((key) => row[key] as number),
  };
}

/** The column that a page is sorted by. Ids sort by time, so that they are the date's order. */
function sortColumn(sort: SortKey): Exclude<SortKey, "date" | "model"> | "id" | "model_version" {
  if (sort === "date") return "id";
  return sort === "model" ? "model_version" : sort;
}

/** What a row is sorted by; a date's cursor is its time, beside the id. */
function sortedValue(sort: SortKey, row: ListedRow): string | number {
  return sort === "date" ? row.created_at.getTime() : (row[sortColumn(sort)] as string | number);
}

/** The rows of a page and, where there is more, one beyond; towards "previous" in reverse order. */
async function findRows(db: Database, query: HistoryQuery): Promise<ListedRow[]> {
  const ids: string[] = [];
  const parts = await partsOf(db);
  for (const step of await stepsOf(query)) {
    ids.push(...(await findIds(db, { ...query, size: query.size - ids.length }, step, parts)));
    if (ids.length > query.size) break;
  }
  if (ids.length === 0) return [];
  const keys = FEATURE_KEYS.filter((key) => key === query.sort || query.columns.includes(key));
  const rows = await db.$queryRaw<ListedRow[]>`${selectListed(keys)} WHERE id IN (${Prisma.join(ids)})`;
  const places = new Map(ids.map((id, place) => [id, place]));
  return rows.sort((a, b) => (places.get(a.id) ?? 0) - (places.get(b.id) ?? 0));
}

/** A part of a page's order: the rows with the value `only`, or all; `byId` in the order of the ids, else of what is sorted by. */
type Step = { byId: boolean; only: string | null; cursor: Cursor | null };

/**
 * The steps in which a page is read. By a column with two values among a million rows, half would be sorted; instead the
 * rows of one value after the other are read, each in the order of the ids.
 */
async function stepsOf(query: HistoryQuery): Promise<Step[]> {
  const { cursor, sort } = query;
  const values = await valuesOf(sort);
  if (values === null) return [{ byId: sort === "date", only: null, cursor }];
  if (!isAscending(query)) values.reverse();
  const start = cursor === null ? 0 : values.indexOf(String(cursor.value));
  return (start < 0 ? [] : values.slice(start)).map((only) => ({
    byId: true,
    only,
    cursor: only === cursor?.value ? cursor : null,
  }));
}

/** The ids of a step's first rows, one more than the page still takes. */
async function findIds(
  db: Database,
  query: PageSought,
  step: Step,
  parts: readonly Prisma.Sql[],
): Promise<string[]> {
  if (step.byId || parts.length === 0) {
    const last = parts.length === 0 ? null : await lastOfNearest(db, query, step);
    const found = await db.$queryRaw<{ id: string }[]>(idsQuery(query, step, upTo(last, query)));
    if (last === null || found.length > query.size) return found.map(({ id }) => id);
  }
  const found = await readInThreads(parts.map((part) => idsQuery(query, step, part, true)));
  const side = isAscending(query) ? 1 : -1;
  const compare = (a: unknown, b: unknown) => (a === b ? 0 : (a as string) < (b as string) ? -side : side);
  return found
    .sort(([a, x], [b, y]) => compare(x, y) || compare(a, b))
    .slice(0, query.size + 1)
    .map(([id]) => String(id));
}

/** From this many rows of SQLite on, a scan is split across threads; fewer are scanned before a thread is asked. */
const FOR_THREADS = 50_000;

/**
 * Conditions that divide the predictions, each to be scanned by a thread; none where there are too few, and for
 * PostgreSQL, which does so itself.
 */
async function partsOf(db: Database): Promise<Prisma.Sql[]> {
  if (kindOfDatabase() !== "sqlite") return [];
  const [span] = await db.$queryRaw<{ low: number | bigint | null; high: number | bigint | null }[]>`
    SELECT (SELECT min(rowid) FROM prediction) AS low, (SELECT max(rowid) FROM prediction) AS high`;
  const [low, high] = [Number(span?.low ?? 0), Number(span?.high ?? 0)];
  if (high - low < FOR_THREADS) return [];
  const size = Math.ceil((high - low + 1) / READ_THREADS);
  return Array.from({ length: READ_THREADS }, (_, part) => {
    const from = low + part * size;
    return Prisma.sql`rowid BETWEEN ${from} AND ${from + size - 1}`;
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

/** A query with any page size. */
type PageSought = Omit<HistoryQuery, "size"> & { size: number };

/**
 * Selects the ids of a page's rows and of one more, among the rows that a condition holds for; towards "previous" in
 * reverse order. `scanned`: row by row, and with what is sorted by beside the id.
 */
export function idsQuery(
  query: PageSought,
  { byId, only, cursor }: Step,
  rows = Prisma.sql`TRUE`,
  scanned = false,
): Prisma.Sql {
  const ascending = isAscending(query);
  const column = Prisma.raw(sortColumn(query.sort));
  const order = Prisma.raw(ascending ? "ASC" : "DESC");
  const conditions = [
    rows,
    ...(only === null ? [] : [Prisma.sql`${column} = ${only}`]),
    ...(cursor === null
      ? []
      : [byId ? beyondId(cursor, ascending) : beyondCursor(column, cursor, ascending)]),
    whereClause(query.filters),
  ];
  const where = Prisma.join(conditions, " AND ");
  if (byId) {
    return Prisma.sql`
      SELECT id FROM prediction ${scanned ? unindexed() : Prisma.empty} WHERE ${where}
      ORDER BY id ${order} LIMIT ${query.size + 1}`;
  }
  return Prisma.sql`
    SELECT id, ${column} AS sorted FROM prediction ${unindexed()} WHERE ${where}
    ORDER BY ${column} ${order}, id ${order} LIMIT ${query.size + 1}`;
}

/** Rows that are looked at one by one in the order of the ids before all are scanned. */
const NEAREST = 10_000;

/** The id of the last of the NEAREST rows behind a step's start; null where there are not so many in the days asked for. */
async function lastOfNearest(db: Database, query: PageSought, { cursor }: Step): Promise<string | null> {
  const ascending = isAscending(query);
  const beyond = [
    ...(cursor === null ? [] : [beyondId(cursor, ascending)]),
    ...daysOf(query.filters),
    Prisma.sql`TRUE`,
  ];
  const [last] = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM prediction WHERE ${Prisma.join(beyond, " AND ")}
    ORDER BY id ${Prisma.raw(ascending ? "ASC" : "DESC")} LIMIT 1 OFFSET ${NEAREST}`;
  return last?.id ?? null;
}

const upTo = (last: string | null, query: PageSought) =>
  last === null ? Prisma.sql`TRUE` : Prisma.sql`id ${Prisma.raw(isAscending(query) ? "<=" : ">=")} ${last}`;

const beyondId = ({ id }: Cursor, ascending: boolean) =>
  Prisma.sql`id ${Prisma.raw(ascending ? ">" : "<")} ${id}`;

function beyondCursor(column: Prisma.Sql, { value, id }: Cursor, ascending: boolean): Prisma.Sql {
  const side = Prisma.raw(ascending ? ">" : "<");
  return Prisma.sql`${column} ${side}= ${value} AND (${column} ${side} ${value} OR id ${side} ${id})`;
}

/** The condition on `prediction` that a row is not deleted and passes the filters. */
export function whereClause(filters: HistoryFilters): Prisma.Sql {
  const { labels, probability, sources, model, outcome, caution, measurements, text } = filters;
  const conditions = [
    Prisma.sql`deleted_at IS NULL`,
    ...daysOf(filters),
    labels.length > 0 && Prisma.sql`coalesce(label, diagnosis) IN (${Prisma.join([...labels])})`,
    probability !== null && within("probability", probability),
    sources.length > 0 && Prisma.sql`source IN (${Prisma.join([...sources])})`,
    model !== null && Prisma.sql`model_version = ${model}`,
    outcome === "known" && Prisma.sql`outcome IS NOT NULL`,
    outcome === "unknown" && Prisma.sql`outcome IS NULL`,
    outcome === "disagrees" && Prisma.sql`outcome <> diagnosis`,
    caution !== null && cautioned(caution),
    ...measurements.map(({ key, ...range }) => within(key, range)),
    text !== null &&
      Prisma.sql`id IN (SELECT prediction_id FROM annotation WHERE ${contains("case_code", text)} OR ${contains("note", text)})`,
  ];
  return Prisma.join(
    conditions.filter((condition) => condition !== false),
    " AND ",
  );
}

/** The condition that an answer has a caution, any or none; one that tells none has none. */
function cautioned(caution: string): Prisma.Sql {
  if (caution === "any") return Prisma.sql`cautions <> ${NO_CAUTIONS}`;
  if (caution === "none") return Prisma.sql`coalesce(cautions, ${NO_CAUTIONS}) = ${NO_CAUTIONS}`;
  // A code cannot be part of another: each ends at a space.
  return Prisma.sql`' ' || cautions || ' ' LIKE ${`% ${caution} %`}`;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** The conditions that a row was made on the days asked for; its id says when. */
const daysOf = ({ from, to }: HistoryFilters): Prisma.Sql[] => [
  ...(from === null ? [] : [Prisma.sql`id >= ${minIdAt(new Date(`${from}T00:00:00Z`))}`]),
  ...(to === null ? [] : [Prisma.sql`id < ${minIdAt(new Date(Date.parse(`${to}T00:00:00Z`) + DAY_MS))}`]),
];

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
  const [oldest] = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM prediction ORDER BY id DESC LIMIT 1 OFFSET ${LOOKED_AT}`;
  const latest = oldest === undefined ? Prisma.sql`TRUE` : latestRows(oldest.id);
  const count = await countTo(
    db,
    Prisma.sql`prediction ${unindexed()} WHERE ${latest} AND ${whereClause(filters)}`,
  );
  return { count: Math.min(count, COUNT_BOUND), exact: oldest === undefined && count <= COUNT_BOUND };
}

/** That a row is one of the LOOKED_AT latest; SQLite numbers rows as they are saved, and reads them in that order. */
const latestRows = (oldest: string) =>
  kindOfDatabase() === "sqlite"
    ? Prisma.sql`rowid > (SELECT max(rowid) FROM prediction) - ${LOOKED_AT}`
    : Prisma.sql`id > ${oldest}`;

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
