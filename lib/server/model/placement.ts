import "server-only";
import type { Placed, UnsavedPrediction } from "@/lib/contract";
import { bandsOf } from "@/lib/monitoring/bands";
import { createProbabilityRange } from "@/model/venn-abers";
import { INSTALLED } from "./installed";
import { MODEL_CARD } from "./model-card";
import { TRAINING_DATA } from "./training-data";
import { trainingRowOf } from "./training-rows";

const rangeOf = createProbabilityRange(INSTALLED);
const { heldOut = [], installed } = MODEL_CARD;
const bands = installed.isEvaluated
  ? bandsOf(
      heldOut.flatMap((probability, row) =>
        probability === null ? [] : [{ probability, isPositive: TRAINING_DATA.positive[row] === 1 }],
      ),
      { threshold: INSTALLED.threshold, uncertain: installed.band },
    )
  : [];

/** The prediction with what the training cases say of it. */
export const placed = <P extends Pick<UnsavedPrediction, "values" | "modelHash" | "probability">>(
  prediction: P,
): Placed<P> => {
  const { values, modelHash, probability } = prediction;
  const isOurs = modelHash === INSTALLED.hash;
  const logit = Math.log(probability / (1 - probability));
  const trainingRow = trainingRowOf(values);
  const unseen = trainingRow?.unseen ?? probability;
  return {
    ...prediction,
    trainingRow,
    range: isOurs ? rangeOf(logit) : null,
    band: (isOurs && bands.find(({ to }) => unseen < to)) || null,
  };
};
