import "server-only";
import type { Placed, UnsavedPrediction } from "@/lib/contract";
import { wilsonInterval } from "@/lib/monitoring/wilson";
import { createProbabilityRange } from "@/model/venn-abers";
import { table } from "@/tables/current";
import { INSTALLED } from "./installed";
import { modelCard } from "./model-card";
import { trainingRowOf } from "./training-rows";

const rangeOf = createProbabilityRange(INSTALLED);
const { certain, installed } = modelCard();
const { positive, negative } = table.classes;

/** How the present model's certain answers fared on cases that it had not seen. */
const records = Object.fromEntries(
  installed.isEvaluated
    ? [[positive, certain.positive] as const, [negative, certain.negative] as const].map(
        ([label, counts]) => [label, { ...counts, ...wilsonInterval(counts.wrong, counts.answers) }],
      )
    : [],
);

/** The prediction with what the training cases say of it. */
export const placed = <P extends Pick<UnsavedPrediction, "values" | "modelHash" | "probability" | "label">>(
  prediction: P,
): Placed<P> => {
  const { values, modelHash, probability, label } = prediction;
  const isOurs = modelHash === INSTALLED.hash;
  const logit = Math.log(probability / (1 - probability));
  return {
    ...prediction,
    trainingRow: trainingRowOf(values),
    range: isOurs ? rangeOf(logit) : null,
    record: (isOurs && records[label ?? ""]) || null,
  };
};
