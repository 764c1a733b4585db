import { FEATURES } from "../tables/current";
import { exp, log } from "./elementary";

/** Copies between an edge of the training range and a value beyond it. */
const BEYOND = 5;

/** Whether a measurement's training range is so wide that equal factors tell more of it than equal steps. */
export function isLogSpaced(index: number): boolean {
  const range = FEATURES[index]?.range;
  const isNumber = FEATURES[index]?.type === "number";
  return isNumber && range !== undefined && range.min > 0 && range.max > 20 * range.min;
}

/**
 * Copies of a case in which one measurement runs through its training range, `count` values of four digits, evenly spaced
 * or, in a wide range, by equal factors; and on to those of `also` that lie outside. All of `also` are among the values,
 * which ascend. A category and a yes-no column run through their levels. All other columns stay. Throws RangeError for an index
 * of no measurement or a count below 2.
 */
export function sweep(
  features: readonly number[],
  index: number,
  count = 201,
  also: readonly number[] = [],
): number[][] {
  const feature = FEATURES[index];
  if (feature === undefined || count < 2)
    throw new RangeError("expected the index of a measurement and 2 or more copies");
  if (feature.type !== "number")
    return [...feature.levels.keys()].map((level) => features.with(index, level));
  const { min, max } = feature.range;
  const further = also.filter((value) => !Number.isNaN(value));
  const inside = isLogSpaced(index) ? evenly(log(min), log(max), count).map(exp) : evenly(min, max, count);
  const values = [
    ...evenly(Math.min(min, ...further), min, BEYOND),
    ...inside.slice(1, -1).map((value) => Number(value.toPrecision(4))),
    ...evenly(max, Math.max(max, ...further), BEYOND),
    ...further,
  ];
  return [...new Set(values)].sort((a, b) => a - b).map((value) => features.with(index, value));
}

/** From one number to the other, both exactly. */
const evenly = (from: number, to: number, count: number) =>
  Array.from({ length: count }, (_, i) => (i === count - 1 ? to : from + ((to - from) * i) / (count - 1)));
