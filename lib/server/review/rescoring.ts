import "server-only";
import type { HistoryRow } from "@/lib/contract";
import { fail, ok, type Result } from "@/lib/result";
import { type Rescoring, summariseRescoring } from "@/lib/review/rescoring";
import type { InferenceError } from "@/lib/server/inference/failure";
import { inference } from "@/lib/server/inference/inference";

// True, but here is no form.
const FORM_ADVICE = "Nothing was saved; your values are still in the form. ";

/** Asks the model in use about stored cases, 1 to MAX_INSTANCES, in one request; stores nothing. */
export async function rescore(cases: readonly HistoryRow[]): Promise<Result<Rescoring, InferenceError>> {
  const answer = await inference().predict(cases.map(({ values }) => values));
  if (!answer.ok) {
    const message = answer.error.message.replace(FORM_ADVICE, "Nothing was stored or changed. ");
    return fail({ ...answer.error, message });
  }
  const { predictions, model } = answer.value;
  const rescored = cases.map((stored, index) => {
    const after = predictions[index];
    if (after === undefined) throw new Error("inference answered with fewer rows than were sent");
    const { id, createdAt, modelVersion, threshold, diagnosis, label, probability } = stored;
    return {
      id,
      createdAt,
      modelVersion,
      threshold,
      before: { diagnosis, label, probability },
      after: { diagnosis: after.diagnosis, label: after.label, probability: after.probability },
    };
  });
  return ok(summariseRescoring(rescored, model));
}
