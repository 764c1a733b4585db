import type { Feature } from "../../tables/current";

type Range = Pick<Feature, "range">;

/**
 * Where a value lies among a measurement's training cases, 0 at the least and 1 at the greatest, on a logarithmic axis:
 * measurements of things differ by factors. Below 0 or above 1 where it lies outside.
 */
export function placeOf({ range }: Range, value: number): number {
  // Zero has no logarithm: the axis then begins a 5th percentile earlier.
  const offset = range.min > 0 ? 0 : range.low - range.min;
  const log = (x: number) => Math.log(Math.max(x + offset, range.low * 1e-3));
  return (log(value) - log(range.min)) / (log(range.max) - log(range.min));
}

/** The value at a place of that axis. */
export function valueAt({ range }: Range, place: number): number {
  const offset = range.min > 0 ? 0 : range.low - range.min;
  const [low, high] = [Math.log(range.min + offset), Math.log(range.max + offset)];
  return Math.exp(low + place * (high - low)) - offset;
}
