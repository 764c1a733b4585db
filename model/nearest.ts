import type { ClassCode } from "../tables/current";
import type { Artifact } from "./artifact";
import { classOf, type Dataset } from "./dataset";
import { standardise } from "./standardise";

export type Neighbour = {
  /** 0-based row of the training data. */
  row: number;
  diagnosis: ClassCode;
  /** Root mean square difference over the standardised logarithms; 0 is the same case. */
  distance: number;
};

/** Root mean square difference of two cases' standardised logarithms. */
function distanceOf(a: Float64Array, b: Float64Array): number {
  let squares = 0;
  for (let j = 0; j < a.length; j++) {
    const difference = (b[j] as number) - (a[j] as number);
    squares += difference * difference;
  }
  return Math.sqrt(squares / a.length);
}

/**
 * Finds the `count` training cases most like a case, nearest first. `training` is not part of the artifact; it is
 * standardised once.
 */
export function createNearest({ model }: Artifact, training: Dataset) {
  const rows = training.features.map((features) => standardise(model, features));
  return (features: readonly number[], count = 5): Neighbour[] => {
    const z = standardise(model, features);
    return rows
      .map((other, row) => ({ row, distance: distanceOf(z, other) }))
      .sort((a, b) => a.distance - b.distance || a.row - b.row)
      .slice(0, count)
      .map(({ row, distance }) => ({
        row,
        diagnosis: classOf(training.positive[row] as 0 | 1),
        distance,
      }));
  };
}

/** Two training cases of opposite truth, by 0-based row, and their distance as a neighbour's. */
export type Twins = { positive: number; negative: number; distance: number };

/** The `count` pairs of opposite truth that differ least, nearest first; no case is in two of them. */
export function findTwins({ model }: Artifact, training: Dataset, count: number): Twins[] {
  const cases = training.features.map((features, row) => ({ row, z: standardise(model, features) }));
  const twins: Twins[] = [];
  // Sorting all pairs would take five times as long as looking through them for each pair that is wanted.
  while (twins.length < count) {
    const free = cases.filter(
      ({ row }) => !twins.some((pair) => pair.positive === row || pair.negative === row),
    );
    const negatives = free.filter(({ row }) => training.positive[row] === 0);
    let least: Twins | null = null;
    for (const one of free) {
      if (training.positive[one.row] === 0) continue;
      for (const other of negatives) {
        const distance = distanceOf(one.z, other.z);
        if (least === null || distance < least.distance)
          least = { positive: one.row, negative: other.row, distance };
      }
    }
    if (least === null) break;
    twins.push(least);
  }
  return twins;
}
