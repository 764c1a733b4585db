import "server-only";
import type { SavedPrediction, UnsavedPrediction } from "@/lib/contract";
import type { Measurements } from "@/lib/predict/measurements";
import { fail, ok, type Result } from "@/lib/result";
import type { InferenceError } from "@/lib/server/inference/failure";
import { inference } from "@/lib/server/inference/inference";
import { recordFailure } from "@/lib/server/path/path-record";
import { savePrediction, unsavedOf } from "@/lib/server/prediction/predictions";
import { FEATURE_KEYS, oneCase, SAMPLES, site } from "@/tables/current";

/** `what` and `advice` are sentences for a person; `unsaved` is the answer where there is one that could not be saved. */
export type NotPredicted = Pick<InferenceError, "what" | "advice"> & {
  code: InferenceError["code"] | "not_one_case" | "not_saved";
  unsaved?: UnsavedPrediction;
};

const NOT_ONE_CASE: NotPredicted = {
  code: "not_one_case",
  what: "These values do not fit one case.",
  advice: `Check that none is missing, that all have the same units, and their order: ${site.order}.`,
};
const NOT_SAVED: NotPredicted = {
  code: "not_saved",
  what: "The model answered, but the result could not be saved, so it is not in the history.",
  advice: "Save it again; if that keeps failing, ask your administrator to check the disk and DATABASE_URL.",
};

/**
 * Predicts one case and saves the answer: what every door, of people or programs, does with parsed values. `key` names
 * one submission: the same key and values sent again give the row already saved, with the case code that it has.
 */
export async function predictAndSave({
  key,
  caseCode,
  values: measurements,
}: {
  key: string;
  caseCode: string | null;
  values: Measurements;
}): Promise<Result<SavedPrediction, NotPredicted>> {
  if (oneCase.isImpossible(measurements)) return fail(NOT_ONE_CASE);
  const values = FEATURE_KEYS.map((feature) => measurements[feature]);
  const answer = await ask(values);
  if (!answer.ok) return answer;

  const source = SAMPLES.some((sample) => sample.values.every((value, index) => value === values[index]))
    ? "sample"
    : "form";
  const { requestId, ...answered } = answer.value;
  const entry = { formKey: key, caseCode, source, values, ...answered } as const;
  const saved = await savePrediction(entry, { requestId });
  if (saved.ok) return ok(saved.value);
  return fail({ ...NOT_SAVED, unsaved: unsavedOf(entry) });
}

/** What the model in use says of one case, by the table's order; nothing is saved. */
export async function predictOnly(
  values: readonly number[],
): Promise<Result<UnsavedPrediction, NotPredicted>> {
  const answer = await ask(values);
  if (!answer.ok) return answer;
  const { requestId: _, ...answered } = answer.value;
  return ok(unsavedOf({ source: "form", values, ...answered }));
}

/** The model's answer to one case; a failure is recorded, and the caller learns it with or without that. */
async function ask(values: readonly number[]) {
  const answer = await inference().predict([values]);
  if (!answer.ok) {
    await recordFailure(answer.error);
    const { code, what, advice } = answer.error;
    return fail<NotPredicted>({ code, what, advice });
  }
  const { predictions, model, backend, latencyMs, requestId } = answer.value;
  const [prediction] = predictions;
  if (prediction === undefined)
    throw new Error("inference answered without a prediction for the one row sent");
  return ok({ prediction, model, backend, latencyMs, requestId });
}
