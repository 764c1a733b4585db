import "server-only";
import { differencesOf, findTwins, type Twins } from "@/model/nearest";
import { INSTALLED } from "./installed";
import { TRAINING_DATA } from "./training-data";

const PAIRS = 3;

/** `differences`: of every measurement, by index, the largest first, as differencesOf() has them. */
export type TwinPair = Twins & { differences: { index: number; deviations: number }[] };

/**
 * The pairs of training cases of opposite truth that differ least; looked for when this is first asked for, which takes some
 * hundredths of a second.
 */
export const TWINS: readonly TwinPair[] = findTwins(INSTALLED, TRAINING_DATA, PAIRS).map((pair) => {
  const [a = [], b = []] = [pair.positive, pair.negative].map((row) => TRAINING_DATA.features[row]);
  const differences = differencesOf(INSTALLED, a, b).map((deviations, index) => ({ index, deviations }));
  differences.sort((x, y) => Math.abs(y.deviations) - Math.abs(x.deviations));
  return { ...pair, differences };
});
