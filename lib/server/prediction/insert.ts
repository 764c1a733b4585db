import "server-only";
import type { AuditFields } from "@/lib/access/audit";
import { record, recordInThread } from "@/lib/server/access/audit";
import { ofRow } from "@/lib/server/access/audit-entry";
import { database } from "@/lib/server/database/db";
import { kindOfDatabase, placeholders } from "@/lib/server/database/dialect";
import { databaseUrl } from "@/lib/server/database/team-database";
import { writeInThread } from "@/lib/server/database/write-thread";
import { timeText } from "@/lib/time";
import { MEASUREMENT_COLUMNS, NEW_COLUMNS, type NewRow, type newRow } from "./new-prediction";

/** Inserts the rows of new predictions, those of requests that are handled at the same time together. */

type Rows = ReturnType<typeof newRow>;
type Waiting = { rows: Rows; entries: readonly AuditFields[]; settle: (inserted: Promise<boolean>) => void };
type Queue = { waiting: Waiting[]; underway: number };

// The pages and the API are bundled apart, so that a module variable would be a queue for each.
const shared = globalThis as { cytodeskInserts?: Map<string, Queue> };

/** What waits to be inserted into the database of the team that asks. */
function queueOfTeam(): Queue {
  shared.cytodeskInserts ??= new Map();
  const url = databaseUrl();
  const queue = shared.cytodeskInserts.get(url) ?? { waiting: [], underway: 0 };
  shared.cytodeskInserts.set(url, queue);
  return queue;
}

/**
 * Inserts a row durably; whether it was certainly new, which is not known where another of the same batch was not.
 * Rows of requests that are handled at the same time go into one transaction, since waiting for the disk takes longer
 * than all else. They share a failure too: nothing of the batch is then saved. `entries` of the audit are written where the
 * row is new.
 */
export function insertRow(rows: Rows, entries: readonly AuditFields[]): Promise<boolean> {
  const queue = queueOfTeam();
  return new Promise((settle) => {
    queue.waiting.push({ rows, entries, settle });
    if (queue.waiting.length === 1) setImmediate(insertWaiting, queue);
  });
}

/** Runs as the first of those that wait: all are of one team. */
function insertWaiting(queue: Queue): void {
  // SQLite has one writer: what comes meanwhile is the next batch. PostgreSQL has as many as there are connections.
  const { waiting } = queue;
  if (waiting.length === 0 || (queue.underway > 0 && kindOfDatabase() === "sqlite")) return;
  const batch = waiting.splice(0, MOST_ROWS);
  if (waiting.length > 0) setImmediate(insertWaiting, queue);
  const inserted = insertRows(
    batch.map(({ rows }) => rows),
    batch.flatMap(({ entries }) => entries),
  );
  for (const { settle } of batch) settle(inserted);
  const over = () => {
    queue.underway--;
    insertWaiting(queue);
  };
  queue.underway++;
  inserted.then(over, over);
}

/** At NEW_COLUMNS.length parameters a row, well below the 65,535 that PostgreSQL takes. */
const MOST_ROWS = 100;

const DETAIL_COLUMNS = ["prediction_id", "contributions", "typicality"] as const;
const ANNOTATION_COLUMNS = ["prediction_id", "case_code"] as const;
const MEASURED = Object.keys(MEASUREMENT_COLUMNS) as (keyof typeof MEASUREMENT_COLUMNS)[];

// Statements of our own rather than `createMany`: about five times the rows per second, and one round trip
// settles which of two equal submits wins.
const insertPredictions = (rows: string) =>
  `INSERT INTO prediction (${NEW_COLUMNS.join(", ")}) VALUES ${rows} ON CONFLICT (idempotency_key) DO NOTHING`;

// Where the prediction was there already, what belongs to it has no row to belong to.
const insertBeside =
  (table: string, columns: readonly string[], cells = "*") =>
  (rows: string) =>
    `INSERT INTO ${table} (${columns.join(", ")})
    SELECT ${cells} FROM (VALUES ${rows}) AS given
    WHERE EXISTS (SELECT 1 FROM prediction WHERE prediction.id = given.column1)`;
const insertDetails = insertBeside("prediction_detail", DETAIL_COLUMNS);
const insertAnnotations = insertBeside("annotation", ANNOTATION_COLUMNS);
const insertMeasurements = insertBeside(
  "measurement",
  MEASURED,
  MEASURED.map((name, at) => `CAST(column${at + 1} AS ${MEASUREMENT_COLUMNS[name]})`).join(", "),
);
const RECORDED = ofRow("prediction");

async function insertRows(batch: readonly Rows[], entries: readonly AuditFields[]): Promise<boolean> {
  // In one order in every process: two that wait for each other's keys would otherwise end as a deadlock.
  const rows = batch.map(({ row }) => row).sort(byKey);
  const details = batch.flatMap(({ detail }) =>
    detail === null ? [] : [DETAIL_COLUMNS.map((name) => detail[name])],
  );
  const annotations = batch.flatMap(({ annotation }) =>
    annotation === null ? [] : [ANNOTATION_COLUMNS.map((name) => annotation[name])],
  );
  const measurements = batch.flatMap(({ measurement }) =>
    measurement === null ? [] : [MEASURED.map((name) => measurement[name])],
  );
  const insert = kindOfDatabase() === "sqlite" ? insertInThread : insertByClient;
  return (await insert(rows, { details, annotations, measurements }, entries)) === rows.length;
}

/** What belongs to the rows, by its table. */
type Beside = Record<"details" | "annotations" | "measurements", readonly (string | null)[][]>;
type Insert = (
  rows: readonly NewRow[],
  beside: Beside,
  entries: readonly AuditFields[],
) => Promise<number | undefined>;

/** One row at a time, by statements that the thread keeps prepared. */
const insertInThread: Insert = async (rows, { details, annotations, measurements }, entries) => {
  const predictions = rows.map((row) =>
    NEW_COLUMNS.map((name) => (name === "created_at" ? timeText(row[name]) : row[name])),
  );
  const [inserted] = await writeInThread([
    { sql: insertPredictions(placeholders(predictions.slice(0, 1))), rows: predictions },
    { sql: insertDetails(placeholders([DETAIL_COLUMNS])), rows: details },
    { sql: insertAnnotations(placeholders([ANNOTATION_COLUMNS])), rows: annotations },
    { sql: insertMeasurements(placeholders([MEASURED])), rows: measurements },
    ...(entries.length === 0 ? [] : [recordInThread(entries, RECORDED)]),
  ]);
  return inserted;
};

const insertByClient: Insert = async (rows, { details, annotations, measurements }, entries) => {
  const db = await database();
  const predictions = rows.map((row) => NEW_COLUMNS.map((name) => row[name]));
  const inserting = db.$executeRawUnsafe(insertPredictions(placeholders(predictions)), ...predictions.flat());
  const beside = (
    [
      [details, insertDetails],
      [annotations, insertAnnotations],
      [measurements, insertMeasurements],
    ] as const
  ).filter(([given]) => given.length > 0);
  // Last, so that others wait no longer than the end of this takes.
  const recording = record(db, entries, RECORDED);
  if (beside.length === 0 && recording.length === 0) return inserting;
  const [inserted] = await db.$transaction([
    inserting,
    ...beside.map(([given, insert]) => db.$executeRawUnsafe(insert(placeholders(given)), ...given.flat())),
    ...recording,
  ]);
  return inserted;
};

const byKey = ({ idempotency_key: a }: NewRow, { idempotency_key: b }: NewRow) =>
  a < b ? -1 : Number(a > b);
