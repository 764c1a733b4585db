import { FEATURES } from "../tables/current";
import type { Predictor } from "./predict";
import { seededRandom } from "./random";

export type Stability = {
  /** Share of the wobbled copies that get the other diagnosis, 0..1. */
  flips: number;
  /** The 5th and the 95th percentile of their probabilities. */
  low: number;
  high: number;
};

/**
 * Predicts `draws` copies of a case, every number multiplied by its own factor drawn evenly from 1 - wobble to
 * 1 + wobble. The draws are seeded: the same case always gets the same answer.
 */
export function stability(
  predictor: Predictor,
  features: readonly number[],
  { wobble = 0.05, draws = 200 }: { wobble?: number; draws?: number } = {},
): Stability {
  const random = seededRandom(1);
  const { diagnosis } = predictor.predict(features);
  const answers = Array.from({ length: draws }, () =>
    predictor.predict(
      features.map((x, j) => (FEATURES[j]?.type === "number" ? x * (1 + wobble * (2 * random() - 1)) : x)),
    ),
  );
  const ordered = answers.map(({ probability }) => probability).sort((a, b) => a - b);
  const at = (share: number) => ordered[Math.round(share * (draws - 1))] as number;
  return {
    flips: answers.filter((answer) => answer.diagnosis !== diagnosis).length / draws,
    low: at(0.05),
    high: at(0.95),
  };
}
