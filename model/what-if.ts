import { FEATURES } from "../tables/current";

/**
 * Copies of a case in which one measurement runs through its training range, `count` values evenly spaced and those of
 * `also` that lie in the range, in ascending order; the other measurements stay.
 * Throws RangeError for an index of no measurement or a count below 2.
 */
export function sweep(
  features: readonly number[],
  index: number,
  count = 30,
  also: readonly number[] = [],
): number[][] {
  const feature = FEATURES[index];
  if (feature === undefined || count < 2)
    throw new RangeError("expected the index of a measurement and 2 or more copies");
  const { min, max } = feature.range;
  const even = Array.from({ length: count }, (_, i) =>
    i === count - 1 ? max : min + ((max - min) * i) / (count - 1),
  );
  const within = also.filter((value) => value >= min && value <= max);
  return [...new Set([...even, ...within])].sort((a, b) => a - b).map((value) => features.with(index, value));
}
