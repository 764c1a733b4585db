"use server";

import type * as z from "zod";
import type { PredictFailure, PredictOutcome } from "@/lib/contract";
import { byKey, countWrongFields, type MeasurementTexts, predictForm } from "@/lib/predict/measurements";
import { cannotBeOneCase } from "@/lib/predict/one-case";
import { SAMPLES } from "@/lib/predict/samples";
import { fail, ok } from "@/lib/result";
import { inference } from "@/lib/server/inference/inference";
import { log } from "@/lib/server/log";
import { recordFailure } from "@/lib/server/path/path-record";
import { savePrediction } from "@/lib/server/prediction/predictions";
import { FEATURE_KEYS, FEATURES } from "@/model/features";

/** Predicts from one filled form and saves it; the same key and values sent again give the row already saved. */
export async function predict(input: unknown): Promise<PredictOutcome> {
  const form = predictForm.safeParse(input);
  if (!form.success) return fail(invalidForm(form.error.issues));
  const { key, values: measurements } = form.data;
  if (cannotBeOneCase(measurements)) return fail({ code: "not_one_case", message: NOT_ONE_CASE });
  const values = FEATURE_KEYS.map((feature) => measurements[feature]);

  const answer = await inference().predict([values]);
  if (!answer.ok) {
    const recorded = await recordFailure(answer.error);
    // What the person at the form is told is the failure itself, with or without a record of it.
    if (!recorded.ok) log("error", "failure_not_recorded", { cause: String(recorded.error.cause) });
    return fail({ code: answer.error.code, message: answer.error.message });
  }
  const { predictions, model, backend, latencyMs, requestId } = answer.value;
  const [prediction] = predictions;
  if (prediction === undefined)
    throw new Error("inference answered without a prediction for the one row sent");

  const source = SAMPLES.some((sample) => sample.values.every((value, index) => value === values[index]))
    ? "sample"
    : "form";
  const entry = { formKey: key, source, values, prediction, model, backend, latencyMs } as const;
  const saved = await savePrediction(entry);
  if (saved.ok) return ok(saved.value);
  log("error", "not_saved", { requestId, cause: String(saved.error.cause) });
  return fail({
    code: "not_saved",
    message:
      "The model answered, but the result could not be saved, so it is not in the history. Save it again; if that keeps failing, ask whoever runs Cytodesk to check the disk and DATABASE_URL.",
    unsaved: {
      ...prediction,
      threshold: model.threshold,
      uncertain: model.uncertain,
      modelName: model.name,
      modelVersion: model.version,
      modelHash: model.hash,
      backend,
      latencyMs,
      source,
      values,
    },
  });
}

const NOT_ONE_CASE =
  "Check that none is missing, that all have the same units, and their order: ten means, ten standard errors, ten worsts. The notes below the grid name what does not fit. Nothing was saved; your values are still in the form.";

function invalidForm(issues: readonly z.core.$ZodIssue[]): PredictFailure {
  const fields: PredictFailure["fields"] = {};
  for (const { path, message } of issues) {
    const feature = FEATURES.find(({ key }) => path[0] === "values" && path[1] === key);
    if (feature !== undefined) fields[feature.key] = message;
  }
  const wrong = Object.keys(fields).length;
  const message =
    wrong > 0
      ? countWrongFields(wrong)
      : "This form cannot be read. Reload the page and fill it again; nothing was saved.";
  return { code: "invalid_form", message, fields };
}

/** What a plain form post leaves on the page: what was typed, and what came of it. */
export type PostedForm = { key: string; texts: MeasurementTexts; outcome: PredictOutcome };

/** The same for a browser without JavaScript: reads the fields of a plain form post. */
export async function predictPosted(_: PostedForm | null, data: FormData): Promise<PostedForm> {
  const text = (name: string) => {
    const value = data.get(name);
    return typeof value === "string" ? value : "";
  };
  const texts = byKey((feature) => text(feature.key));
  const key = text("key");
  return { key, texts, outcome: await predict({ key, values: texts }) };
}
