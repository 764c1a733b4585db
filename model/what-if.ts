import { FEATURES } from "./features";

/**
 * Copies of a case in which one measurement runs evenly through its training range and the others stay.
 * Throws RangeError for an index that is not 0..29 or fewer than 2 copies.
 */
export function sweep(features: readonly number[], index: number, count = 30): number[][] {
  const feature = FEATURES[index];
  if (feature === undefined || count < 2)
    throw new RangeError("expected an index of 0..29 and 2 or more copies");
  const { min, max } = feature.range;
  return Array.from({ length: count }, (_, i) =>
    features.with(index, i === count - 1 ? max : min + ((max - min) * i) / (count - 1)),
  );
}
