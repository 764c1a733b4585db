import "server-only";
import * as z from "zod";
import { filterNames } from "@/lib/access/audit";
import {
  contributions,
  diagnosis,
  label,
  type SavedPrediction,
  SOURCES,
  type UncertainBand,
  uncertainBand,
} from "@/lib/contract";
import { chipsOf, filterPairs, type HistoryFilters } from "@/lib/history/filters";
import type { Cursor, HistoryQuery, HistoryRow, SortKey } from "@/lib/history/query";
import { isAsked, openTo, VIEWS } from "@/lib/history/views";
import { readCautions } from "@/lib/prediction/cautions";
import type { PredictionColumn, PredictionRow } from "@/lib/prediction/columns";
import { countAsked, type Tally } from "@/lib/prediction/tally";
import type { Result } from "@/lib/result";
import { audit } from "@/lib/server/access/audit";
import { database } from "@/lib/server/database/db";
import { kindOfDatabase, unindexed } from "@/lib/server/database/dialect";
import { READ_THREADS, readInThreads } from "@/lib/server/database/read-threads";
import { reading, type StoreError } from "@/lib/server/database/store";
import { Prisma } from "@/lib/server/generated/sqlite/client";
import { fromJson } from "@/lib/server/prediction/predictions";
import { FEATURE_KEYS, FEATURES, type FeatureKey } from "@/tables/current";
import { daysOf, whereClause } from "./conditions";
import { beyondCursor, beyondId, orderBy } from "./order";
import { COUNT_BOUND, estimateSize, tallyPredictions } from "./tally";

/** Pages of the history at any size: docs/decisions/0013-history-at-a-million-rows.md says why the SQL is as it is. */

/** A cursor is null where there is nothing further. */
export type HistoryPage = {
  rows: HistoryRow[];
  previous: Cursor | null;
  next: Cursor | null;
  /** What the filters show, and what they would with answer and outcome left open, which the tabs choose among. */
  shown: Tally;
  open: Tally;
  total: Total;
  /** Where the answers of the latest model are uncertain. */
  band: UncertainBand | null;
  /** Whether any prediction is kept at all, filters aside. */
  isEmpty: boolean;
};

/**
 * `count` is exact, or a bound that is passed: there are at least so many among the latest LOOKED_AT predictions. `about`:
 * where it is not exact, how many there are without filters, to two digits.
 */
export type Total = { count: number; exact: boolean; about: number | null };

type Database = Awaited<ReturnType<typeof database>>;

/** One page of the predictions that are not deleted and that pass the filters. */
export async function listPredictions(query: PageSought): Promise<Result<HistoryPage, StoreError>> {
  return reading("history_not_read", async (db) => {
    const towards = query.cursor?.towards ?? "next";
    // At the same time: while threads look for the rows, the process's own has nothing else to do.
    const parts = await partsOf(db, query.filters);
    const inThread = parts.length > 0;
    const isOpen = VIEWS.some(({ key, asks }) => key === "all" && isAsked(asks, query.filters));
    const filters = filterNames(filterPairs(query.filters));
    const [rows, models, shown, others] = await Promise.all([
      findRows(db, query, parts),
      modelsOf(db),
      tallyPredictions(db, query.filters, inThread),
      isOpen ? null : tallyPredictions(db, openTo(query.filters), inThread),
      audit(query.filters.text === null ? "history_listed" : "history_searched", { detail: { filters } }),
    ]);
    let found = rows;
    // Fewer rows than a page before the cursor: the start is near, and the first page begins there.
    const isFirst = query.cursor === null || (towards === "previous" && found.length < query.size);
    if (isFirst && query.cursor !== null) {
      found = await findRows(db, { ...query, cursor: null }, parts);
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
      rows: listed.map((row) => toHistoryRow(row, models)),
      previous: isFirst || (backwards && !hasMore) ? null : cursor("previous", first),
      next: backwards || hasMore ? cursor("next", last) : null,
      shown,
      open: others ?? shown,
      total: isWhole ? { count: listed.length, exact: true, about: null } : await totalOf(db, query, shown),
      band: [...models].reduce((latest, one) => (one[0] > latest[0] ? one : latest), [0, NO_MODEL])[1]
        .uncertain,
      isEmpty:
        listed.length === 0 &&
        (await db.prediction.findFirst({ where: { deletedAt: null }, select: { id: true } })) === null,
    };
  });
}

async function totalOf(
  db: Database,
  { filters }: Pick<HistoryQuery, "filters">,
  shown: Tally,
): Promise<Total> {
  const count = Math.min(COUNT_BOUND, countAsked(shown, filters));
  const isUnfiltered = chipsOf(filters).length === 0;
  return { count, exact: shown.exact, about: shown.exact || !isUnfiltered ? null : await estimateSize(db) };
}

const LISTED = [
  ...["id", "created_at", "diagnosis", "label", "cautions", "probability", "model_id", "model_version"],
  ...["source", "outcome"],
] as const satisfies PredictionColumn[];

/** What `toHistoryRow` reads of a row. */
export type ListedRow = Pick<PredictionRow, (typeof LISTED)[number] | FeatureKey> & {
  case_code?: string | null;
  contributions?: string | null;
};

/** Selects what is listed of each row, and the measurements. */
export const SELECT_LISTED = Prisma.raw(`SELECT ${[...LISTED, ...FEATURE_KEYS].join(", ")}`);

/** `models` are those of `modelsOf`. */
export function toHistoryRow(row: ListedRow, models: ReadonlyMap<number, ModelLimits>): HistoryRow {
  return {
    id: row.id,
    createdAt: row.created_at,
    diagnosis: diagnosis.parse(row.diagnosis),
    label: label.nullable().parse(row.label),
    cautions: readCautions(row.cautions),
    probability: row.probability,
    ...(models.get(Number(row.model_id)) ?? NO_MODEL),
    modelVersion: row.model_version,
    source: z.enum(SOURCES).parse(row.source),
    outcome: diagnosis.nullable().parse(row.outcome),
    caseCode: row.case_code ?? null,
    contributions: fromJson(contributions, row.contributions ?? null),
    values: FEATURE_KEYS.map((key) => row[key] ?? Number.NaN),
  };
}

/** The column that a page is sorted by. Ids sort by time, so that they are the date's order. */
function sortColumn(sort: SortKey): Exclude<SortKey, "date" | "model"> | "id" | "model_version" {
  if (sort === "date") return "id";
  return sort === "model" ? "model_version" : sort;
}

/** What a row is sorted by, null where it is not known; a date's cursor is its time, beside the id. */
export function sortedValue(sort: SortKey, row: ListedRow): string | number | null {
  return sort === "date" ? row.created_at.getTime() : (row[sortColumn(sort)] as string | number | null);
}

/** The rows of a page and, where there is more, one beyond; towards "previous" in reverse order. */
export async function findRows(
  db: Database,
  query: PageSought,
  parts: readonly Part[],
): Promise<ListedRow[]> {
  const ids: string[] = [];
  for (const step of await stepsOf(query)) {
    ids.push(...(await findIds(db, { ...query, size: query.size - ids.length }, step, parts)));
    if (ids.length > query.size) break;
  }
  if (ids.length === 0) return [];
  const rows = await db.$queryRaw<ListedRow[]>`
    ${SELECT_LISTED}, case_code, contributions FROM prediction
    LEFT JOIN annotation ON annotation.prediction_id = id
    LEFT JOIN prediction_detail ON prediction_detail.prediction_id = id
    WHERE id IN (${Prisma.join(ids)})`;
  const places = new Map(ids.map((id, place) => [id, place]));
  return rows.sort((a, b) => (places.get(a.id) ?? 0) - (places.get(b.id) ?? 0));
}

/** A part of a page's order: the rows with the value `only`, or all; `byId` in the order of the ids, else of what is sorted by. */
type Step = { byId: boolean; only: string | null; cursor: Cursor | null };

/**
 * The steps in which a page is read. By a column with two values among a million rows, half would be sorted; instead the
 * rows of one value after the other are read, each in the order of the ids.
 */
async function stepsOf(query: PageSought): Promise<Step[]> {
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
  parts: readonly Part[],
): Promise<string[]> {
  if (parts.length === 0 || (step.byId && query.filters.outcome !== "disagrees")) {
    const last = parts.length === 0 ? null : await lastOfNearest(db, query, step);
    const found = await db.$queryRaw<{ id: string }[]>(idsQuery(query, step, { rows: upTo(last, query) }));
    if (last === null || found.length > query.size) return found.map(({ id }) => id);
  }
  const found = await readInThreads(parts.map((part) => idsQuery(query, step, part)));
  const side = isAscending(query) ? 1 : -1;
  const nullSide = query.cursor?.towards === "previous" ? -1 : 1;
  const compare = (a: unknown, b: unknown) => {
    if (a === b) return 0;
    if (a === null || b === null) return a === null ? nullSide : -nullSide;
    return (a as string) < (b as string) ? -side : side;
  };
  return found
    .sort(([a, x], [b, y]) => compare(x, y) || compare(a, b))
    .slice(0, query.size + 1)
    .map(([id]) => String(id));
}

/** From this many rows of SQLite on, a scan is split across threads; fewer are scanned before a thread is asked. */
const FOR_THREADS = 50_000;

/** Some of the predictions: a condition, and how SQLite is told to read them; by the ids' order where it is told nothing. */
type Part = { rows: Prisma.Sql; read?: Prisma.Sql };

/**
 * Parts of the predictions, each to be read by a thread; none where there are too few, and for PostgreSQL, which does so
 * itself. Those whose outcome disagrees are found by its index, which alone tells nearly all of the others.
 */
export async function partsOf(db: Database, { outcome }: HistoryFilters): Promise<Part[]> {
  if (kindOfDatabase() !== "sqlite") return [];
  const [span] = await db.$queryRaw<{ low: number | bigint | null; high: number | bigint | null }[]>`
    SELECT (SELECT min(rowid) FROM prediction) AS low, (SELECT max(rowid) FROM prediction) AS high`;
  const [low, high] = [Number(span?.low ?? 0), Number(span?.high ?? 0)];
  if (high - low < FOR_THREADS) return [];
  if (outcome === "disagrees") {
    const read = Prisma.sql`INDEXED BY prediction_outcome`;
    return diagnosis.options.map((one) => ({ rows: Prisma.sql`outcome = ${one}`, read }));
  }
  const size = Math.ceil((high - low + 1) / READ_THREADS);
  return Array.from({ length: READ_THREADS }, (_, part) => {
    const from = low + part * size;
    return { rows: Prisma.sql`rowid BETWEEN ${from} AND ${from + size - 1}`, read: unindexed() };
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
 * Selects the ids of a page's rows and of one more, with what they are sorted by beside it unless that is the id; towards
 * "previous" in reverse order.
 */
export function idsQuery(
  query: PageSought,
  { byId, only, cursor }: Step,
  { rows, read }: Part = { rows: Prisma.sql`TRUE` },
): Prisma.Sql {
  const ascending = isAscending(query);
  const column = Prisma.raw(sortColumn(query.sort));
  const order = Prisma.raw(ascending ? "ASC" : "DESC");
  const conditions = [
    rows,
    ...(only === null ? [] : [Prisma.sql`${column} = ${only}`]),
    ...(cursor === null
      ? []
      : [byId ? beyondId(cursor, ascending) : beyondCursor(column, cursor, ascending, mayMiss(query.sort))]),
    whereClause(query.filters),
  ];
  const where = Prisma.join(conditions, " AND ");
  if (byId) {
    return Prisma.sql`
      SELECT id FROM prediction ${read ?? Prisma.empty} WHERE ${where}
      ORDER BY id ${order} LIMIT ${query.size + 1}`;
  }
  return Prisma.sql`
    SELECT id, ${column} AS sorted FROM prediction ${read ?? unindexed()} WHERE ${where}
    ORDER BY ${orderBy(column, ascending, query.cursor?.towards ?? "next", mayMiss(query.sort))} LIMIT ${query.size + 1}`;
}

const mayMiss = (sort: SortKey) => FEATURES.some((feature) => feature.key === sort && feature.mayMiss);

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

/** The condition that a row comes before one that is sorted by `value` and has this id. */
export function orderedBefore(
  { sort, direction }: HistoryQuery,
  { value, id }: Omit<Cursor, "towards">,
): Prisma.Sql {
  const [cursor, ascending] = [{ towards: "previous", value, id } as const, direction === "descending"];
  return sort === "date"
    ? beyondId(cursor, ascending)
    : beyondCursor(Prisma.raw(sortColumn(sort)), cursor, ascending, mayMiss(sort));
}

/** A model's threshold, and where its answers are uncertain. */
export type ModelLimits = Pick<SavedPrediction, "threshold" | "uncertain">;
const NO_MODEL: ModelLimits = { threshold: null, uncertain: null };

/** The limits of all models by their id, of which there are few. */
export async function modelsOf(db: Database): Promise<Map<number, ModelLimits>> {
  const models = await db.model.findMany({ select: { id: true, threshold: true, uncertain: true } });
  return new Map(
    models.map(({ id, threshold, uncertain }) => [
      id,
      { threshold, uncertain: fromJson(uncertainBand, uncertain) },
    ]),
  );
}

/** The versions of the models that ever answered, for a choice among them. */
export const listModelVersions = () => reading("models_not_read", modelVersions);

async function modelVersions({ model }: Database): Promise<string[]> {
  const models = await model.findMany({ select: { version: true }, orderBy: { id: "desc" } });
  return [...new Set(models.map(({ version }) => version))];
}
