"use server";

import { featureVector, type Placed, type PredictOutcome, type UnsavedPrediction } from "@/lib/contract";
import { failureInForm, type PostedForm, readSubmittedForm } from "@/lib/predict/submitted-form";
import { fail, ok, type Result } from "@/lib/result";
import { placed } from "@/lib/server/model/placement";
import { readMeasurement } from "@/lib/server/predict/measurement";
import { readPostedForm } from "@/lib/server/predict/posted-form";
import { predictAndSave, predictOnly } from "@/lib/server/predict/predict-and-save";

/** Predicts from one filled form and saves it; the same key and values sent again give the row already saved. */
export async function predict(input: unknown): Promise<PredictOutcome> {
  const form = readSubmittedForm(input);
  if (!form.ok) return form;
  const { measurement: given, ...one } = form.value;
  const measurement = readMeasurement(given, one.values);
  if (!measurement.ok) return failureInForm({ code: "invalid_form", what: measurement.error, advice: "" });
  const saved = await predictAndSave({ ...one, measurement: measurement.value });
  if (saved.ok) return ok(placed(saved.value));
  const { unsaved } = saved.error;
  return failureInForm({ ...saved.error, unsaved: unsaved && placed(unsaved) });
}

/** The same for a browser without JavaScript. */
export async function predictPosted(_: PostedForm | null, data: FormData): Promise<PostedForm> {
  const posted = await readPostedForm(data);
  const { key, caseCode, texts } = posted;
  return { ...posted, outcome: await predict({ key, caseCode, values: texts }) };
}

/** What the model says of other values; nothing is saved. */
export async function tryValues(
  values: unknown,
): Promise<Result<Placed<UnsavedPrediction>, { message: string }>> {
  const parsed = featureVector.safeParse(values);
  if (!parsed.success) return fail({ message: "These values cannot be read. Reload the page." });
  const answer = await predictOnly(parsed.data);
  return answer.ok
    ? ok(placed(answer.value))
    : fail({ message: `${answer.error.what} ${answer.error.advice}` });
}
