import { FEATURE_KEYS, FEATURES, oneCase } from "../tables/current";

/** Pairs of measurements, by index, of which the greater is not below the lesser. */
export const ORDERED = oneCase.rules.flatMap(({ keys: [greater, lesser], isOrder }) =>
  isOrder && lesser !== undefined
    ? [{ greater: FEATURE_KEYS.indexOf(greater), lesser: FEATURE_KEYS.indexOf(lesser) }]
    : [],
);

type Limits = (values: readonly number[], index: number) => { low: number; high: number };

/** What made-up values of a case may be: the training range, or up to its own value, in the order that the table's rules ask. */
export function allowedRange(features: readonly number[]): Limits {
  return (values, index) => {
    const own = features[index] as number;
    const range = FEATURES[index]?.range as { min: number; max: number };
    let low = Math.min(range.min, own);
    let high = Math.max(range.max, own);
    for (const { greater, lesser } of ORDERED) {
      // A case that already breaks the order is not to be mended here.
      if ((features[greater] as number) < (features[lesser] as number)) continue;
      if (index === lesser) high = Math.min(high, values[greater] as number);
      if (index === greater) low = Math.max(low, values[lesser] as number);
    }
    return { low, high };
  };
}

/** A value that is not known is within any range. */
export const isWithin = (limits: Limits, values: readonly number[]) =>
  values.every((value, index) => {
    const { low, high } = limits(values, index);
    return Number.isNaN(value) || (value >= low && value <= high);
  });

/** The changed values with as few significant digits as still pass; null where none do. */
export function fewestDigits(
  from: readonly number[],
  to: readonly number[],
  passes: (values: readonly number[]) => boolean,
): readonly number[] | null {
  for (let digits = 3; digits <= 15; digits++) {
    const rounded = to.map((x, j) => (x === from[j] ? x : Number(x.toPrecision(digits))));
    if (passes(rounded)) return rounded;
  }
  return null;
}
