import "server-only";
import { fail, ok, type Result } from "@/lib/result";
import { type Rescoring, type StoredCase, summariseRescoring } from "@/lib/review/rescoring";
import { inference } from "@/lib/server/inference/inference";

/** Asks the model in use about stored cases, 1 to MAX_INSTANCES, in one request; stores nothing. */
export async function rescore(
  cases: readonly StoredCase[],
): Promise<Result<Rescoring, { message: string; requestId: string }>> {
  const answer = await inference().predict(cases.map(({ values }) => values));
  if (!answer.ok) {
    const { what, advice, requestId } = answer.error;
    return fail({ message: `${what} Nothing was stored or changed. ${advice}`, requestId });
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
