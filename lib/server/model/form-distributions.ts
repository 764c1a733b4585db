import "server-only";
import type { FormDistribution } from "@/lib/predict/distribution";
import { placeOf } from "@/lib/prediction/track";
import { FEATURES } from "@/tables/current";
import { TRAINING_DATA } from "./training-data";

const BINS = 28;
const LEVELS = 35;

/**
 * How the training cases lie along each measurement's track, by class: a text with a digit of base 36 for each of `BINS`
 * bins, the highest of both classes 35 ("z"). In the table's order; 2 kB for all, since every form page has them.
 */
export const FORM_DISTRIBUTIONS: readonly FormDistribution[] = FEATURES.map((feature) => {
  const count = (truth: 0 | 1) => {
    const bins = Array<number>(BINS).fill(0);
    for (const [row, values] of TRAINING_DATA.features.entries()) {
      const value = values[feature.index] as number;
      if (TRAINING_DATA.positive[row] !== truth || Number.isNaN(value)) continue;
      const at = Math.min(BINS - 1, Math.floor(placeOf(feature, value) * BINS));
      bins[at] = (bins[at] as number) + 1;
    }
    const cases = bins.reduce((sum, bin) => sum + bin, 0);
    return bins.map((bin) => bin / cases);
  };
  const [negative, positive] = [count(0), count(1)];
  const highest = Math.max(...negative, ...positive);
  const digits = (shares: readonly number[]) =>
    shares.map((share) => Math.round((share / highest) * LEVELS).toString(36)).join("");
  return { positive: digits(positive), negative: digits(negative) };
});
