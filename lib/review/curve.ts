import type { CurvePoint, WhatIf } from "./review";

/** Whether two values are the same; both may not be known. */
export const isSameValue = (a: number | undefined, b: number | undefined) =>
  a === b || (Number.isNaN(a) && Number.isNaN(b));

/** The axis of a curve's values, 0..1 from its first point to its last. */
export type CurveAxis = { from: number; to: number; isLog: boolean };

export const axisOf = ({ curve, isLog }: Pick<WhatIf, "curve" | "isLog">): CurveAxis => ({
  from: curve[0]?.[0] ?? 0,
  to: curve.at(-1)?.[0] ?? 1,
  // A value of 0 was tried: no factor leads there.
  isLog: isLog && (curve[0]?.[0] ?? 0) > 0,
});

/** Where a value lies on the axis, 0..1. */
export function placeOf({ from, to, isLog }: CurveAxis, value: number): number {
  const share = isLog ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
  return Math.min(1, Math.max(0, share));
}

/** The point of the curve nearest to a place on its axis. */
export function pointAt(
  curve: readonly CurvePoint[],
  axis: CurveAxis,
  place: number,
): CurvePoint | undefined {
  let [nearest, least] = [curve[0], Number.POSITIVE_INFINITY];
  for (const point of curve) {
    const apart = Math.abs(placeOf(axis, point[0]) - place);
    if (apart < least) [nearest, least] = [point, apart];
  }
  return nearest;
}

/** `isRising`: whether the probability is at the threshold or above from there on. */
export type Crossing = { value: number; isRising: boolean };

/** Where the curve crosses the threshold nearest to a value: between two points, as a line in log-odds; null where it does not. */
export function crossingNear(
  curve: readonly CurvePoint[],
  threshold: number,
  value: number,
): Crossing | null {
  const crossings = curve.flatMap(([to, after], i): Crossing[] => {
    const [from, before] = curve[i - 1] ?? [to, after];
    const isRising = after >= threshold;
    if (isRising === before >= threshold) return [];
    const height = (probability: number) =>
      Math.log(probability / (1 - probability)) - Math.log(threshold / (1 - threshold));
    const share = height(before) / (height(before) - height(after));
    return [{ value: Number.isFinite(share) ? from + share * (to - from) : to, isRising }];
  });
  return crossings.reduce<Crossing | null>(
    (nearest, one) =>
      nearest === null || Math.abs(one.value - value) < Math.abs(nearest.value - value) ? one : nearest,
    null,
  );
}

const STEPS = [1, 2, 5];

/** Round values to label the axis with: some five of them, 1, 2 or 5 of a power of ten apart, or on a logarithmic axis these themselves. */
export function valueTicks({ from, to, isLog }: CurveAxis): number[] {
  const exponents = (low: number, high: number) => {
    const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  };
  const rounds = (low: number, high: number) =>
    exponents(low, high).flatMap((exponent) => STEPS.map((step) => Number(`${step}e${exponent}`)));
  if (isLog) return rounds(from, to).filter((value) => value >= from && value <= to);
  const span = to - from;
  const step = rounds(span / 100, span).find((one) => span / one <= 8) ?? span;
  const first = Math.ceil(from / step);
  const count = Math.floor(to / step) - first + 1;
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(6)));
}
