import "server-only";
import { DRIFT_BINS } from "@/lib/monitoring/drift";
import { FEATURES, type FeatureKey } from "@/tables/current";
import { TRAINING_DATA } from "./training-data";

/** A measurement among the training cases: the 9 deciles, and the cases in the 10 bins they part, each from its lower edge on. */
export type TrainingBins = { key: FeatureKey; edges: number[]; counts: number[] };

const { features: cases } = TRAINING_DATA;

export const TRAINING_CASES = cases.length;

/** In the dataset's order, of the cases in which the measurement is known. A decile is the least value that a tenth (two tenths, …) of the cases do not exceed. */
export const TRAINING_BINS: readonly TrainingBins[] = FEATURES.map(({ key, index }) => {
  const values = cases
    .map((features) => features[index] as number)
    .filter((value) => !Number.isNaN(value))
    .sort((a, b) => a - b);
  const edges = Array.from(
    { length: DRIFT_BINS - 1 },
    (_, i) => values[Math.ceil(((i + 1) * values.length) / DRIFT_BINS) - 1] as number,
  );
  return { key, edges, counts: countsOfBins(edges, values) };
});

/** Values in each bin, from its lower edge on. */
export function countsOfBins(edges: readonly number[], values: readonly number[]): number[] {
  const counts = Array<number>(edges.length + 1).fill(0);
  for (const value of values) {
    const above = edges.findIndex((edge) => value < edge);
    const bin = above < 0 ? edges.length : above;
    counts[bin] = (counts[bin] as number) + 1;
  }
  return counts;
}
