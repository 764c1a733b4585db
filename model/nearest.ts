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

/** The `count` training cases most like this one, nearest first. `training` is not part of the artifact. */
export function nearest(
  { model }: Artifact,
  training: Dataset,
  features: readonly number[],
  count = 5,
): Neighbour[] {
  const z = standardise(model, features);
  return training.features
    .map((other, row) => {
      const difference = standardise(model, other).map((x, j) => x - (z[j] as number));
      const squares = difference.reduce((sum, x) => sum + x * x, 0);
      const diagnosis = classOf(training.positive[row] as 0 | 1);
      return { row, diagnosis, distance: Math.sqrt(squares / z.length) };
    })
    .sort((a, b) => a.distance - b.distance || a.row - b.row)
    .slice(0, count);
}
