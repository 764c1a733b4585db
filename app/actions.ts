"use server";

import type { PredictOutcome } from "@/lib/contract";
import { type PostedForm, readPostedTexts, readSubmittedForm } from "@/lib/predict/submitted-form";
import { predictAndSave } from "@/lib/server/predict/predict-and-save";

/** Predicts from one filled form and saves it; the same key and values sent again give the row already saved. */
export async function predict(input: unknown): Promise<PredictOutcome> {
  const form = readSubmittedForm(input);
  return form.ok ? predictAndSave(form.value.key, form.value.values) : form;
}

/** The same for a browser without JavaScript. */
export async function predictPosted(_: PostedForm | null, data: FormData): Promise<PostedForm> {
  const { key, texts } = readPostedTexts(data);
  return { key, texts, outcome: await predict({ key, values: texts }) };
}
