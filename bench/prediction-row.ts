import { randomUUID } from "node:crypto";
import type Database from "better-sqlite3";
import { identityOf, type ModelIdentity, type Prediction } from "../lib/contract";
import { NEW_COLUMNS, newRow } from "../lib/server/prediction/new-prediction";
import { timeText } from "../lib/time";

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

/** Saves predictions of one model as the server does, each in a transaction; each call gives the id and time. */
export function createInserter(
  database: Database.Database,
  model: ModelIdentity,
): (parts: RowParts) => { id: string; createdAt: string } {
  const modelId = idOfModel(database, model);
  const insertPrediction = database.prepare(
    `INSERT INTO prediction (${NEW_COLUMNS.join(", ")}) VALUES (${NEW_COLUMNS.map(() => "?").join(", ")})`,
  );
  const insertDetail = database.prepare(
    "INSERT INTO prediction_detail (prediction_id, contributions, typicality) VALUES (?, ?, ?)",
  );
  return database.transaction(({ createdAt: at = new Date(), ...parts }: RowParts) => {
    const { row, detail } = newRow({ ...parts, source: "form", model, backend: "embedded" }, modelId, at);
    const createdAt = timeText(at);
    insertPrediction.run(NEW_COLUMNS.map((name) => (name === "created_at" ? createdAt : row[name])));
    if (detail !== null) insertDetail.run(Object.values(detail));
    return { id: row.id, createdAt };
  });
}

/** A key as the form makes one. */
export const newFormKey = (): string => randomUUID();
