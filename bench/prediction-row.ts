import { createHash, randomUUID } from "node:crypto";
import type Database from "better-sqlite3";
import { v7 as uuidv7 } from "uuid";
import { identityOf, type ModelIdentity, type Prediction } from "../lib/contract";
import { timeText } from "../lib/time";
import { FEATURE_KEYS } from "../tables/current";

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

/** The settings that lib/server/database/db.ts makes sure of. */
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
  latencyMs: number;
};

/** The id of a model's row, which is made where it is not there. */
export function idOfModel(database: Database.Database, model: ModelIdentity): number {
  const { name, version, hash, threshold, uncertain } = model;
  return database
    .prepare<unknown[], number>(
      `INSERT INTO model (name, version, hash, threshold, uncertain, identity) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (identity) DO UPDATE SET identity = identity RETURNING id`,
    )
    .pluck()
    .get(name, version, hash, threshold, JSON.stringify(uncertain), identityOf(model)) as number;
}

/** How predictions of one model are saved, as lib/server/prediction/predictions.ts does it; each call gives the id and time. */
export function createInserter(
  database: Database.Database,
  model: ModelIdentity,
): (parts: RowParts) => { id: string; createdAt: string } {
  const modelId = idOfModel(database, model);
  const insertPrediction = database.prepare(
    `INSERT INTO prediction (${COLUMNS.join(", ")}) VALUES (${COLUMNS.map(() => "?").join(", ")})`,
  );
  const insertDetail = database.prepare(
    "INSERT INTO prediction_detail (prediction_id, contributions, typicality) VALUES (?, ?, ?)",
  );
  return database.transaction(
    ({ formKey, createdAt: at = new Date(), values, prediction, latencyMs }: RowParts) => {
      const id = uuidv7({ msecs: at.getTime() });
      const createdAt = timeText(at);
      const key = createHash("sha256")
        .update(`${formKey}\n${values.join(",")}`)
        .digest("hex");
      const { probability, diagnosis, label, base, contributions, typicality } = prediction;
      insertPrediction.run(
        id,
        ...values,
        ...[
          probability,
          createdAt,
          diagnosis,
          label,
          "form",
          modelId,
          model.version,
          "embedded",
          latencyMs,
          base,
          key,
        ],
      );
      insertDetail.run(id, JSON.stringify(contributions), JSON.stringify(typicality));
      return { id, createdAt };
    },
  );
}

/** A key as the form makes one. */
export const newFormKey = (): string => randomUUID();
