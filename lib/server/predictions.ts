import "server-only";
import { createHash } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import * as z from "zod";
import { fail, ok, type Result } from "@/lib/result";
import {
  diagnosis,
  type ModelIdentity,
  type Prediction,
  type SavedPrediction,
  SOURCES,
  type Source,
} from "@/lib/schema";
import { database } from "@/lib/server/db";
import type { Prediction as PredictionRow } from "@/lib/server/generated/client";
import { FEATURE_KEYS } from "@/model/features";

/** Why the repository could not do what was asked; the cause is for the log, never for the page. */
export type StoreError = { code: "not_saved" | "not_read"; cause: unknown };

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
  "created_at",
  "diagnosis",
  "probability",
  "threshold",
  "model_name",
  "model_version",
  "model_hash",
  "backend",
  "latency_ms",
  "source",
  "contributions",
  "idempotency_key",
  ...FEATURE_KEYS,
];

// A statement of its own rather than `create`: about five times the rows per second, and one round trip
// settles which of two equal submits wins.
const INSERT = `INSERT INTO prediction (${COLUMNS.join(", ")}) VALUES (${COLUMNS.map(() => "?").join(", ")})
  ON CONFLICT (idempotency_key) DO NOTHING`;

/** SHA-256, hexadecimal, of the form's key and its 30 values. */
function idempotencyKey(formKey: string, values: readonly number[]): string {
  return createHash("sha256")
    .update(`${formKey}\n${values.join(",")}`)
    .digest("hex");
}

/** Saves a prediction, or returns the one already saved for the same form and values. */
export async function savePrediction(entry: NewPrediction): Promise<Result<SavedPrediction, StoreError>> {
  const { prediction, model } = entry;
  const key = idempotencyKey(entry.formKey, entry.values);
  const id = uuidv7();
  const createdAt = new Date();
  const contributions = prediction.contributions;
  try {
    const db = await database();
    const inserted = await db.$executeRawUnsafe(
      INSERT,
      id,
      createdAt,
      prediction.diagnosis,
      prediction.probability,
      model.threshold,
      model.name,
      model.version,
      model.hash,
      entry.backend,
      entry.latencyMs,
      entry.source,
      contributions === null ? null : JSON.stringify(contributions),
      key,
      ...entry.values,
    );
    if (inserted === 0) {
      const earlier = await db.prediction.findUniqueOrThrow({ where: { idempotencyKey: key } });
      return ok(fromRow(earlier));
    }
  } catch (cause) {
    return fail({ code: "not_saved", cause });
  }
  return ok({
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
    contributions,
    values: [...entry.values],
    deletedAt: null,
  });
}

/** One saved prediction, deleted or not; null where no row has this id. */
export async function findPrediction(id: string): Promise<Result<SavedPrediction | null, StoreError>> {
  try {
    const row = await (await database()).prediction.findUnique({ where: { id } });
    return ok(row === null ? null : fromRow(row));
  } catch (cause) {
    return fail({ code: "not_read", cause });
  }
}

const storedContributions = z.array(z.number()).length(FEATURE_KEYS.length);

/** Throws where a row was not written by this application: its enums and JSON are checked by the writer. */
function fromRow(row: PredictionRow): SavedPrediction {
  return {
    id: row.id,
    createdAt: row.createdAt,
    diagnosis: diagnosis.parse(row.diagnosis),
    probability: row.probability,
    threshold: row.threshold,
    modelName: row.modelName,
    modelVersion: row.modelVersion,
    modelHash: row.modelHash,
    backend: row.backend,
    latencyMs: row.latencyMs,
    source: z.enum(SOURCES).parse(row.source),
    contributions:
      row.contributions === null ? null : storedContributions.parse(JSON.parse(row.contributions)),
    values: FEATURE_KEYS.map((key) => row[key]),
    deletedAt: row.deletedAt,
  };
}
