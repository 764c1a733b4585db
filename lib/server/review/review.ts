import "server-only";
import type { SavedPrediction } from "@/lib/contract";
import { placeOf } from "@/lib/prediction/track";
import type { Distribution, Review } from "@/lib/review/review";
import { INSTALLED } from "@/lib/server/model/installed";
import { TRAINING_DATA } from "@/lib/server/model/training-data";
import { counterfactual } from "@/model/counterfactual";
import { createNearest } from "@/model/nearest";
import { createPredictor } from "@/model/predict";
import { stability } from "@/model/stability";
import { FEATURES, type Feature } from "@/tables/current";

const BINS = 28;
const WOBBLE = { wobble: 0.05, draws: 200 };

const predictor = createPredictor(INSTALLED);
const nearest = createNearest(INSTALLED, TRAINING_DATA);
const distributions = FEATURES.map(distribute);

/** Sets a saved prediction among the training cases and, where its model is this one, tries how firm it is. */
export function review({ values, modelHash }: Pick<SavedPrediction, "values" | "modelHash">): Review {
  const isOurs = modelHash === INSTALLED.hash;
  return {
    distributions,
    standings: FEATURES.map(({ index }) => ({
      positive: standing(values[index] as number, index, 1),
      negative: standing(values[index] as number, index, 0),
    })),
    nearest: nearest(values).map((one) => ({ ...one, values: TRAINING_DATA.features[one.row] ?? [] })),
    stability: isOurs ? { ...WOBBLE, ...stability(predictor, values, WOBBLE) } : null,
    counterfactual: isOurs ? counterfactual(INSTALLED, predictor, values) : null,
  };
}

/** One measurement of the training cases of a class. */
export function trainingValues(index: number, truth: 0 | 1): number[] {
  return TRAINING_DATA.features.flatMap((features, row) =>
    TRAINING_DATA.positive[row] === truth ? [features[index] as number] : [],
  );
}

/** The share of the training cases of a class whose number is smaller; of a level, or what is not known, those with the same. */
function standing(value: number, index: number, truth: 0 | 1): number {
  const values = trainingValues(index, truth);
  const hasSize = FEATURES[index]?.type === "number" && !Number.isNaN(value);
  const found = hasSize
    ? values.filter((other) => other < value)
    : values.filter((other) => Object.is(other, value));
  return found.length / values.length;
}

/** The share of the training cases of a class with each level; last, where it may be, what is not known. */
function byLevel({ index, levels, mayMiss }: Feature, truth: 0 | 1): number[] {
  const values = trainingValues(index, truth);
  const places = [...levels.keys(), ...(mayMiss ? [Number.NaN] : [])];
  return places.map((place) => values.filter((value) => Object.is(value, place)).length / values.length);
}

function distribute(feature: Feature): Distribution {
  if (feature.type !== "number") return { positive: byLevel(feature, 1), negative: byLevel(feature, 0) };
  const count = (truth: 0 | 1) => {
    const bins = Array<number>(BINS).fill(0);
    for (const value of trainingValues(feature.index, truth)) {
      if (Number.isNaN(value)) continue;
      const bin = Math.min(BINS - 1, Math.floor(placeOf(feature, value) * BINS));
      bins[bin] = (bins[bin] as number) + 1;
    }
    const highest = Math.max(...bins);
    return bins.map((cases) => cases / highest);
  };
  return { positive: count(1), negative: count(0) };
}
