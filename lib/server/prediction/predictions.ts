import "server-only";
import * as z from "zod";
import {
  contributions,
  diagnosis,
  identityOf,
  label,
  type ModelIdentity,
  type SavedPrediction,
  SOURCES,
  typicality,
  type UnsavedPrediction,
  uncertainBand,
} from "@/lib/contract";
import type { Result } from "@/lib/result";
import { database } from "@/lib/server/database/db";
import { placeholders } from "@/lib/server/database/dialect";
import { reading, type StoreError, writing } from "@/lib/server/database/store";
import type {
  Model,
  PredictionDetail,
  Prediction as PredictionRow,
} from "@/lib/server/generated/sqlite/client";
import type { LogFields } from "@/lib/server/log";
import { FEATURE_KEYS } from "@/tables/current";
import { NEW_COLUMNS, type NewPrediction, type NewRow, newRow, toJson } from "./new-prediction";

type Rows = ReturnType<typeof newRow>;
type Waiting = { rows: Rows; settle: (inserted: Promise<boolean>) => void };
const waiting: Waiting[] = [];

/**
 * Inserts a row durably; whether it was certainly new, which is not known where another of the same batch was not.
 * Rows of requests that are handled at the same time go into one transaction, since waiting for the disk takes longer
 * than all else and holds up the whole process. They share a failure too: nothing of the batch is then saved.
 */
function insertRow(rows: Rows): Promise<boolean> {
  return new Promise((settle) => {
    waiting.push({ rows, settle });
    if (waiting.length === 1) setImmediate(insertWaiting);
  });
}

function insertWaiting(): void {
  const batch = waiting.splice(0, MOST_ROWS);
  if (waiting.length > 0) setImmediate(insertWaiting);
  const inserted = insertRows(batch.map(({ rows }) => rows));
  for (const { settle } of batch) settle(inserted);
}

/** At NEW_COLUMNS.length parameters a row, well below the 32,766 that SQLite takes and the 65,535 of PostgreSQL. */
const MOST_ROWS = 100;

const DETAIL_COLUMNS = ["prediction_id", "contributions", "typicality"] as const;

// Statements of our own rather than `createMany`: about five times the rows per second, and one round trip
// settles which of two equal submits wins.
async function insertRows(batch: readonly Rows[]): Promise<boolean> {
  const db = await database();
  // In one order in every process: two that wait for each other's keys would otherwise end as a deadlock.
  const rows = batch.map(({ row }) => row).sort(byKey);
  const predictions = rows.map((row) => NEW_COLUMNS.map((name) => row[name]));
  const details = batch.flatMap(({ detail }) =>
    detail === null ? [] : [DETAIL_COLUMNS.map((name) => detail[name])],
  );
  const insertPredictions = db.$executeRawUnsafe(
    `INSERT INTO prediction (${NEW_COLUMNS.join(", ")}) VALUES ${placeholders(predictions)}
      ON CONFLICT (idempotency_key) DO NOTHING`,
    ...predictions.flat(),
  );
  if (details.length === 0) return (await insertPredictions) === rows.length;
  // Where the prediction was there already, its detail has no row to belong to.
  const insertDetails = db.$executeRawUnsafe(
    `INSERT INTO prediction_detail (${DETAIL_COLUMNS.join(", ")})
      SELECT * FROM (VALUES ${placeholders(details)}) AS given
      WHERE EXISTS (SELECT 1 FROM prediction WHERE prediction.id = given.column1)`,
    ...details.flat(),
  );
  const [inserted] = await db.$transaction([insertPredictions, insertDetails]);
  return inserted === rows.length;
}

const byKey = ({ idempotency_key: a }: NewRow, { idempotency_key: b }: NewRow) =>
  a < b ? -1 : Number(a > b);

/** What this process knows of the table, from which no model is ever deleted. */
const modelIds = new Map<string, number>();

/** The id of a model that answered, which is kept at its first answer. */
async function idOfModel(model: ModelIdentity): Promise<number> {
  const { name, version, hash, threshold, uncertain } = model;
  const identity = identityOf(model);
  const known = modelIds.get(identity);
  if (known !== undefined) return known;
  const db = await database();
  // Another process may keep it at the same moment, which `upsert` would report as a failure.
  await db.$executeRaw`
    INSERT INTO model (name, version, hash, threshold, uncertain, identity)
    VALUES (${name}, ${version}, ${hash}, ${threshold}, ${toJson(uncertain)}, ${identity})
    ON CONFLICT (identity) DO NOTHING`;
  const { id } = await db.model.findUniqueOrThrow({ where: { identity }, select: { id: true } });
  modelIds.set(identity, id);
  return id;
}

/** Saves a prediction, or returns the one already saved for the same form and values; a failure is logged with `fields`. */
export const savePrediction = (
  entry: NewPrediction,
  fields?: LogFields,
): Promise<Result<SavedPrediction, StoreError>> => writing("not_saved", () => save(entry), fields);

async function save(entry: NewPrediction): Promise<SavedPrediction> {
  const rows = newRow(entry, await idOfModel(entry.model));
  const { id, created_at: createdAt, idempotency_key: idempotencyKey } = rows.row;
  if (await insertRow(rows)) return { id, createdAt, ...unsavedOf(entry), deletedAt: null };
  const earlier = await (await database()).prediction.findUniqueOrThrow({
    where: { idempotencyKey },
    include: { model: true, detail: true },
  });
  return fromRow(earlier);
}

/** A prediction as pages show it before it has a row. */
export function unsavedOf({ prediction, model, ...entry }: NewPrediction): UnsavedPrediction {
  return {
    ...prediction,
    threshold: model.threshold,
    uncertain: model.uncertain,
    modelName: model.name,
    modelVersion: model.version,
    modelHash: model.hash,
    backend: entry.backend,
    latencyMs: entry.latencyMs,
    source: entry.source,
    values: [...entry.values],
  };
}

/** One saved prediction, deleted or not; null where no row has this id. */
export async function findPrediction(id: string): Promise<Result<SavedPrediction | null, StoreError>> {
  return reading(
    "prediction_not_read",
    async ({ prediction }) => {
      const row = await prediction.findUnique({ where: { id }, include: { model: true, detail: true } });
      return row === null ? null : fromRow(row);
    },
    { id },
  );
}

const fromJson = <T>(schema: z.ZodType<T>, text: string | null) =>
  text === null ? null : schema.parse(JSON.parse(text));

/** Throws where a row was not written by this application: its enums and JSON are checked by the writer. */
export function fromRow(
  row: PredictionRow & { model: Model; detail: PredictionDetail | null },
): SavedPrediction {
  return {
    id: row.id,
    createdAt: row.createdAt,
    diagnosis: diagnosis.parse(row.diagnosis),
    probability: row.probability,
    threshold: row.model.threshold,
    modelName: row.model.name,
    modelVersion: row.model.version,
    modelHash: row.model.hash,
    backend: row.backend,
    latencyMs: row.latencyMs,
    source: z.enum(SOURCES).parse(row.source),
    label: label.nullable().parse(row.label),
    base: row.base,
    contributions: fromJson(contributions, row.detail?.contributions ?? null),
    typicality: fromJson(typicality, row.detail?.typicality ?? null),
    uncertain: fromJson(uncertainBand, row.model.uncertain),
    values: FEATURE_KEYS.map((key) => row[key]),
    deletedAt: row.deletedAt,
  };
}
