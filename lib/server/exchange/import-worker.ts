import "server-only";
import { parentPort, workerData } from "node:worker_threads";
import Database from "better-sqlite3";
import { identityOf, type ModelIdentity } from "@/lib/contract";
import { databaseKind, sqlitePath } from "@/lib/database-url";
import { type ImportReport, MAX_REFUSALS } from "@/lib/exchange/import-report";
import type { ReadPrediction } from "@/lib/exchange/prediction-file";
import { type ColumnKind, PREDICTION_COLUMNS, type PredictionColumn } from "@/lib/prediction/columns";
import { assertSameFile, fileAt } from "@/lib/server/database/file";
import { postgresSettings } from "@/lib/server/database/settings";
import { rethrow } from "@/lib/server/database/threads";
import { toJson } from "@/lib/server/prediction/new-prediction";
import { timeText } from "@/lib/time";
import { readPredictions } from "./prediction-reader";

/**
 * The thread that saves a file's predictions, for lib/server/exchange/import.ts: it reads the file from its standard input and
 * answers with one ImportReport. An entry of its own (`npm run bundle:server`).
 */

export type ImportJob = { url: string };

/** Rows per statement and transaction; a save may wait for one: 0.2 s where there are a million already. */
const BATCH_ROWS = 1_000;

/** For the server's own saves: nothing but the upload waits for this thread. */
const WAIT_MS = 30_000;

/** Columns and their kinds, in the order of the statement that inserts them. */
type Columns = readonly { name: string; kind: ColumnKind }[];

const texts = (...names: string[]): Columns => names.map((name) => ({ name, kind: "text" }));

const MODEL: Columns = [
  ...texts("name", "version", "hash"),
  { name: "threshold", kind: "number" },
  ...texts("uncertain", "identity"),
];
const DETAIL = texts("prediction_id", "contributions", "typicality");
const ANNOTATION = texts("prediction_id", "case_code", "note");

type Value = string | number | null;

/** A connection in a transaction: a statement with one parameter, and the first column of its rows. */
type Query = (sql: string, parameter: string) => Value[] | Promise<Value[]>;
type Store = {
  isSqlite: boolean;
  inTransaction: <T>(work: (query: Query) => Promise<T>) => Promise<T>;
};

function openSqlite(url: string): Store {
  const path = sqlitePath(url);
  const database = new Database(path, { timeout: WAIT_MS, fileMustExist: true });
  const opened = fileAt(path);
  database.pragma("synchronous = FULL");
  const query: Query = (sql, parameter) => {
    const statement = database.prepare<[string], Value>(sql);
    if (statement.reader) return statement.pluck().all(parameter);
    statement.run(parameter);
    return [];
  };
  return {
    isSqlite: true,
    inTransaction: async (work) => {
      database.exec("BEGIN IMMEDIATE");
      try {
        const result = await work(query);
        database.exec("COMMIT");
        assertSameFile(path, opened);
        return result;
      } finally {
        if (database.inTransaction) database.exec("ROLLBACK");
      }
    },
  };
}

async function openPostgres(url: string): Promise<Store> {
  // Not for SQLite, whose thread is smaller without it.
  const { Client } = await import("pg");
  const client = new Client(postgresSettings(url));
  await client.connect();
  const query: Query = async (sql, parameter) =>
    (await client.query<Value[]>({ text: sql, values: [parameter], rowMode: "array" })).rows.map(
      ([value]) => value ?? null,
    );
  return {
    isSqlite: false,
    inTransaction: async (work) => {
      await client.query("BEGIN");
      try {
        const result = await work(query);
        await client.query("COMMIT");
        return result;
      } catch (error) {
        await client.query("ROLLBACK");
        throw error;
      }
    },
  };
}

async function importAll({ url }: ImportJob): Promise<ImportReport> {
  const store = databaseKind(url) === "sqlite" ? openSqlite(url) : await openPostgres(url);
  const modelIds = new Map<string, Value>();
  const report: ImportReport = { added: 0, present: 0, refused: 0, refusals: [] };
  let batch: ReadPrediction[] = [];
  const insert = async () => {
    const added = await insertBatch(store, batch, modelIds);
    report.added += added;
    report.present += batch.length - added;
    batch = [];
  };
  for await (const { line, prediction } of readPredictions(process.stdin)) {
    if (prediction.ok) {
      batch.push(prediction.value);
      if (batch.length === BATCH_ROWS) await insert();
    } else {
      report.refused++;
      if (report.refusals.length < MAX_REFUSALS) report.refusals.push({ line, reason: prediction.error });
    }
  }
  if (batch.length > 0) await insert();
  return report;
}

/** Inserts what is not there yet, in one transaction; how many that was. */
function insertBatch(
  { isSqlite, inTransaction }: Store,
  batch: readonly ReadPrediction[],
  modelIds: Map<string, Value>,
): Promise<number> {
  return inTransaction(async (query) => {
    const insert = async (table: string, columns: Columns, rows: readonly Value[][], suffix = "") =>
      rows.length === 0 ? [] : query(insertStatement(isSqlite, table, columns, suffix), JSON.stringify(rows));
    const idOfModel = async (read: ReadPrediction): Promise<Value> => {
      const model = modelOf(read);
      const { name, version, hash, threshold, uncertain } = model;
      const identity = identityOf(model);
      let id = modelIds.get(identity);
      if (id === undefined) {
        const row = [name, version, hash, threshold, toJson(uncertain), identity];
        await insert("model", MODEL, [row], "ON CONFLICT (identity) DO NOTHING");
        [id] = await query(`SELECT id FROM model WHERE identity = ${isSqlite ? "?" : "$1"}`, identity);
        modelIds.set(identity, id ?? null);
      }
      return id ?? null;
    };
    const rows: Value[][] = [];
    for (const prediction of batch) rows.push(toRow(prediction, await idOfModel(prediction)));
    const inserted = await insert(
      "prediction",
      PREDICTION_COLUMNS,
      rows,
      "ON CONFLICT DO NOTHING RETURNING id",
    );
    const ids = new Set(inserted);
    // Where the file has an id twice, the first was inserted.
    const added = batch.filter(({ id }) => ids.delete(id));
    const details = added.filter(
      ({ contributions, typicality }) => contributions !== null || typicality !== null,
    );
    const annotated = added.filter(({ case_code, note }) => case_code !== null || note !== null);
    await insert(
      "prediction_detail",
      DETAIL,
      details.map(({ id, contributions, typicality }) => [id, toJson(contributions), toJson(typicality)]),
    );
    await insert(
      "annotation",
      ANNOTATION,
      annotated.map(({ id, case_code, note }) => [id, case_code, note]),
    );
    return inserted.length;
  });
}

const POSTGRES_TYPES: Record<ColumnKind, string> = {
  ...{ text: "text", number: "double precision", integer: "integer" },
  ...{ time: "timestamptz(3)", day: "timestamptz(3)" },
};

/**
 * One statement with all rows in one JSON parameter. Both databases read a number's shortest text as the same double
 * (tested for SQLite).
 */
function insertStatement(isSqlite: boolean, table: string, columns: Columns, suffix: string): string {
  const cells = columns.map(({ kind }, place) =>
    isSqlite ? `value ->> ${place}` : `(value ->> ${place})::${POSTGRES_TYPES[kind]}`,
  );
  const given = isSqlite ? "json_each(?)" : "jsonb_array_elements($1::jsonb) AS given(value)";
  // Without the WHERE, SQLite takes ON CONFLICT for the condition of a join.
  return `INSERT INTO ${table} (${columns.map(({ name }) => name).join(", ")})
    SELECT ${cells.join(", ")} FROM ${given} WHERE TRUE ${suffix}`;
}

function toRow(prediction: ReadPrediction, modelId: Value): Value[] {
  const row: Record<PredictionColumn, Value> = {
    ...prediction,
    deleted_at: null,
    created_at: timeText(prediction.created_at),
    outcome_on: prediction.outcome_on === null ? null : timeText(prediction.outcome_on),
    model_id: modelId,
    // Its form is not known here, and no form's key is like this.
    idempotency_key: `imported ${prediction.id}`,
  };
  return PREDICTION_COLUMNS.map(({ name }) => row[name]);
}

function modelOf(read: ReadPrediction): ModelIdentity {
  const { uncertain_level: level, uncertain_from: from, uncertain_to: to } = read;
  return {
    name: read.model_name,
    version: read.model_version,
    hash: read.model_hash,
    threshold: read.threshold,
    uncertain: level === null || from === null || to === null ? null : { level, from, to },
  };
}

// A failure rejects, which ends the thread, and the other side is told.
importAll(workerData).then((report) => parentPort?.postMessage(report), rethrow);
