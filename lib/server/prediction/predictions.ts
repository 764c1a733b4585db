import "server-only";
import { createHash } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import * as z from "zod";
import {
  contributions,
  diagnosis,
  identityOf,
  label,
  type ModelIdentity,
  type Prediction,
  type SavedPrediction,
  SOURCES,
  type Source,
  typicality,
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

export type NewPrediction = {
  /** One per filled form: the same key with the same values is the same prediction. */
  formKey: string;
  source: Source;
  values: readonly number[];
  prediction: Prediction;
  model: ModelIdentity;
  backend: string;
  latencyMs: number;
};

const COLUMNS = [
  "id",
  ...FEATURE_KEYS,
  "probability",
  "created_at",
  "diagnosis",
  "label",
  "source",
  "model_id",
  "model_version",
  "backend",
  "latency_ms",
  "base",
  "idempotency_key",
];
const DETAIL_COLUMNS = ["prediction_id", "contributions", "typicality"];

type Value = string | number | Date | null;
type Row = { prediction: readonly Value[]; detail: readonly Value[] | null };
type Waiting = { row: Row; settle: (inserted: Promise<boolean>) => void };
const waiting: Waiting[] = [];

/**
 * Inserts a row durably; whether it was certainly new, which is not known where another of the same batch was not.
 * Rows of requests that are handled at the same time go into one transaction, since waiting for the disk takes longer
 * than all else and holds up the whole process. They share a failure too: nothing of the batch is then saved.
 */
function insertRow(row: Row): Promise<boolean> {
  return new Promise((settle) => {
    waiting.push({ row, settle });
    if (waiting.length === 1) setImmediate(insertWaiting);
  });
}

function insertWaiting(): void {
  const batch = waiting.splice(0, MOST_ROWS);
  if (waiting.length > 0) setImmediate(insertWaiting);
  const inserted = insertRows(batch.map(({ row }) => row));
  for (const { settle } of batch) settle(inserted);
}

/** At COLUMNS.length parameters a row, well below the 32,766 that SQLite takes and the 65,535 of PostgreSQL. */
const MOST_ROWS = 100;

// Statements of our own rather than `createMany`: about five times the rows per second, and one round trip
// settles which of two equal submits wins.
async function insertRows(rows: readonly Row[]): Promise<boolean> {
  const db = await database();
  // In one order in every process: two that wait for each other's keys would otherwise end as a deadlock.
  const predictions = rows.map(({ prediction }) => prediction).sort(byKey);
  const details = rows.flatMap(({ detail }) => (detail === null ? [] : [detail]));
  const insertPredictions = db.$executeRawUnsafe(
    `INSERT INTO prediction (${COLUMNS.join(", ")}) VALUES ${placeholders(predictions)}
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

const KEY_AT = COLUMNS.indexOf("idempotency_key");
const byKey = (a: readonly Value[], b: readonly Value[]) =>
  String(a[KEY_AT]) < String(b[KEY_AT]) ? -1 : Number(String(a[KEY_AT]) > String(b[KEY_AT]));

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

/** SHA-256, hexadecimal, of the form's key and its values. */
function idempotencyKey(formKey: string, values: readonly number[]): string {
  return createHash("sha256")
    .update(`${formKey}\n${values.join(",")}`)
    .digest("hex");
}

/** Saves a prediction, or returns the one already saved for the same form and values; a failure is logged with `fields`. */
export const savePrediction = (
  entry: NewPrediction,
  fields?: LogFields,
): Promise<Result<SavedPrediction, StoreError>> => writing("not_saved", () => save(entry), fields);

async function save(entry: NewPrediction): Promise<SavedPrediction> {
  const { prediction, model } = entry;
  const key = idempotencyKey(entry.formKey, entry.values);
  const id = uuidv7();
  const createdAt = new Date();
  const modelId = await idOfModel(model);
  const contributions = toJson(prediction.contributions);
  const typicality = toJson(prediction.typicality);
  const inserted = await insertRow({
    prediction: [
      id,
      ...entry.values,
      prediction.probability,
      createdAt,
      prediction.diagnosis,
      prediction.label,
      entry.source,
      modelId,
      model.version,
      entry.backend,
      entry.latencyMs,
      prediction.base,
      key,
    ],
    detail: contributions === null && typicality === null ? null : [id, contributions, typicality],
  });
  if (!inserted) {
    const earlier = await (await database()).prediction.findUniqueOrThrow({
      where: { idempotencyKey: key },
      include: { model: true, detail: true },
    });
    return fromRow(earlier);
  }
  return {
    id,
    createdAt,
    diagnosis: prediction.diagnosis,
    probability: prediction.probability,
    threshold: model.threshold,
    modelName: model.name,
    modelVersion: model.version,
    modelHash: model.hash,
    backend: entry.backend,
    latencyMs: entry.latencyMs,
    source: entry.source,
    label: prediction.label,
    base: prediction.base,
    contributions: prediction.contributions,
    typicality: prediction.typicality,
    uncertain: model.uncertain,
    values: [...entry.values],
    deletedAt: null,
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

const toJson = (value: object | null) => (value === null ? null : JSON.stringify(value));

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
