import "server-only";
import type { Placed, UnsavedPrediction } from "@/lib/contract";
import { parseArtifact } from "@/model/artifact";
import artifactJson from "@/model/artifact.json";
import { createProbabilityRange } from "@/model/venn-abers";
import { trainingRowOf } from "./training-rows";

const artifact = parseArtifact(artifactJson);
const rangeOf = createProbabilityRange(artifact);

/** The prediction with what the training cases say of it. */
export const placed = <P extends Pick<UnsavedPrediction, "values" | "modelHash" | "probability">>(
  prediction: P,
): Placed<P> => {
  const { values, modelHash, probability } = prediction;
  const logit = Math.log(probability / (1 - probability));
  return {
    ...prediction,
    trainingRow: trainingRowOf(values),
    range: modelHash === artifact.hash ? rangeOf(logit) : null,
  };
};
