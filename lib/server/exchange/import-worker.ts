import "server-only";
import { parentPort, workerData } from "node:worker_threads";
import Database from "better-sqlite3";
import { v7 as uuidv7 } from "uuid";
import type { Act, AuditDetail, AuditFields } from "@/lib/access/audit";
import { diagnosis, identityOf, type ModelIdentity } from "@/lib/contract";
import { databaseKind, sqlitePath } from "@/lib/database-url";
import { type ImportReport, MAX_REMARKS } from "@/lib/exchange/import-report";
import type { Editable, ReadPrediction } from "@/lib/exchange/prediction-file";
import { createInProcessEndpoint } from "@/lib/inference/in-process-endpoint";
import { connectClient } from "@/lib/postgres/connect";
import {
  type ColumnKind,
  IMPORTED,
  PREDICTION_COLUMNS,
  type PredictionColumn,
} from "@/lib/prediction/columns";
import { outcomeText } from "@/lib/prediction/outcome";
import { fail, ok, type Result } from "@/lib/result";
import { insertEntries, LOCK } from "@/lib/server/access/audit-entry";
import { assertSameFile, fileAt } from "@/lib/server/database/file";
import { postgresSettings } from "@/lib/server/database/settings";
import { addSha256 } from "@/lib/server/database/sha256";
import { rethrow } from "@/lib/server/database/threads";
import { toJson } from "@/lib/server/prediction/new-prediction";
import { timeText } from "@/lib/time";
import { FEATURE_KEYS } from "@/tables/current";
import { artifactJson } from "@/tables/current-model";
import { readPredictions } from "./prediction-reader";

/**
 * The thread that saves a file's predictions, for lib/server/exchange/import.ts: it reads the file from its standard input and
 * answers with one ImportReport. An entry of its own (`npm run bundle:server`).
 */

/**
 * `take`: whether what a person changed in the file of a prediction that is there already is taken over. `entry`: of the audit,
 * written with each transaction and what it did; null where there is none.
 */
export type ImportJob = { url: string; take: boolean; entry: AuditFields | null };

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

const EDIT: Columns = [
  ...texts("id", "prediction_id"),
  { name: "at", kind: "time" },
  ...texts("field", "before", "after"),
];

/** A connection in a transaction: a statement with at most one parameter, and its rows. */
type Query = (sql: string, parameter?: string) => Value[][] | Promise<Value[][]>;
type Store = {
  isSqlite: boolean;
  inTransaction: <T>(work: (query: Query) => Promise<T>) => Promise<T>;
};

function openSqlite(url: string): Store {
  const path = sqlitePath(url);
  const database = new Database(path, { timeout: WAIT_MS, fileMustExist: true });
  const opened = fileAt(path);
  addSha256(database);
  database.pragma("synchronous = FULL");
  const query: Query = (sql, parameter) => {
    const statement = database.prepare<string[], Value[]>(sql);
    const parameters = parameter === undefined ? [] : [parameter];
    if (statement.reader) return statement.raw().all(...parameters);
    statement.run(...parameters);
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
  const client = await connectClient(url, postgresSettings(url));
  const query: Query = async (sql, parameter) =>
    (
      await client.query<Value[]>({
        text: sql,
        values: parameter === undefined ? [] : [parameter],
        rowMode: "array",
      })
    ).rows;
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

/** A prediction of the file as it is to be saved: under its own id, or a new one where that does not tell its time. */
type Given = ReadPrediction & { line: number };

async function importAll({ url, take, entry }: ImportJob): Promise<ImportReport> {
  const store = databaseKind(url) === "sqlite" ? openSqlite(url) : await openPostgres(url);
  const modelIds = new Map<string, Value>();
  const report: ImportReport = {
    ...{ added: 0, present: 0, refused: 0, differing: 0, taken: 0 },
    ...{ refusals: [], differences: [] },
  };
  const refuse = (line: number, reason: string) => {
    report.refused++;
    if (report.refusals.length < MAX_REMARKS) report.refusals.push({ line, reason });
  };
  let batch: Given[] = [];
  const insert = async () => {
    const { added, differences } = await insertBatch(store, batch, modelIds, take, entry);
    report.added += added;
    report.present += batch.length - added;
    report.differing += differences.length;
    report.taken += differences.filter(({ isTaken }) => isTaken).length;
    for (const { line, reason } of differences.slice(0, MAX_REMARKS - report.differences.length))
      report.differences.push({ line, reason });
    batch = [];
  };
  for await (const { line, prediction } of readPredictions(process.stdin)) {
    const read = prediction.ok ? asAnswered(prediction.value) : prediction;
    if (!read.ok) refuse(line, read.error);
    else {
      batch.push({ ...read.value, line });
      if (batch.length === BATCH_ROWS) await insert();
    }
  }
  if (batch.length > 0) await insert();
  return report;
}

const own = createInProcessEndpoint(artifactJson);
/** What the reasons of every answer of this model start from. */
const BASE = own.answer([{ features: FEATURE_KEYS.map(() => 1) }]).predictions[0]?.base;
/** A spreadsheet writes 15 digits of a number, and shows fewer. */
const ROUNDING = 1e-9;

/**
 * A prediction of the model that is here as it gave it, to the last digit, whatever a spreadsheet wrote of that; refused
 * where it does not give that probability for these values. One of another model is as the file has it.
 */
function asAnswered(read: ReadPrediction): Result<ReadPrediction, string> {
  const { name, version, hash, threshold, uncertain } = own.identity;
  if (read.model_hash !== hash) return ok(read);
  const features = FEATURE_KEYS.map((key) => read[key]);
  const probability = own.score(features);
  if (Math.abs(probability - read.probability) > ROUNDING) {
    return fail(
      `The probability is not what ${name} ${version} gives for these values: were they rounded or changed?`,
    );
  }
  const band = {
    uncertain_level: uncertain?.level,
    uncertain_from: uncertain?.from,
    uncertain_to: uncertain?.to,
  };
  const exact = { probability, base: BASE, threshold, ...band };
  // Only what the file says too: an earlier file may have less.
  const kept = Object.entries(exact).filter(([name]) => read[name as keyof typeof exact] !== null);
  return ok({ ...read, ...Object.fromEntries(kept) });
}

/** Milliseconds between an id's time and the prediction's: nobody orders predictions more finely than that. */
const SAME_TIME_MS = 60_000;

/** The history is in the order of its ids: where one does not tell when the prediction was made, it gets another. */
function idFor({ id, created_at }: ReadPrediction): string {
  const time = id[14] === "7" ? Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : Number.NaN;
  return Math.abs(time - created_at.getTime()) <= SAME_TIME_MS ? id : uuidv7({ msecs: created_at.getTime() });
}

type Insert = (
  table: string,
  columns: Columns,
  rows: readonly Value[][],
  suffix?: string,
) => Promise<Value[][]>;
type Difference = { line: number; reason: string; isTaken: boolean };

/** Inserts what is not there yet, in one transaction, and compares the rest; how many were inserted. */
function insertBatch(
  store: Store,
  batch: readonly Given[],
  modelIds: Map<string, Value>,
  take: boolean,
  entry: AuditFields | null,
): Promise<{ added: number; differences: Difference[] }> {
  const { isSqlite, inTransaction } = store;
  return inTransaction(async (query) => {
    const insert: Insert = async (table, columns, rows, suffix = "") =>
      rows.length === 0 ? [] : query(insertStatement(isSqlite, table, columns, suffix), JSON.stringify(rows));
    const idOfModel = async (read: ReadPrediction): Promise<Value> => {
      const model = modelOf(read);
      const { name, version, hash, threshold, uncertain } = model;
      const identity = identityOf(model);
      let id = modelIds.get(identity);
      if (id === undefined) {
        const row = [name, version, hash, threshold, toJson(uncertain), identity];
        await insert("model", MODEL, [row], "ON CONFLICT (identity) DO NOTHING");
        const [found] = await query(
          `SELECT id FROM model WHERE identity = ${isSqlite ? "?" : "$1"}`,
          identity,
        );
        id = found?.[0] ?? null;
        modelIds.set(identity, id);
      }
      return id;
    };
    const kept = await findKept(store, query, batch);
    const fresh = batch.filter(({ id }) => !kept.has(id)).map((given) => ({ given, id: idFor(given) }));
    const rows: Value[][] = [];
    for (const { given, id } of fresh) rows.push(toRow(given, id, await idOfModel(given)));
    const inserted = await insert(
      "prediction",
      PREDICTION_COLUMNS,
      rows,
      "ON CONFLICT DO NOTHING RETURNING id",
    );
    const ids = new Set(inserted.map(([id]) => id));
    // Where the file has an id twice, the first was inserted.
    const added = fresh.filter(({ id }) => ids.delete(id));
    const withDetail = added.filter(
      ({ given: { contributions, typicality } }) => contributions !== null || typicality !== null,
    );
    const annotated = added.filter(({ given: { case_code, note } }) => case_code !== null || note !== null);
    await insert(
      "prediction_detail",
      DETAIL,
      withDetail.map(({ id, given }) => [id, toJson(given.contributions), toJson(given.typicality)]),
    );
    await insert(
      "annotation",
      ANNOTATION,
      annotated.map(({ id, given }) => [id, given.case_code, given.note]),
    );
    const changes = batch.flatMap((given) => {
      const prediction = kept.get(given.id);
      return prediction === undefined
        ? []
        : [{ given, kept: prediction, fields: changedFields(given, prediction) }];
    });
    const edited = changes.filter(({ fields }) => fields.length > 0);
    if (entry !== null && !isSqlite) await query(LOCK);
    if (take) await takeEdits(store, query, insert, edited);
    if (entry !== null) {
      const entries = entriesOf(entry, added.length, take ? edited : []);
      const { sql, parameters } = insertEntries(isSqlite ? "sqlite" : "postgresql", entries);
      for (const parameter of parameters) await query(sql, parameter);
    }
    const differences = changes.flatMap(({ given, kept, fields }) => {
      const names = [
        ...fields.map((field) => FIELDS[field]),
        ...(isSameCase(given, kept) ? [] : ["measurements"]),
      ];
      const reason = `Differs from the history in ${names.join(", ")}.`;
      return names.length === 0
        ? []
        : [{ line: given.line, reason, isTaken: take && fields.length === names.length }];
    });
    return { added: inserted.length, differences };
  });
}

type Edited = { given: Given; kept: Kept; fields: Editable[] };

/** What a transaction did, as the audit has it: how many it added, and each prediction that it changed. */
function entriesOf(entry: AuditFields, added: number, edited: readonly Edited[]): AuditFields[] {
  const at = new Date();
  const made = (act: Act, detail: AuditDetail, id: Value = null): AuditFields => ({
    ...entry,
    ...{ at, act, detail: JSON.stringify(detail) },
    ...(id !== null && { object: "prediction", objectId: String(id) }),
  });
  return [
    ...(added === 0 && edited.length === 0
      ? []
      : [made("history_imported", { added, changed: edited.length })]),
    ...edited.flatMap(({ given, kept, fields }) => {
      const noted = fields.flatMap((field) => (field === "outcome" ? [] : [FIELDS[field]]));
      return [
        ...(noted.length === 0 ? [] : [made("prediction_noted", { fields: noted }, kept.id)]),
        ...(noted.length === fields.length
          ? []
          : [made("outcome_recorded", { isRemoved: given.outcome === null }, kept.id)]),
      ];
    }),
  ];
}

/** A prediction that is there already; `outcome` in words, as the history of edits has it. */
type Kept = { id: Value } & Record<Editable, Value> & { values: Value[] };

/** What the history of edits calls them. */
const FIELDS = { outcome: "outcome", case_code: "case code", note: "note" } as const satisfies Record<
  Editable,
  string
>;

/** Those of the batch that are there already, under the file's own id or imported from it, by the file's id; `id` is null in the bin. */
async function findKept(
  { isSqlite }: Store,
  query: Query,
  batch: readonly Given[],
): Promise<Map<string, Kept>> {
  const list = isSqlite ? "json_each(?)" : "jsonb_array_elements_text($1::jsonb) AS list(value)";
  const day = isSqlite ? "substr(outcome_on, 1, 10)" : "(outcome_on AT TIME ZONE 'UTC')::date::text";
  const found = (condition: string) => `
    SELECT value, prediction.id, deleted_at IS NULL, outcome, ${day}, case_code, note, ${FEATURE_KEYS.join(", ")}
      FROM given JOIN prediction ON ${condition} LEFT JOIN annotation ON prediction_id = prediction.id`;
  const rows = await query(
    `WITH given AS MATERIALIZED (SELECT value FROM ${list}) ${found("prediction.id = value")} UNION ALL ${found(`idempotency_key = '${IMPORTED}' || value AND prediction.id <> value`)}`,
    JSON.stringify(batch.map(({ id }) => id)),
  );
  return new Map(
    rows.map(([fileId, id = null, isThere, outcome, on, caseCode = null, note = null, ...values]) => {
      const inWords = textOfOutcome(
        outcome ?? null,
        on === null || on === undefined ? null : new Date(String(on)),
      );
      const kept: Kept = { id, outcome: inWords, case_code: caseCode, note, values };
      return [String(fileId), isThere ? kept : { ...kept, id: null }];
    }),
  );
}

const textOfOutcome = (outcome: Value, on: Date | null) =>
  outcome === null ? null : outcomeText({ outcome: diagnosis.parse(outcome), on });

/** What a person changed; nothing of what is in the bin. A spreadsheet may write other line ends. */
function changedFields(given: Given, kept: Kept): Editable[] {
  const lines = (text: Value) => (typeof text === "string" ? text.replaceAll("\r\n", "\n") : text);
  return kept.id === null
    ? []
    : given.editable.filter((field) => lines(givenValue(given, field)) !== lines(kept[field]));
}

const givenValue = (given: Given, field: Editable) =>
  field === "outcome" ? textOfOutcome(given.outcome, given.outcome_on) : given[field];

const isSameCase = (given: Given, { id, values }: Kept) =>
  id === null || FEATURE_KEYS.every((key, at) => Object.is(given[key] + 0, values[at] ?? Number.NaN));

/** Takes over what was changed, each with its edit. */
async function takeEdits(
  { isSqlite }: Store,
  query: Query,
  insert: Insert,
  edited: readonly Edited[],
): Promise<void> {
  const at = timeText(new Date());
  const edits = edited.flatMap(({ given, kept, fields }) =>
    fields.map((field) => [uuidv7(), kept.id, at, FIELDS[field], kept[field], givenValue(given, field)]),
  );
  const outcomes = edited.flatMap(({ given, kept, fields }) =>
    fields.includes("outcome")
      ? [[kept.id, given.outcome, given.outcome_on === null ? null : timeText(given.outcome_on)]]
      : [],
  );
  const annotations = edited.flatMap(({ given, kept, fields }) => {
    const after = (field: "case_code" | "note") => (fields.includes(field) ? given[field] : kept[field]);
    return fields.some((field) => field !== "outcome") ? [[kept.id, after("case_code"), after("note")]] : [];
  });
  if (outcomes.length > 0) {
    await query(
      `UPDATE prediction SET outcome = value ->> 1, outcome_on = ${isSqlite ? "value ->> 2" : "(value ->> 2)::timestamptz(3)"}
        FROM ${givenRows(isSqlite)} WHERE prediction.id = value ->> 0`,
      JSON.stringify(outcomes),
    );
  }
  await insert(
    "annotation",
    ANNOTATION,
    annotations,
    "ON CONFLICT (prediction_id) DO UPDATE SET case_code = excluded.case_code, note = excluded.note",
  );
  await insert("edit", EDIT, edits);
}

/** The rows of the one JSON parameter of a statement, each as `value`. */
const givenRows = (isSqlite: boolean) =>
  isSqlite ? "json_each(?)" : "jsonb_array_elements($1::jsonb) AS given(value)";

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
  // Without the WHERE, SQLite takes ON CONFLICT for the condition of a join.
  return `INSERT INTO ${table} (${columns.map(({ name }) => name).join(", ")})
    SELECT ${cells.join(", ")} FROM ${givenRows(isSqlite)} WHERE TRUE ${suffix}`;
}

function toRow(prediction: Given, id: string, modelId: Value): Value[] {
  const row: Record<PredictionColumn, Value> = {
    ...prediction,
    id,
    deleted_at: null,
    created_at: timeText(prediction.created_at),
    outcome_on: prediction.outcome_on === null ? null : timeText(prediction.outcome_on),
    model_id: modelId,
    idempotency_key: IMPORTED + prediction.id,
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
