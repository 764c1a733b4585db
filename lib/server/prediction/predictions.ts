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
import { readCautions } from "@/lib/prediction/cautions";
import { IMPORTED } from "@/lib/prediction/columns";
import type { Result } from "@/lib/result";
import { audit, entriesOf } from "@/lib/server/access/audit";
import { database } from "@/lib/server/database/db";
import { reading, type StoreError, writing } from "@/lib/server/database/store";
import { databaseUrl } from "@/lib/server/database/team-database";
import type {
  Model,
  PredictionDetail,
  Prediction as PredictionRow,
} from "@/lib/server/generated/sqlite/client";
import type { LogFields } from "@/lib/server/log";
import { FEATURE_KEYS } from "@/tables/current";
import { insertRow } from "./insert";
import { type NewPrediction, newRow, toJson } from "./new-prediction";

/** What this process knows of each team's table, from which no model is ever deleted. */
const modelIds = new Map<string, number>();

/** The id of a model that answered, which is kept at its first answer. */
async function idOfModel(model: ModelIdentity): Promise<number> {
  const { name, version, hash, threshold, uncertain } = model;
  const identity = identityOf(model);
  const place = `${databaseUrl()}\n${identity}`;
  const known = modelIds.get(place);
  if (known !== undefined) return known;
  const db = await database();
  // Another process may keep it at the same moment, which `upsert` would report as a failure.
  await db.$executeRaw`
    INSERT INTO model (name, version, hash, threshold, uncertain, identity)
    VALUES (${name}, ${version}, ${hash}, ${threshold}, ${toJson(uncertain)}, ${identity})
    ON CONFLICT (identity) DO NOTHING`;
  const { id } = await db.model.findUniqueOrThrow({ where: { identity }, select: { id: true } });
  modelIds.set(place, id);
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
  const about = { object: "prediction", objectId: id, modelHash: entry.model.hash } as const;
  if (await insertRow(rows, entriesOf("prediction_saved", about))) {
    return { id, createdAt, ...unsavedOf(entry), deletedAt: null, importedId: null };
  }
  const earlier = await (await database()).prediction.findUniqueOrThrow({
    where: { idempotencyKey },
    include: { model: true, detail: true },
  });
  return fromRow(earlier);
}

/** A prediction as pages show it before it has a row. */
export function unsavedOf({
  prediction,
  model,
  ...entry
}: Omit<NewPrediction, "formKey" | "caseCode">): UnsavedPrediction {
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
      if (row === null) return null;
      await audit("prediction_viewed", { object: "prediction", objectId: id, modelHash: row.model.hash });
      return fromRow(row);
    },
    { id },
  );
}

/** Any idempotency key from `first` to `last` that a saved prediction has; null where none has. */
export const findIdempotencyKey = (first: string, last: string): Promise<Result<string | null, StoreError>> =>
  reading(
    "prediction_not_read",
    async ({ prediction }) => {
      const where = { idempotencyKey: { gte: first, lte: last } };
      return (
        (await prediction.findFirst({ where, select: { idempotencyKey: true } }))?.idempotencyKey ?? null
      );
    },
    {},
    // It is asked for who predicts, and says nothing but that they did.
    "predict",
  );

/** JSON of a column, checked; null where it has none. */
export const fromJson = <T>(schema: z.ZodType<T>, text: string | null) =>
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
    cautions: readCautions(row.cautions),
    base: row.base,
    contributions: fromJson(contributions, row.detail?.contributions ?? null),
    typicality: fromJson(typicality, row.detail?.typicality ?? null),
    uncertain: fromJson(uncertainBand, row.model.uncertain),
    values: FEATURE_KEYS.map((key) => row[key] ?? Number.NaN),
    deletedAt: row.deletedAt,
    importedId: row.idempotencyKey.startsWith(IMPORTED) ? row.idempotencyKey.slice(IMPORTED.length) : null,
  };
}
