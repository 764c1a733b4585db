"use server";

import type { PredictOutcome } from "@/lib/contract";
import { failureInForm, type PostedForm, readSubmittedForm } from "@/lib/predict/submitted-form";
import { ok } from "@/lib/result";
import { withTrainingRow } from "@/lib/server/model/training-rows";
import { readPostedForm } from "@/lib/server/predict/posted-form";
import { predictAndSave } from "@/lib/server/predict/predict-and-save";

/** Predicts from one filled form and saves it; the same key and values sent again give the row already saved. */
export async function predict(input: unknown): Promise<PredictOutcome> {
  const form = readSubmittedForm(input);
  if (!form.ok) return form;
  const saved = await predictAndSave(form.value.key, form.value.values);
  if (saved.ok) return ok(withTrainingRow(saved.value));
  const { unsaved } = saved.error;
  return failureInForm({ ...saved.error, unsaved: unsaved && withTrainingRow(unsaved) });
}

/** The same for a browser without JavaScript. */
export async function predictPosted(_: PostedForm | null, data: FormData): Promise<PostedForm> {
  const { key, texts } = await readPostedForm(data);
  return { key, texts, outcome: await predict({ key, values: texts }) };
}
