"use server";

import type { PredictOutcome } from "@/lib/contract";
import { type PostedForm, readPostedTexts, readSubmittedForm } from "@/lib/predict/submitted-form";
import { fail } from "@/lib/result";
import { type NotPredicted, predictAndSave } from "@/lib/server/predict/predict-and-save";

/** Predicts from one filled form and saves it; the same key and values sent again give the row already saved. */
export async function predict(input: unknown): Promise<PredictOutcome> {
  const form = readSubmittedForm(input);
  if (!form.ok) return form;
  const saved = await predictAndSave(form.value.key, form.value.values);
  if (saved.ok) return saved;
  const { code, unsaved } = saved.error;
  return fail({ code, message: messageOf(saved.error), unsaved });
}

/** The same for a browser without JavaScript. */
export async function predictPosted(_: PostedForm | null, data: FormData): Promise<PostedForm> {
  const { key, texts } = readPostedTexts(data);
  return { key, texts, outcome: await predict({ key, values: texts }) };
}

const KEPT = "Nothing was saved; your values are still in the form.";

/** What the form says of a failure, under a title of its own. */
function messageOf({ code, what, advice }: NotPredicted): string {
  if (code === "not_one_case") return `${advice} The notes below the grid name what does not fit. ${KEPT}`;
  return code === "not_saved" ? `${what} ${advice}` : `${what} ${KEPT} ${advice}`;
}
