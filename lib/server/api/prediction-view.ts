import "server-only";
import { z } from "@hono/zod-openapi";
import {
  diagnosis,
  label,
  probability,
  type SavedPrediction,
  SOURCES,
  uncertainBand,
  wireColumn,
} from "@/lib/contract";
import type { HistoryRow } from "@/lib/history/query";
import type { Annotation } from "@/lib/notes/annotation";
import { byKey } from "@/lib/predict/measurements";
import { cautionsOf, describeCautions } from "@/lib/prediction/cautions";
import { dayText, type Outcome } from "@/lib/prediction/outcome";
import { wireValue } from "@/lib/prediction/value";
import { FEATURES } from "@/tables/current";
import { BASE } from "./operation";

/** A prediction as the API answers it. */

const ofEach = <T extends z.ZodType>(schema: (feature: (typeof FEATURES)[number]) => T) =>
  z.object(byKey(schema));

export const measurements = z.strictObject(byKey(wireColumn)).openapi("Measurements", {
  description: FEATURES.every(({ type }) => type === "number")
    ? "A number for each column, by its key."
    : "A value for each column, by its key.",
});

export const time = z.string().openapi({ format: "date-time" });

export const caution = z
  .object({
    code: z.string(),
    title: z.string().openapi({ description: "A sentence without its full stop." }),
    advice: z.string(),
  })
  .openapi("Caution");

const outcome = z
  .object({
    outcome: diagnosis,
    on: z.string().nullable().openapi({ format: "date", description: "The day it was confirmed." }),
  })
  .openapi("Outcome");

const links = z.object({
  self: z.string(),
  page: z.string().openapi({ description: "The same for a person." }),
});

const listed = {
  id: z.uuid(),
  createdAt: time,
  source: z.enum(SOURCES).openapi({
    description: '"sample": the values of a sample, whoever sent them, or of an image drawn by a computer.',
  }),
  caseCode: z.string().nullable(),
  diagnosis: diagnosis.openapi({ description: "The class by the threshold alone." }),
  label: label.nullable().openapi({
    description:
      'The class where the model is sure enough of it, else "uncertain" or "no_answer"; null where the model knows no third answer.',
  }),
  probability: probability.openapi({ description: "Of the positive class." }),
  threshold: probability.nullable(),
  uncertain: uncertainBand.nullable().openapi({
    description:
      "The probabilities between which an answer is uncertain, and the share of each class that keeps its label.",
  }),
  cautions: z
    .array(caution)
    .nullable()
    .openapi({ description: "Why the answer is not to be trusted; null where the model tells none." }),
  contributions: ofEach(() => z.number())
    .nullable()
    .openapi({
      description: "Terms on the logit scale; with base they sum to the logit of the probability.",
    }),
  measurements,
  outcome: outcome.nullable(),
  links,
};

/** A prediction in a list. */
export const predictionSummary = z
  .object({ ...listed, outcome: diagnosis.nullable(), modelVersion: z.string() })
  .openapi("PredictionSummary");
export type PredictionSummary = z.infer<typeof predictionSummary>;

export const predictionView = z
  .object({
    ...listed,
    note: z.string().nullable(),
    base: z.number().nullable(),
    typicality: z
      .object({
        atypical: z.boolean(),
        distance: z.number().openapi({ description: "Above 1 outside the training cases." }),
        unusual: z.array(
          z.object({
            column: z.string(),
            reason: z.enum(["below_range", "above_range", "unlike_the_others"]),
          }),
        ),
        scales: z.array(z.object({ key: z.string(), factor: z.number(), deviations: z.number() })),
      })
      .nullable(),
    model: z.object({ name: z.string(), version: z.string(), hash: z.string().nullable() }),
    backend: z.string(),
    latencyMs: z.number(),
    deletedAt: time.nullable(),
  })
  .openapi("Prediction");
export type PredictionView = z.infer<typeof predictionView>;

/** What a person or a program wrote beside a prediction. */
export type Beside = Annotation & { outcome: Outcome | null };

type Both = Pick<
  SavedPrediction,
  | "id"
  | "createdAt"
  | "source"
  | "diagnosis"
  | "label"
  | "probability"
  | "threshold"
  | "uncertain"
  | "contributions"
  | "values"
>;

/** A case in the table's order, by key and as JSON has it. */
export const measurementsOf = (values: readonly number[]) =>
  byKey((feature) => wireValue(feature, values[feature.index] ?? Number.NaN));

const bothOf = ({ id, createdAt, contributions, values, ...saved }: Both) => ({
  id,
  createdAt: createdAt.toISOString(),
  source: saved.source,
  diagnosis: saved.diagnosis,
  label: saved.label,
  probability: saved.probability,
  threshold: saved.threshold,
  uncertain: saved.uncertain,
  contributions: contributions && byKey(({ index }) => contributions[index] ?? 0),
  measurements: measurementsOf(values),
  links: { self: `${BASE}/predictions/${id}`, page: `/history/${id}` },
});

/** Cautions by their codes, in words. */
export const said = (codes: readonly string[], typicality: SavedPrediction["typicality"]) =>
  describeCautions(codes, typicality).map(({ code, title, advice }) => ({ code, title, advice }));

export function viewOf(saved: SavedPrediction, { caseCode, note, outcome }: Beside): PredictionView {
  const { typicality } = saved;
  const codes = saved.cautions === null && typicality === null ? null : cautionsOf(saved);
  return {
    ...bothOf(saved),
    caseCode,
    note,
    cautions: codes && said(codes, typicality),
    base: saved.base,
    typicality: typicality && {
      ...typicality,
      unusual: typicality.unusual.map(({ index, reason }) => ({
        column: FEATURES[index]?.key ?? "",
        reason,
      })),
    },
    model: { name: saved.modelName, version: saved.modelVersion, hash: saved.modelHash },
    outcome: outcome && { outcome: outcome.outcome, on: outcome.on && dayText(outcome.on) },
    backend: saved.backend,
    latencyMs: saved.latencyMs,
    deletedAt: saved.deletedAt?.toISOString() ?? null,
  };
}

export const summaryOf = (row: HistoryRow): PredictionSummary => ({
  ...bothOf(row),
  caseCode: row.caseCode,
  cautions: row.cautions && said(row.cautions, null),
  outcome: row.outcome,
  modelVersion: row.modelVersion,
});
