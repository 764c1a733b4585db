import { FEATURES } from "./features";
import type { Predictor } from "./predict";

export type Curve = { index: number; points: { value: number; probability: number }[] };

/**
 * How the probability moves when one measurement runs evenly through its training range and the others stay.
 * Throws RangeError for an index that is not 0..29 or fewer than 2 points.
 */
export function curve(predictor: Predictor, features: readonly number[], index: number, count = 30): Curve {
  const feature = FEATURES[index];
  if (feature === undefined || count < 2)
    throw new RangeError("expected an index of 0..29 and 2 or more points");
  const { min, max } = feature.range;
  const points = Array.from({ length: count }, (_, i) => {
    const value = i === count - 1 ? max : min + ((max - min) * i) / (count - 1);
    return { value, probability: predictor.predict(features.with(index, value)).probability };
  });
  return { index, points };
}
