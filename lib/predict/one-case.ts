import { FEATURES, type FeatureKey, PROPERTIES } from "../../model/features";

type Numbers = Partial<Record<FeatureKey, number>>;

/** Mean perimeter and area of near-circles: in all 569 rows of the dataset the ratio lies in low..high. */
const CIRCLE_RATIOS = [
  {
    property: "perimeter",
    low: 0.98,
    high: 1.14,
    formula: "2πr",
    of: (radius: number) => 2 * Math.PI * radius,
  },
  { property: "area", low: 0.91, high: 1.07, formula: "πr²", of: (radius: number) => Math.PI * radius ** 2 },
] as const;

/** The features whose value lies outside every training case. */
export const outsideTraining = (numbers: Numbers) =>
  FEATURES.filter(({ key, range }) => {
    const value = numbers[key];
    return value !== undefined && (value < range.min || value > range.max);
  });

/** The properties whose worst is below their mean, which the mean of the three largest cannot be. */
export const worstBelowMean = (numbers: Numbers) =>
  PROPERTIES.filter(({ key }) => {
    const [mean, worst] = [numbers[`${key}_mean`], numbers[`${key}_worst`]];
    return mean !== undefined && worst !== undefined && worst < mean;
  });

/** What does not fit the mean radius, with its ratio to that of a circle: no finite number where the radius is 0. */
export const notRound = (numbers: Numbers) =>
  CIRCLE_RATIOS.flatMap((rule) => {
    const [radius, value] = [numbers.radius_mean, numbers[`${rule.property}_mean`]];
    if (radius === undefined || value === undefined) return [];
    const ratio = value / rule.of(radius);
    return ratio >= rule.low && ratio <= rule.high ? [] : [{ ...rule, ratio }];
  });

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
export function cannotBeOneCase(numbers: Numbers): boolean {
  const broken = worstBelowMean(numbers).length + notRound(numbers).length;
  return outsideTraining(numbers).length >= TOO_MANY_OUTSIDE || broken >= TOO_MANY_BROKEN;
}
