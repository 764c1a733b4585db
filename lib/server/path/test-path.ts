import "server-only";
import type { PathTest } from "@/lib/path/path-status";
import { requireRight } from "@/lib/server/access/actor";
import { inference } from "@/lib/server/inference/inference";
import { INSTALLED } from "@/lib/server/model/installed";
import { createPredictor } from "@/model/predict";
import { SAMPLES } from "@/tables/current";

/** Sends a known case through every hop to the model in use, and times them. Saves nothing. */
export async function testPath(): Promise<PathTest> {
  requireRight("administer");
  const at = new Date();
  const [{ values }] = SAMPLES;
  const answer = await inference().predict([values]);
  if (!answer.ok) {
    const { what, advice, requestId, backend, failedAt } = answer.error;
    return { ok: false, at, requestId, backend, failedAt, message: `${what} ${advice}` };
  }
  const { predictions, model, requestId, backend, latencyMs, hops } = answer.value;
  const [prediction] = predictions;
  if (prediction === undefined)
    throw new Error("inference answered without a prediction for the one row sent");
  const { diagnosis, probability } = prediction;
  const here = createPredictor(INSTALLED);
  const asExpected =
    model.hash === here.identity.hash ? here.predict(values).probability === probability : null;
  return {
    ok: true,
    at,
    requestId,
    backend,
    totalMs: latencyMs,
    hops,
    model,
    diagnosis,
    probability,
    asExpected,
  };
}
