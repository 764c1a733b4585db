import { createHash, randomUUID } from "node:crypto";
import type Database from "better-sqlite3";
import { v7 as uuidv7 } from "uuid";
import type { ModelIdentity, Prediction } from "../lib/schema";
import { FEATURE_KEYS } from "../model/features";

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
  "label",
  "base",
  "contributions",
  "typicality",
  "uncertain",
  "idempotency_key",
  ...FEATURE_KEYS,
] as const;

/** The statement that lib/server/predictions.ts saves with. */
export const INSERT = `INSERT INTO prediction (${COLUMNS.join(", ")}) VALUES (${COLUMNS.map(() => "?").join(", ")})
  ON CONFLICT (idempotency_key) DO NOTHING`;

/** The settings that lib/server/db.ts makes sure of. */
export function makeDurable(database: Database.Database): void {
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = FULL");
  database.pragma("busy_timeout = 1000");
}

export type RowParts = {
  formKey: string;
  createdAt?: Date;
  values: readonly number[];
  prediction: Prediction;
  model: ModelIdentity;
  latencyMs: number;
};

/** The parameters of INSERT for one prediction, its id first. */
export function toRow(parts: RowParts): [id: string, ...(string | number | null)[]] {
  const { formKey, createdAt = new Date(), values, prediction, model, latencyMs } = parts;
  return [
    uuidv7({ msecs: createdAt.getTime() }),
    // As Prisma's adapter writes dates.
    createdAt.toISOString().replace("Z", "+00:00"),
    prediction.diagnosis,
    prediction.probability,
    model.threshold,
    model.name,
    model.version,
    model.hash,
    "embedded",
    latencyMs,
    "form",
    prediction.label,
    prediction.base,
    JSON.stringify(prediction.contributions),
    JSON.stringify(prediction.typicality),
    JSON.stringify(model.uncertain),
    createHash("sha256")
      .update(`${formKey}\n${values.join(",")}`)
      .digest("hex"),
    ...values,
  ];
}

/** A key as the form makes one. */
export const newFormKey = (): string => randomUUID();
