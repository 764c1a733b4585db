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

/**
 * Finds the `count` training cases most like a case, nearest first. `training` is not part of the artifact; it is
 * standardised once.
 */
export function createNearest({ model }: Artifact, training: Dataset) {
  const rows = training.features.map((features) => standardise(model, features));
  return (features: readonly number[], count = 5): Neighbour[] => {
    const z = standardise(model, features);
    return rows
      .map((other, row) => {
        let squares = 0;
        for (let j = 0; j < z.length; j++) {
          const difference = (other[j] as number) - (z[j] as number);
          squares += difference * difference;
        }
        return { row, distance: Math.sqrt(squares / z.length) };
      })
      .sort((a, b) => a.distance - b.distance || a.row - b.row)
      .slice(0, count)
      .map(({ row, distance }) => ({
        row,
        diagnosis: classOf(training.positive[row] as 0 | 1),
        distance,
      }));
  };
}
