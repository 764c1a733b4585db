import "server-only";
import { parentPort } from "node:worker_threads";
import { embeddedModel } from "./installed-model";
import type { ManyAnswers } from "./many-answers";

/** The thread in which the installed model answers, beside the one that reads and writes. */

/** Rows laid end to end, and where their answers go; both are shared memory. */
export type ThreadJob = {
  values: Float64Array;
  into: Pick<ManyAnswers, "probabilities" | "labels" | "diagnoses" | "cautions">;
};

const answer = embeddedModel();

parentPort?.on("message", ({ values, into }: ThreadJob) => {
  const { probabilities, labels, diagnoses, cautions } = answer(values);
  into.probabilities.set(probabilities);
  into.labels.set(labels);
  into.diagnoses.set(diagnoses);
  into.cautions.set(cautions);
  parentPort?.postMessage(null);
});
