"use server";

import { refresh } from "next/cache";
import { outcomeForm } from "@/lib/monitoring/outcome-form";
import { annotationForm } from "@/lib/notes/annotation-form";
import { byKey } from "@/lib/predict/measurements";
import { fail, ok, type Result } from "@/lib/result";
import { type WhatIf, whatIfQuestion } from "@/lib/review/review";
import { formAction, whyNotSaved } from "@/lib/server/form-action";
import { setOutcome } from "@/lib/server/monitoring/outcomes";
import { saveAnnotation } from "@/lib/server/notes/annotations";
import { askWhatIf } from "@/lib/server/review/what-if";
import { oneCase } from "@/tables/current";

/** Answers a what-if question with the model in use; saves nothing. */
export async function explore(question: unknown): Promise<Result<WhatIf, { message: string }>> {
  const parsed = whatIfQuestion.safeParse(question);
  if (!parsed.success) return fail({ message: "These values cannot be read. Reload the page." });
  const { values } = parsed.data;
  if (oneCase.isImpossible(byKey(({ index }) => values[index] ?? 0))) {
    return fail({ message: "No answer: these values do not fit one case. Reset some of them." });
  }
  return askWhatIf(parsed.data);
}

const GONE = "This prediction does not exist any more.";

/** Keeps case code and note of the form's `id`. */
export const saveAnnotationAction = formAction(annotationForm, async ({ id, ...given }) => {
  const saved = await saveAnnotation(id, given);
  if (!saved.ok) return fail(whyNotSaved(saved.error));
  if (saved.value === null) return fail(GONE);
  refresh();
  return ok(saved.value === 0 ? "Nothing had changed." : "Saved.");
});

/** Records, changes or removes the outcome of the form's `id`; its button's `do` says which. */
export const recordOutcome = formAction(outcomeForm, async (form) => {
  const changed = await setOutcome(form.id, form.do === "remove" ? null : form);
  if (!changed.ok) return fail(whyNotSaved(changed.error));
  if (!changed.value) return fail(GONE);
  refresh();
  return ok(form.do === "remove" ? "Removed." : "Recorded.");
});
