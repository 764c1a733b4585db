import { createHash } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import type { ModelIdentity, Prediction, Source } from "@/lib/contract";
import type { MeasurementRecord } from "@/lib/measure/record";
import { cautionsText } from "@/lib/prediction/cautions";
import { PREDICTION_COLUMNS, type PredictionColumn, type PredictionRow } from "@/lib/prediction/columns";
import { FEATURE_KEYS, type FeatureKey } from "@/tables/current";

/**
 * What its values were measured on, checked. `changed`: the keys of those that a person changed afterwards; `synthetic`:
 * whether the image was drawn by a computer.
 */
export type NewMeasurement = { record: MeasurementRecord; changed: FeatureKey[]; synthetic: boolean };

/** What is to be saved of one prediction, and the rows that it becomes. */
export type NewPrediction = {
  /** One per filled form: the same key with the same values is the same prediction. */
  formKey: string;
  /** The whole idempotency key of one that came by another door than the form. */
  idempotencyKey?: string;
  /** What a person calls the case, where one said. */
  caseCode?: string | null;
  measurement?: NewMeasurement | null;
  source: Source;
  values: readonly number[];
  prediction: Prediction;
  model: ModelIdentity;
  backend: string;
  latencyMs: number;
};

type SetLater = "deleted_at" | "outcome" | "outcome_on";
const SET_LATER: readonly PredictionColumn[] = ["deleted_at", "outcome", "outcome_on"] satisfies SetLater[];

/** The columns that a new prediction has, in the order of the statement that inserts it. */
export const NEW_COLUMNS = PREDICTION_COLUMNS.map(({ name }) => name).filter(
  (name): name is Exclude<PredictionColumn, SetLater> => !SET_LATER.includes(name),
);

export type NewRow = Omit<PredictionRow, SetLater>;
/** What a person wrote beside a new prediction. */
export type AnnotationRow = { prediction_id: string; case_code: string };
export type DetailRow = { prediction_id: string; contributions: string | null; typicality: string | null };

/** The columns of a measurement, each as both databases read it from a text. */
export const MEASUREMENT_COLUMNS = {
  prediction_id: "TEXT",
  algorithm: "TEXT",
  file_sha256: "TEXT",
  grey_sha256: "TEXT",
  type: "TEXT",
  width: "INTEGER",
  height: "INTEGER",
  factor: "DOUBLE PRECISION",
  grey: "TEXT",
  synthetic: "BOOLEAN",
  outlines: "TEXT",
  changed: "TEXT",
} as const;
export type MeasurementRow = Record<keyof typeof MEASUREMENT_COLUMNS, string>;

/** The row of a new prediction, which its id and time are made for, and of what only its page shows. */
export function newRow(
  entry: NewPrediction,
  modelId: number,
  createdAt = new Date(),
): {
  row: NewRow;
  detail: DetailRow | null;
  annotation: AnnotationRow | null;
  measurement: MeasurementRow | null;
} {
  const {
    caseCode = null,
    measurement = null,
    source,
    values,
    prediction,
    model,
    backend,
    latencyMs,
  } = entry;
  const id = uuidv7({ msecs: createdAt.getTime() });
  const { probability, diagnosis, label, base } = prediction;
  const contributions = toJson(prediction.contributions);
  const typicality = toJson(prediction.typicality);
  return {
    row: {
      id,
      ...stored(values),
      created_at: createdAt,
      source,
      diagnosis,
      label,
      cautions: cautionsText(prediction.cautions),
      probability,
      base,
      model_id: modelId,
      model_version: model.version,
      backend,
      latency_ms: latencyMs,
      idempotency_key: entry.idempotencyKey ?? keyOfForm(entry.formKey, values),
    },
    detail:
      contributions === null && typicality === null ? null : { prediction_id: id, contributions, typicality },
    annotation: caseCode === null ? null : { prediction_id: id, case_code: caseCode },
    measurement: measurement === null ? null : measurementRow(id, measurement),
  };
}

function measurementRow(id: string, { record, changed, synthetic }: NewMeasurement): MeasurementRow {
  const { algorithm, image, outlines } = record;
  const { sha256, greySha256, type, width, height, factor, grey } = image;
  return {
    ...{ prediction_id: id, algorithm, file_sha256: sha256, grey_sha256: greySha256, type, grey },
    ...{ width: String(width), height: String(height), factor: String(factor) },
    synthetic: synthetic ? "1" : "0",
    outlines: JSON.stringify(outlines),
    changed: JSON.stringify(changed),
  };
}

/** The values by key; null where one is not known, since not every database takes NaN for that. */
const stored = (values: readonly number[]) =>
  Object.fromEntries(
    FEATURE_KEYS.map((key, at) => [key, Number.isNaN(values[at]) ? null : values[at]]),
  ) as Record<FeatureKey, number | null>;

/** SHA-256, hexadecimal, of the form's key and its values. */
function keyOfForm(formKey: string, values: readonly number[]): string {
  return createHash("sha256")
    .update(`${formKey}\n${values.join(",")}`)
    .digest("hex");
}

export const toJson = (value: object | null) => (value === null ? null : JSON.stringify(value));
