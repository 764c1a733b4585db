import { FEATURES, type FeatureKey, PROPERTIES } from "../../model/features";

/** Mean perimeter and area of near-circles: in all 569 rows of the dataset the ratio lies in low..high. */
export const CIRCLE_RATIOS = [
  {
    property: "perimeter",
    low: 0.98,
    high: 1.14,
    formula: "2πr",
    of: (radius: number) => 2 * Math.PI * radius,
  },
  { property: "area", low: 0.91, high: 1.07, formula: "πr²", of: (radius: number) => Math.PI * radius ** 2 },
] as const;

/** Radius, perimeter and area grow with the scale of the image: nine of the 30 values, so nine may be far off together. */
const TOO_MANY_OUTSIDE = 10;
/** A single mistyped value breaks at most three of the twelve rules: the mean radius is in three. */
const TOO_MANY_BROKEN = 4;

/**
 * Whether these numbers cannot be the measurements of one case, because they are shifted, in another order or not
 * measurements at all: at least 10 of the 30 lie outside every training case, or at least 4 of the 12 rules are broken
 * (each worst is not below its mean; mean perimeter and area fit the mean radius). Values that are missing count as
 * fitting. False for each of the 569 rows of the dataset, also after any one of its values is changed.
 */
export function cannotBeOneCase(numbers: Partial<Record<FeatureKey, number>>): boolean {
  const outside = FEATURES.filter(({ key, range }) => {
    const value = numbers[key];
    return value !== undefined && (value < range.min || value > range.max);
  });
  const below = PROPERTIES.filter(({ key }) => {
    const [mean, worst] = [numbers[`${key}_mean`], numbers[`${key}_worst`]];
    return mean !== undefined && worst !== undefined && worst < mean;
  });
  const notRound = CIRCLE_RATIOS.filter(({ property, low, high, of }) => {
    const [radius, value] = [numbers.radius_mean, numbers[`${property}_mean`]];
    if (radius === undefined || value === undefined) return false;
    // At radius 0 the ratio is no number within the limits, so that the rule is broken.
    const ratio = value / of(radius);
    return !(ratio >= low && ratio <= high);
  });
  return outside.length >= TOO_MANY_OUTSIDE || below.length + notRound.length >= TOO_MANY_BROKEN;
}
