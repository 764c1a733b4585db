import { FEATURE_KEYS, type FeatureKey } from "../../tables/current";

/**
 * The columns of a saved prediction, in one list: what is inserted, exported and imported by the server, its threads, the
 * database's commands and the bench follows it. Files have those that are `inFile`, in this order, and the measurements.
 */

/** The characters that a person's texts can have. */
export const LONGEST = { case_code: 64, note: 2_000 };

/**
 * What the idempotency key of a prediction from a file begins with; its id there follows. The form that it came from is not
 * known here, and no form's key is like this.
 */
export const IMPORTED = "imported ";

/** `day`: a time of which only the day counts. */
export type ColumnKind = "text" | "number" | "integer" | "time" | "day";

type Column = {
  name: string;
  /** Where it is kept; of a model, the file's names say more than the table's. */
  table: "prediction" | "model" | "annotation";
  kind: ColumnKind;
  inFile: boolean;
  optional?: true;
};

const COLUMNS = [
  { name: "id", table: "prediction", kind: "text", inFile: true },
  { name: "deleted_at", table: "prediction", kind: "time", inFile: false, optional: true },
  { name: "created_at", table: "prediction", kind: "time", inFile: true },
  { name: "source", table: "prediction", kind: "text", inFile: true },
  { name: "diagnosis", table: "prediction", kind: "text", inFile: true },
  { name: "label", table: "prediction", kind: "text", inFile: true, optional: true },
  { name: "cautions", table: "prediction", kind: "text", inFile: true, optional: true },
  { name: "probability", table: "prediction", kind: "number", inFile: true },
  { name: "threshold", table: "model", kind: "number", inFile: true, optional: true },
  { name: "base", table: "prediction", kind: "number", inFile: true, optional: true },
  { name: "model_id", table: "prediction", kind: "integer", inFile: false },
  { name: "model_name", table: "model", kind: "text", inFile: true },
  { name: "model_version", table: "prediction", kind: "text", inFile: true },
  { name: "model_hash", table: "model", kind: "text", inFile: true, optional: true },
  { name: "uncertain_level", table: "model", kind: "number", inFile: true, optional: true },
  { name: "uncertain_from", table: "model", kind: "number", inFile: true, optional: true },
  { name: "uncertain_to", table: "model", kind: "number", inFile: true, optional: true },
  { name: "backend", table: "prediction", kind: "text", inFile: true },
  { name: "latency_ms", table: "prediction", kind: "number", inFile: true },
  { name: "outcome", table: "prediction", kind: "text", inFile: true, optional: true },
  { name: "outcome_on", table: "prediction", kind: "day", inFile: true, optional: true },
  { name: "case_code", table: "annotation", kind: "text", inFile: true, optional: true },
  { name: "note", table: "annotation", kind: "text", inFile: true, optional: true },
  { name: "idempotency_key", table: "prediction", kind: "text", inFile: false },
] as const satisfies readonly Column[];

type Listed = (typeof COLUMNS)[number];
type OfPrediction = Extract<Listed, { table: "prediction" }>;
type InFile = Extract<Listed, { inFile: true }>;
export type PredictionColumn = OfPrediction["name"] | FeatureKey;
export type FileColumn = InFile["name"];

type Stored = { text: string; number: number; integer: number; time: Date; day: Date };

/** A row of the table `prediction`. */
export type PredictionRow = {
  [C in OfPrediction as C["name"]]: Stored[C["kind"]] | (C extends { optional: true } ? null : never);
} & Record<FeatureKey, number | null>;

const MEASUREMENTS = FEATURE_KEYS.map((name) => ({ name, kind: "number", inFile: false }) as const);

/** The columns of the table `prediction`. */
export const PREDICTION_COLUMNS: readonly { name: PredictionColumn; kind: ColumnKind; inFile: boolean }[] = [
  ...COLUMNS.filter((column): column is OfPrediction => column.table === "prediction"),
  ...MEASUREMENTS,
];
export const FILE_COLUMNS = COLUMNS.filter((column): column is InFile => column.inFile);
