import * as z from "zod";
import { FEATURES, type Feature, type FeatureKey, table } from "../tables/current";
import { below } from "./number-text";
import { holdsValue, readWireValue, type WireValue, wireValue } from "./prediction/value";
import type { Result } from "./result";

/**
 * The wire contract between web application, API Gateway, Lambda and model.
 * Every hop parses with these; see docs/decisions/0002-wire-contract.md.
 */

/** The tightest limit on the path, in bytes: SageMaker serverless (Lambda has 6 MB, API Gateway 10 MB). */
const MOST_ANSWERED = 4_000_000;
/** What a row's answer takes at most, where every measurement stands out. */
const ROW_BYTES = 300 + 60 * FEATURES.length;

/** Rows in one request; fewer where a table is wide. */
export const MAX_INSTANCES = Math.min(1_800, Math.floor(MOST_ANSWERED / ROW_BYTES));

/** The least value of any column. */
export const LEAST_VALUE = Math.min(...FEATURES.map(({ least }) => least));

/** A value of a column as a number: finite, and not below the least that the table allows. */
export const measuredValue = ({ least }: Pick<Feature, "least">) =>
  least === -Number.MAX_VALUE ? z.number() : z.number().min(least);

/** One case as programs here have it: a number of each column, in the table's order; null stands for NaN, as JSON writes it. */
export const featureVector = z
  .array(z.union([z.number(), z.nan(), z.null().transform(() => Number.NaN)]))
  .length(FEATURES.length)
  .refine(
    (values) => FEATURES.every((feature) => holdsValue(feature, values[feature.index] ?? Number.NaN)),
    "a column cannot hold its value",
  );

/** A value of a column on the wire: a number, a category's code or a boolean; null only where it may miss. */
export function wireColumn(feature: Feature): z.ZodType<WireValue, WireValue> {
  const { type, levels, mayMiss } = feature;
  const known =
    type === "number" ? measuredValue(feature) : type === "yes-no" ? z.boolean() : z.enum([...levels]);
  return mayMiss ? known.nullable() : known;
}

/** What the wire wants of a column, in words. */
export function wantedOf({ type, levels, mayMiss, least }: Feature): string {
  const known = {
    number: `a number that is finite${least === -Number.MAX_VALUE ? "" : ` and not ${below(least)}`}`,
    category: `one of ${levels.map((code) => `“${code}”`).join(", ")}`,
    "yes-no": "true or false",
  }[type];
  return mayMiss ? `${known}, or null` : known;
}

/** Whether every column is a number that has to be known, so that a case is the same on the wire and in a file as in a program. */
export const AS_NUMBERS = FEATURES.every(({ type, mayMiss }) => type === "number" && !mayMiss);

/** One case on the wire: a value of each column, in the table's order. */
export const wireVector: z.ZodType<WireValue[], WireValue[]> = AS_NUMBERS
  ? z
      .array(measuredValue({ least: LEAST_VALUE }))
      .length(FEATURES.length)
      .refine(
        (values) => FEATURES.every(({ index, least }) => (values[index] ?? least) >= least),
        "a value is below the least of its column",
      )
  : z.tuple(FEATURES.map(wireColumn) as [z.ZodType<WireValue, WireValue>]);

/** The values of a case that `wireVector` has let through. */
export const readWireVector = (wire: readonly WireValue[]): number[] =>
  FEATURES.map((feature) => readWireValue(feature, wire[feature.index]) ?? Number.NaN);

/** A case as the wire has it. */
export const writeWireVector = (values: readonly number[]): readonly WireValue[] =>
  AS_NUMBERS ? values : FEATURES.map((feature) => wireValue(feature, values[feature.index] ?? Number.NaN));

export const instance = z.strictObject({ features: wireVector.transform(readWireVector) });

/** What every hop parses; its cases have numbers alone. */
export const predictRequest = z.strictObject({ instances: z.array(instance).min(1).max(MAX_INSTANCES) });
export type PredictRequest = z.infer<typeof predictRequest>;

/** The body that asks for these cases. */
export const writePredictRequest = (cases: readonly (readonly number[])[]): string =>
  JSON.stringify({ instances: cases.map((values) => ({ features: writeWireVector(values) })) });

const { positive, negative } = table.classes;

export const diagnosis = z.enum([positive, negative]);
export type Diagnosis = z.infer<typeof diagnosis>;

/** Probability of the positive class, 0..1; NaN and Infinity are refused. */
export const probability = z.number().min(0).max(1);

/**
 * The diagnosis where the model is sure enough of it by its stated level and nothing speaks against the values; else
 * "uncertain", for a person to review, or "no_answer" where they cannot be one case's.
 */
export const label = z.enum([positive, negative, "uncertain", "no_answer"]);
export type Label = z.infer<typeof label>;

/** Whether a person has to look, since the model does not answer alone; false where it knows no third answer. */
export const isLeftToPerson = (label: Label | null) => label === "uncertain" || label === "no_answer";

/** Probabilities between which an answer is uncertain, and the share of each class that keeps its true label. */
export const uncertainBand = z.object({ level: probability, from: probability, to: probability });
export type UncertainBand = z.infer<typeof uncertainBand>;

/**
 * `threshold` is null when an endpoint decides by a threshold it does not tell; `uncertain` is null when it knows no
 * third answer.
 */
export const modelIdentity = z.object({
  name: z.string().min(1).max(100),
  version: z.string().min(1).max(100),
  hash: z.string().max(100).nullable(),
  threshold: probability.nullable(),
  uncertain: uncertainBand.nullable().default(null),
});
export type ModelIdentity = z.infer<typeof modelIdentity>;

/** A model's identity as one text, by which it is kept once; SQL cannot compare what is null. */
export const identityOf = ({ name, version, hash, threshold, uncertain }: ModelIdentity): string =>
  JSON.stringify([name, version, hash, threshold, uncertain]);

/** Additive terms on the logit scale, one for each measurement, in the table's order. */
export const contributions = z.array(z.number()).length(FEATURES.length);

/** Whether a case lies outside the training cloud (`distance` above 1), and the measurements that stand out, by index. */
export const typicality = z.object({
  atypical: z.boolean(),
  distance: z.number().nonnegative(),
  unusual: z
    .array(
      z.object({
        index: z
          .int()
          .min(0)
          .max(FEATURES.length - 1),
        reason: z.enum(["below_range", "above_range", "unlike_the_others"]),
      }),
    )
    .max(FEATURES.length),
  /**
   * By what factor the values look multiplied, by the table's scales, and its logarithm in standard deviations of the training
   * cases.
   */
  scales: z
    .array(z.object({ key: z.string().max(40), factor: z.number().positive(), deviations: z.number() }))
    .max(20)
    .default([]),
});
export type Typicality = z.infer<typeof typicality>;

/** Why an answer is not to be trusted, by codes such as "atypical" or "scale_size"; none where it is. */
export const cautions = z.array(z.string().regex(/^[a-z][a-z_]{0,39}$/)).max(20);

/** What an answer may say beyond diagnosis and probability; null where the endpoint gives none of it. */
export const assessment = {
  label: label.nullable().default(null),
  /** The logit is `base` plus the sum of `contributions`. */
  base: z.number().nullable().default(null),
  contributions: contributions.nullable().default(null),
  typicality: typicality.nullable().default(null),
  cautions: cautions.nullable().default(null),
};

/** How far a probability may lie from what its terms give: a model may count in single precision. */
const ROUNDING = 1e-5;

/** Whether the probability is what its own base and contributions give, where there are any. */
export function addsUp({
  probability,
  base,
  contributions,
}: Pick<z.infer<typeof prediction>, "probability" | "base" | "contributions">): boolean {
  if (base === null || contributions === null) return true;
  const logit = contributions.reduce((sum, term) => sum + term, base);
  return Math.abs(1 / (1 + Math.exp(-logit)) - probability) <= ROUNDING;
}

/** `probability` is of the positive class. */
const prediction = z.object({ diagnosis, probability, ...assessment });
export type Prediction = z.infer<typeof prediction>;

// No sensible threshold lies outside: without one, a label that only such a threshold gives is a wrong label.
const PLAUSIBLE_THRESHOLD = { low: 0.05, high: 0.95 };

/**
 * Whether every label that is certain is the diagnosis, and every diagnosis follows from its probability: by
 * `threshold` where it is known, otherwise by any one plausible threshold for all rows.
 */
export function agrees(
  predictions: readonly Pick<Prediction, "diagnosis" | "probability" | "label">[],
  threshold: number | null,
): boolean {
  const contradicted = ({ label, diagnosis }: Pick<Prediction, "diagnosis" | "label">) =>
    (label === positive || label === negative) && label !== diagnosis;
  if (predictions.some(contradicted)) return false;
  if (threshold !== null) {
    return predictions.every((p) => (p.diagnosis === positive) === p.probability >= threshold);
  }
  let lowestPositive = Number.POSITIVE_INFINITY;
  let highestNegative = Number.NEGATIVE_INFINITY;
  for (const p of predictions) {
    if (p.diagnosis === positive) lowestPositive = Math.min(lowestPositive, p.probability);
    else highestNegative = Math.max(highestNegative, p.probability);
  }
  return (
    highestNegative < lowestPositive &&
    lowestPositive >= PLAUSIBLE_THRESHOLD.low &&
    highestNegative <= PLAUSIBLE_THRESHOLD.high
  );
}

/** Characters that a request id may have in a log and a header; any other caller's id is replaced. */
export const REQUEST_ID = /^[\w.:=-]{1,128}$/;

/** What every 200 answer says: one prediction an instance, in the request's order. */
export const predictAnswer = z
  .object({
    predictions: z.array(prediction).min(1),
    model: modelIdentity,
    requestId: z.string().min(1).max(200),
  })
  .refine(
    ({ predictions, model }) => agrees(predictions, model.threshold),
    "a diagnosis contradicts its label, or its probability and the threshold",
  )
  .refine(({ predictions }) => predictions.every(addsUp), "a probability contradicts its contributions");
export type PredictAnswer = z.infer<typeof predictAnswer>;

const errorCode = z.enum([
  "bad_request",
  "too_large",
  "model_contract",
  "model_failed",
  "model_unavailable",
  "misconfigured",
  "timeout",
  "bad_answer",
]);

export type ErrorCode = z.infer<typeof errorCode>;

/** What every non-200 answer of the Lambda says. */
export const errorAnswer = z.object({
  error: z.object({ code: errorCode, message: z.string(), retryable: z.boolean() }),
  requestId: z.string().optional(),
});
export type PathError = z.infer<typeof errorAnswer>["error"];

/** Where a saved prediction came from. */
export const SOURCES = ["form", "sample", "api", "batch", "image"] as const;
export type Source = (typeof SOURCES)[number];

/** One row of the history as pages see it; `values` are in the table's order. */
export type SavedPrediction = {
  id: string;
  createdAt: Date;
  diagnosis: Diagnosis;
  probability: number;
  threshold: number | null;
  modelName: string;
  modelVersion: string;
  modelHash: string | null;
  backend: string;
  latencyMs: number;
  source: Source;
  label: Label | null;
  base: number | null;
  contributions: number[] | null;
  typicality: Typicality | null;
  /** Null where the model tells none. */
  cautions: string[] | null;
  uncertain: UncertainBand | null;
  values: number[];
  deletedAt: Date | null;
  /** Its id in the file that it was imported from; null where it was made here. */
  importedId: string | null;
};

/** One row of the bin. */
export type BinRow = Pick<
  SavedPrediction,
  "id" | "createdAt" | "diagnosis" | "label" | "probability" | "threshold"
> & { deletedAt: Date; caseCode: string | null };

/** A prediction that exists but is not in the history. */
export type UnsavedPrediction = Omit<SavedPrediction, "id" | "createdAt" | "deletedAt" | "importedId">;

/**
 * Why a submitted form gave no saved prediction: a sentence for the user, the fields at fault, and the answer
 * where the model gave one that could not be saved.
 */
export type PredictFailure = {
  code:
    | PathError["code"]
    | "invalid_form"
    | "not_one_case"
    | "not_saved"
    | "unknown_if_saved"
    | "not_allowed";
  message: string;
  fields?: Partial<Record<FeatureKey, string>>;
  unsaved?: Placed<UnsavedPrediction>;
};

/**
 * A row of the training data, counted from 0, and its class; `unseen`: the mean probability that models gave it which had
 * not been trained on it, null where that was not evaluated.
 */
export type TrainingRow = { row: number; truth: Diagnosis; unseen: number | null };
/**
 * The unseen cases, each counted once at the mean probability that models gave it which had not been trained on it, whose
 * probability was from `from` to below `to`: how many, how many of them were positive, and the 95 % interval of that share.
 */
export type Band = { from: number; to: number; cases: number; positives: number; low: number; high: number };

/**
 * `trainingRow`: the row that its case is; null where it is none. `range`: the probabilities that the training cases allow,
 * by which class the case is added to them as; null where its model is not here. `band`: the unseen cases with such a
 * probability, for a training row such an unseen one; null where there are none or its model is not here.
 */
export type Placed<P> = P & {
  trainingRow: TrainingRow | null;
  range: { low: number; high: number } | null;
  band: Band | null;
};

export type PredictOutcome = Result<Placed<SavedPrediction>, PredictFailure>;
