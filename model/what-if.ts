import { FEATURES } from "../tables/current";

/** Copies between an edge of the training range and a value beyond it. */
const BEYOND = 5;

/**
 * Copies of a case in which one measurement runs through its training range, `count` values evenly spaced, and on to those
 * of `also` that lie outside; all of `also` are among the values, which ascend. The other measurements stay.
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
  const values = [
    ...evenly(Math.min(min, ...also), min, BEYOND),
    ...evenly(min, max, count),
    ...evenly(max, Math.max(max, ...also), BEYOND),
    ...also,
  ];
  return [...new Set(values)].sort((a, b) => a - b).map((value) => features.with(index, value));
}

/** From one number to the other, both exactly. */
const evenly = (from: number, to: number, count: number) =>
  Array.from({ length: count }, (_, i) => (i === count - 1 ? to : from + ((to - from) * i) / (count - 1)));
