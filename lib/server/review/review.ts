import "server-only";
import type { SavedPrediction } from "@/lib/contract";
import type { Distribution, Review } from "@/lib/review/review";
import { INSTALLED } from "@/lib/server/model/installed";
import { TRAINING_DATA } from "@/lib/server/model/training-data";
import { counterfactual } from "@/model/counterfactual";
import { createNearest } from "@/model/nearest";
import { createPredictor } from "@/model/predict";
import { stability } from "@/model/stability";
import { FEATURES } from "@/tables/current";

const BINS = 24;
const WOBBLE = { wobble: 0.05, draws: 200 };

const predictor = createPredictor(INSTALLED);
const nearest = createNearest(INSTALLED, TRAINING_DATA);
const distributions = FEATURES.map(({ index, range }) => distribute(index, range));

/** Sets a saved prediction among the training cases and, where its model is this one, tries how firm it is. */
export function review({ values, modelHash }: Pick<SavedPrediction, "values" | "modelHash">): Review {
  const isOurs = modelHash === INSTALLED.hash;
  return {
    distributions,
    nearest: nearest(values),
    stability: isOurs ? { ...WOBBLE, ...stability(predictor, values, WOBBLE) } : null,
    counterfactual: isOurs ? counterfactual(INSTALLED, predictor, values) : null,
  };
}

function distribute(index: number, { min, max }: { min: number; max: number }): Distribution {
  const count = (truth: 0 | 1) => {
    const bins = Array<number>(BINS).fill(0);
    for (const [row, features] of TRAINING_DATA.features.entries()) {
      if (TRAINING_DATA.positive[row] !== truth) continue;
      const at = Math.min(BINS - 1, Math.floor((((features[index] as number) - min) / (max - min)) * BINS));
      bins[at] = (bins[at] as number) + 1;
    }
    const highest = Math.max(...bins);
    return bins.map((cases) => cases / highest);
  };
  return { min, max, positive: count(1), negative: count(0) };
}
