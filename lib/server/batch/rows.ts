import "server-only";
import type { DuckDBConnection, DuckDBInstance, DuckDBValue } from "@duckdb/node-api";
import * as z from "zod";
import { filterNames } from "@/lib/access/audit";
import type { Permission } from "@/lib/access/roles";
import type { Batch, BatchRow } from "@/lib/batch/batch";
import {
  type BatchCursor,
  type BatchQuery,
  type BatchSort,
  batchParameters,
  DEFAULT_BATCH_QUERY,
} from "@/lib/batch/query";
import { diagnosis, label } from "@/lib/contract";
import { NO_CAUTIONS, readCautions } from "@/lib/prediction/cautions";
import { cellText } from "@/lib/prediction/value";
import { fail, ok, type Result } from "@/lib/result";
import { isNotAllowed, requireRight } from "@/lib/server/access/actor";
import { audit } from "@/lib/server/access/audit";
import {
  type NotAllowedError,
  reading as readingDatabase,
  refusalOf,
  type StoreError,
} from "@/lib/server/database/store";
import { log } from "@/lib/server/log";
import { type NotPredicted, predictAndSaveAll } from "@/lib/server/predict/predict-and-save";
import { FEATURE_KEYS, FEATURES, type Feature, table } from "@/tables/current";
import { openDuck, rowsOf, sqlText } from "./duck";
import { cellColumn, VALUE_COLUMNS } from "./relation";
import { batchStore, partName } from "./store";

/** The answered rows of a batch, as its pages and programs ask for them: by SQL over its parts. */

/** Why rows could not be read; the cause is in the log. */
export type RowsError = { code: "not_read" };

/** A page of any size. */
export type RowsQuery = Omit<BatchQuery, "size"> & { size: number };

export type RowsPage = {
  rows: BatchRow[];
  previous: BatchCursor | null;
  next: BatchCursor | null;
  /** How many rows the query finds in all. */
  count: number;
};

const MEMORY_MB = 64;

// On globalThis, because Next may load a module once for each of its bundles.
const shared = globalThis as { cytodeskDuck?: Promise<DuckDBInstance> };

/** A connection of its own to this process's engine: one takes one statement at a time. */
export async function connect(): Promise<DuckDBConnection> {
  shared.cytodeskDuck ??= openDuck({ memoryMb: MEMORY_MB, folder: "./data/duckdb" }).catch(
    (error: unknown) => {
      delete shared.cytodeskDuck;
      throw error;
    },
  );
  return (await shared.cytodeskDuck).connect();
}

/** What `read` finds in the parts of a batch; `none` where no part is written yet. */
async function reading<T>(
  batch: Batch,
  none: T,
  read: (duck: DuckDBConnection, parts: string) => Promise<T>,
  right: Permission = "read",
): Promise<Result<T, RowsError>> {
  let duck: DuckDBConnection | null = null;
  try {
    requireRight(right);
    const parts = await partsClause(batch);
    if (parts === null) return ok(none);
    duck = await connect();
    return ok(await read(duck, parts));
  } catch (error) {
    if (isNotAllowed(error)) throw error;
    log("error", "batch_rows_not_read", { batch: batch.id }, error);
    return fail({ code: "not_read" });
  } finally {
    duck?.closeSync();
  }
}

/** The parts that are written, as a table in SQL; null where none is. */
export async function partsClause({ id, parts }: Pick<Batch, "id" | "parts">): Promise<string | null> {
  if (parts === 0) return null;
  const store = batchStore();
  const files = await Promise.all(
    Array.from({ length: parts }, async (_, part) => {
      const file = await store.fetch(partName(id, part));
      if (file === null) throw new Error(`part ${part} of batch ${id} is gone`);
      return sqlText(file);
    }),
  );
  return `read_parquet([${files.join(", ")}])`;
}

const about = ({ id, model }: Batch) => ({ object: "batch", objectId: id, modelHash: model?.hash }) as const;

/** One page of a batch's answered rows. */
export function listRows(batch: Batch, query: RowsQuery): Promise<Result<RowsPage, RowsError>> {
  return reading<RowsPage>(batch, { rows: [], previous: null, next: null, count: 0 }, async (duck, parts) => {
    const found = conditionsOf(batch, query);
    const detail = { filters: filterNames(batchParameters({ ...query, size: DEFAULT_BATCH_QUERY.size })) };
    await audit("batch_rows_listed", { ...about(batch), detail });
    const [[count] = [0]] = await rowsOf(
      duck,
      `SELECT count(*) FROM ${parts} WHERE ${found.sql}`,
      found.values,
    );
    let keys = await findKeys(duck, parts, batch, query);
    // Fewer rows than a page before the cursor: the start is near, and the first page begins there.
    const isFirst =
      query.cursor === null || (query.cursor.towards === "previous" && keys.length < query.size);
    if (isFirst && query.cursor !== null)
      keys = await findKeys(duck, parts, batch, { ...query, cursor: null });
    const hasMore = keys.length > query.size;
    const listed = keys.slice(0, query.size);
    const backwards = query.cursor?.towards === "previous" && !isFirst;
    if (backwards) listed.reverse();
    const cursor = (towards: BatchCursor["towards"], key: Key | undefined): BatchCursor | null =>
      key === undefined ? null : { towards, ...key };
    return {
      rows: await readRows(
        duck,
        parts,
        batch,
        listed.map(({ row }) => row),
      ),
      previous: isFirst || (backwards && !hasMore) ? null : cursor("previous", listed[0]),
      next: backwards || hasMore ? cursor("next", listed.at(-1)) : null,
      count: Number(count),
    };
  });
}

/** One answered row of a batch; null where there is none of this number. */
export function findRow(batch: Batch, row: number): Promise<Result<BatchRow | null, RowsError>> {
  return reading<BatchRow | null>(batch, null, async (duck, parts) => {
    const [found] = await readRows(duck, parts, batch, [row]);
    if (found === undefined) return null;
    await audit("batch_row_viewed", { ...about(batch), detail: { row } });
    return found;
  });
}

/** What a row is kept under in the history, once. */
const keyOf = ({ id }: Batch, row: number) => `batch ${id} ${row}`;

/** The id of what a row was kept as in the history, deleted or not; null where it is not there. */
export const findKept = (batch: Batch, row: number): Promise<Result<string | null, StoreError>> =>
  readingDatabase("kept_row_not_read", async ({ prediction }) => {
    const where = { idempotencyKey: keyOf(batch, row) };
    return (await prediction.findUnique({ where, select: { id: true } }))?.id ?? null;
  });

const MOST_KEPT = 500;

/** Saves rows into the history, each once however often it is asked for; at most MOST_KEPT. */
export async function keepRows(
  batch: Batch,
  rows: readonly number[],
): Promise<Result<{ kept: { row: number; id: string }[] }, NotPredicted | RowsError | NotAllowedError>> {
  const refused = refusalOf("predict");
  if (refused !== null) return fail(refused);
  const found = await reading<BatchRow[]>(
    batch,
    [],
    (duck, parts) => readRows(duck, parts, batch, rows.slice(0, MOST_KEPT)),
    "predict",
  );
  if (!found.ok) return found;
  const saved = await predictAndSaveAll(
    found.value.map(({ row, code, values }) => ({
      key: keyOf(batch, row),
      idempotencyKey: keyOf(batch, row),
      caseCode: code,
      values: Object.fromEntries(FEATURES.map(({ key, index }) => [key, values[index]])) as Record<
        (typeof FEATURE_KEYS)[number],
        number
      >,
    })),
    { source: "batch" },
  );
  if (!saved.ok) return saved;
  const kept: { row: number; id: string }[] = [];
  for (const [at, one] of saved.value.entries()) {
    if (one.ok) kept.push({ row: found.value[at]?.row ?? 0, id: one.value.id });
    else if (one.error.code !== "not_one_case") return one;
  }
  return ok({ kept });
}

type Key = { value: string | number | null; row: number };

/** SQL with its values. */
type Condition = { sql: string; values: DuckDBValue[] };

const codeColumn = ({ mapping }: Pick<Batch, "mapping">) =>
  mapping?.code === null || mapping === null ? "NULL::VARCHAR" : cellColumn(mapping.code);

function sortColumn(batch: Batch, sort: BatchSort): string {
  if (sort === "code") return `nullif(trim(${codeColumn(batch)}), '')`;
  if (sort === "answer") return "coalesce(label, diagnosis)";
  if (sort === "row" || sort === "probability" || sort === "truth") return sort;
  return VALUE_COLUMNS[FEATURE_KEYS.indexOf(sort)] ?? "row";
}

/** What the query's tab and filters say. */
function conditionsOf(batch: Batch, query: RowsQuery): Condition {
  const parts: string[] = ["true"];
  const values: DuckDBValue[] = [];
  const add = (sql: string, ...given: DuckDBValue[]) => {
    parts.push(sql);
    values.push(...given);
  };
  const { positive, negative } = table.classes;
  if (query.view === "review") add("label IN ('uncertain', 'no_answer')");
  else if (query.view !== "all") {
    add("coalesce(label, diagnosis) = ?", query.view === "positive" ? positive : negative);
  }
  const range = (column: string, { min, max }: { min: number | null; max: number | null }) => {
    if (min !== null) add(`${column} >= ?`, min);
    if (max !== null) add(`${column} <= ?`, max);
  };
  if (query.probability !== null) range("probability", query.probability);
  for (const { key, ...ends } of query.measurements) {
    range(VALUE_COLUMNS[FEATURE_KEYS.indexOf(key)] ?? "row", ends);
  }
  for (const { key, places } of query.levels) {
    const column = VALUE_COLUMNS[FEATURE_KEYS.indexOf(key)] ?? "row";
    const known = places.filter((place) => !Number.isNaN(place));
    const unknown = known.length < places.length ? [`${column} IS NULL OR isnan(${column})`] : [];
    add(`(${[...known.map(() => `${column} = ?`), ...unknown].join(" OR ")})`, ...known);
  }
  if (query.caution === "any") add("cautions <> ?", NO_CAUTIONS);
  else if (query.caution === "none") add("cautions = ?", NO_CAUTIONS);
  else if (query.caution !== null) add("list_contains(string_split(cautions, ' '), ?)", query.caution);
  if (query.wrong) add("truth <> diagnosis");
  if (query.text !== null) add(`contains(lower(${codeColumn(batch)}), lower(?))`, query.text);
  return { sql: parts.join(" AND "), values };
}

/** Rows beyond a cursor; those without a value come last. */
function beyond(
  column: string,
  { value, row }: BatchCursor,
  isAscending: boolean,
  towards: "next" | "previous",
): Condition {
  const forwards = towards === "next";
  const side = isAscending === forwards ? ">" : "<";
  if (value === null) {
    return forwards
      ? { sql: `(${column} IS NULL AND row ${side} ?)`, values: [row] }
      : { sql: `(${column} IS NOT NULL OR row ${side} ?)`, values: [row] };
  }
  const nulls = forwards ? ` OR ${column} IS NULL` : "";
  return {
    sql: `(${column} ${side} ? OR (${column} = ? AND row ${side} ?)${nulls})`,
    values: [value, value, row],
  };
}

/** The rows of a page and, where there is more, one beyond; towards "previous" in reverse order. */
async function findKeys(
  duck: DuckDBConnection,
  parts: string,
  batch: Batch,
  query: RowsQuery,
): Promise<Key[]> {
  const column = sortColumn(batch, query.sort);
  const towards = query.cursor?.towards ?? "next";
  const isAscending = query.direction === "ascending";
  const order = isAscending === (towards === "next") ? "ASC" : "DESC";
  const nulls = towards === "next" ? "NULLS LAST" : "NULLS FIRST";
  const conditions = [
    conditionsOf(batch, query),
    ...(query.cursor === null ? [] : [beyond(column, query.cursor, isAscending, towards)]),
  ];
  const found = await rowsOf(
    duck,
    `SELECT ${column} AS value, row FROM ${parts} WHERE ${conditions.map(({ sql }) => sql).join(" AND ")}
     ORDER BY value ${order} ${nulls}, row ${order} LIMIT ${query.size + 1}`,
    conditions.flatMap(({ values }) => values),
  );
  return found.map(([value, row]) => ({ value: value as Key["value"], row: Number(row) }));
}

/** Rows by their numbers, in this order. */
async function readRows(
  duck: DuckDBConnection,
  parts: string,
  batch: Batch,
  rows: readonly number[],
): Promise<BatchRow[]> {
  if (rows.length === 0) return [];
  const { shape, mapping } = batch;
  if (shape === null || mapping === null) return [];
  const isMeasured = shape.columns.map((_, at) => mapping.measurements.indexOf(at));
  const texts = isMeasured.flatMap((index, at) => (index < 0 ? [cellColumn(at)] : []));
  // Parts know the least and the greatest of their rows.
  const found = await rowsOf(
    duck,
    `SELECT row, ${codeColumn(batch)}, label, diagnosis, probability, cautions, truth, [${VALUE_COLUMNS.join(", ")}], [${texts.join(", ")}]::VARCHAR[]
     FROM ${parts} WHERE row IN (${rows.map(Number).join(", ")}) AND row BETWEEN ${Math.min(...rows)} AND ${Math.max(...rows)}`,
  );
  const places = new Map(rows.map((row, place) => [row, place]));
  return found
    .map((row) => readRow(row, isMeasured))
    .sort((a, b) => (places.get(a.row) ?? 0) - (places.get(b.row) ?? 0));
}

const partRow = z.tuple([
  z.int(),
  z.string().nullable(),
  label.nullable(),
  diagnosis,
  z.number(),
  z.string().nullable(),
  diagnosis.nullable(),
  z
    .array(
      z
        .number()
        .nullable()
        .transform((value) => value ?? Number.NaN),
    )
    .length(FEATURES.length),
  z.array(z.string().nullable()),
]);

const cellOf = (index: number, values: readonly number[]) =>
  cellText(FEATURES[index] as Feature, values[index] ?? Number.NaN);

/** `isMeasured`: of each column of the file which measurement it is, -1 for none. */
function readRow(found: unknown[], isMeasured: readonly number[]): BatchRow {
  const [row, code, answer, said, probability, cautions, truth, values, texts] = partRow.parse(found);
  const others = texts.values();
  return {
    row,
    code: code?.trim() || null,
    label: answer,
    diagnosis: said,
    probability,
    cautions: readCautions(cautions),
    truth,
    values,
    cells: isMeasured.map((index) => (index < 0 ? (others.next().value ?? "") : cellOf(index, values))),
  };
}
