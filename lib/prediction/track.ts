import type { Feature } from "../../tables/current";

type Range = Pick<Feature, "range">;

/** Whether the axis can be logarithmic: nothing below 0, and more than nothing for some. */
const isLogarithmic = ({ min, high }: Feature["range"]) => min >= 0 && high > 0;

/** What is added before a logarithm is taken, since zero has none: the axis then begins a 5th percentile earlier. */
const offsetOf = ({ min, low, high }: Feature["range"]) => (min > 0 ? 0 : low - min || high / 20);

/**
 * Where a value lies among a measurement's training cases, 0 at the least and 1 at the greatest, on a logarithmic axis
 * where there can be one: measurements of things differ by factors. Below 0 or above 1 where it lies outside.
 */
export function placeOf({ range }: Range, value: number): number {
  if (!isLogarithmic(range)) return (value - range.min) / (range.max - range.min || 1);
  const offset = offsetOf(range);
  const log = (x: number) => Math.log(Math.max(x + offset, (range.low || offset) * 1e-3));
  return (log(value) - log(range.min)) / (log(range.max) - log(range.min));
}

/** The value at a place of that axis. */
export function valueAt({ range }: Range, place: number): number {
  if (!isLogarithmic(range)) return range.min + place * (range.max - range.min);
  const offset = offsetOf(range);
  const [low, high] = [Math.log(range.min + offset), Math.log(range.max + offset)];
  return Math.exp(low + place * (high - low)) - offset;
}
