import "server-only";
import { findTwins, type Twins } from "@/model/nearest";
import { standardise } from "@/model/standardise";
import { FEATURES } from "@/tables/current";
import { INSTALLED } from "./installed";
import { TRAINING_DATA } from "./training-data";

const PAIRS = 3;

/** `differences`: of every measurement, by index, the largest first, in standard deviations of the logarithm. */
export type TwinPair = Twins & { differences: { index: number; deviations: number }[] };

/**
 * The pairs of training cases of opposite truth that differ least; looked for when this is first asked for, which takes some
 * hundredths of a second.
 */
export const TWINS: readonly TwinPair[] = findTwins(INSTALLED, TRAINING_DATA, PAIRS).map((pair) => {
  const [a, b] = [pair.positive, pair.negative].map((row) =>
    standardise(INSTALLED.model, TRAINING_DATA.features[row] as readonly number[]),
  ) as [Float64Array, Float64Array];
  const differences = FEATURES.map(({ index }) => ({
    index,
    deviations: (a[index] as number) - (b[index] as number),
  }));
  differences.sort((x, y) => Math.abs(y.deviations) - Math.abs(x.deviations));
  return { ...pair, differences };
});
