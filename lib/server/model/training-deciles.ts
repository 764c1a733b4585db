import "server-only";
import { DRIFT_BINS } from "@/lib/monitoring/drift";
import { FEATURES, type FeatureKey } from "@/tables/current";
import { TRAINING_DATA } from "./training-data";

/**
 * A measurement among the training cases: the 9 deciles, and the cases in the 10 bins they part, each from its lower edge on;
 * where levels are chosen, a bin for each; last, where it may be, one for what is not known.
 */
export type TrainingBins = { key: FeatureKey; edges: number[]; mayMiss: boolean; counts: number[] };

const { features: cases } = TRAINING_DATA;

export const TRAINING_CASES = cases.length;

/** In the dataset's order. A decile is of the cases in which the measurement is known, and the least value that a tenth (two tenths, …) of the cases do not exceed. */
export const TRAINING_BINS: readonly TrainingBins[] = FEATURES.map((feature) => {
  const { key, index, type, levels, mayMiss } = feature;
  const all = cases.map((features) => features[index] as number);
  const values = all.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const deciles = Array.from(
    { length: DRIFT_BINS - 1 },
    (_, i) => values[Math.ceil(((i + 1) * values.length) / DRIFT_BINS) - 1] as number,
  );
  const edges = type === "number" ? deciles : levels.slice(1).map((_, at) => at + 1);
  return { key, edges, mayMiss, counts: countsOfBins({ edges, mayMiss }, all) };
});

/** Values in each bin, from its lower edge on. */
export function countsOfBins(
  { edges, mayMiss }: Pick<TrainingBins, "edges" | "mayMiss">,
  values: readonly number[],
): number[] {
  const counts = Array<number>(edges.length + (mayMiss ? 2 : 1)).fill(0);
  for (const value of values) {
    const above = edges.findIndex((edge) => value < edge);
    const bin = Number.isNaN(value) ? edges.length + 1 : above < 0 ? edges.length : above;
    counts[bin] = (counts[bin] as number) + 1;
  }
  return counts;
}
