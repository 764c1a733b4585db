import "server-only";
import { type Rescoring, summariseRescoring } from "@/lib/rescoring";
import { ok, type Result } from "@/lib/result";
import type { SavedPrediction } from "@/lib/schema";
import type { InferenceError } from "./failure";
import { inference } from "./inference";

/** Asks the model in use about stored cases, 1 to MAX_INSTANCES, in one request; stores nothing. */
export async function rescore(cases: readonly SavedPrediction[]): Promise<Result<Rescoring, InferenceError>> {
  const answer = await inference().predict(cases.map(({ values }) => values));
  if (!answer.ok) return answer;
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
