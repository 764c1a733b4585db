import "server-only";
import { DRIFT_BINS } from "@/lib/monitoring/drift";
import { FEATURES, type FeatureKey } from "@/tables/current";
import { TRAINING_DATA } from "./training-data";

/** A measurement among the training cases: the 9 deciles, and the cases in the 10 bins they part, each from its lower edge on. */
export type TrainingBins = { key: FeatureKey; edges: number[]; counts: number[] };

const { features: cases } = TRAINING_DATA;

export const TRAINING_CASES = cases.length;

/** In the dataset's order. A decile is the least value that a tenth (two tenths, …) of the cases do not exceed. */
export const TRAINING_BINS: readonly TrainingBins[] = FEATURES.map(({ key, index }) => {
  const values = cases.map((features) => features[index] as number).sort((a, b) => a - b);
  const edges = Array.from(
    { length: DRIFT_BINS - 1 },
    (_, i) => values[Math.ceil(((i + 1) * values.length) / DRIFT_BINS) - 1] as number,
  );
  const below = edges.map((edge) => values.filter((value) => value < edge).length);
  return { key, edges, counts: countsOfBins(below, values.length) };
});

/** Cases in each bin, from how many lie below each edge. */
export function countsOfBins(below: readonly number[], total: number): number[] {
  return [...below, total].map((count, bin) => count - (below[bin - 1] ?? 0));
}
