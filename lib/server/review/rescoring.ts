import "server-only";
import { MAX_INSTANCES, type ModelIdentity, type Prediction } from "@/lib/contract";
import { fail, ok, type Result } from "@/lib/result";
import { type Rescoring, type StoredCase, summariseRescoring } from "@/lib/review/rescoring";
import { requireRight } from "@/lib/server/access/actor";
import { inference } from "@/lib/server/inference/inference";

/** Asks the model in use about stored cases, one or more, in as few requests as it takes; stores nothing. */
export async function rescore(
  cases: readonly StoredCase[],
): Promise<Result<Rescoring, { message: string; requestId: string }>> {
  requireRight("read");
  const predictions: Prediction[] = [];
  let model: ModelIdentity;
  let asked = 0;
  do {
    const some = cases.slice(asked, asked + MAX_INSTANCES);
    const answer = await inference().predict(some.map(({ values }) => values));
    if (!answer.ok) {
      const { what, advice, requestId } = answer.error;
      return fail({ message: `${what} Nothing was stored or changed. ${advice}`, requestId });
    }
    predictions.push(...answer.value.predictions);
    model = answer.value.model;
    asked += some.length;
  } while (asked < cases.length);
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
