import type { Pattern, Rule, Scale } from "../table";
import { type FeatureKey, type Property, properties } from "./words";

const PROPERTY_KEYS = Object.keys(properties) as Property[];

/** A worst is the mean of the three largest values, so no mean is above it. */
const worstNotBelowMean = (property: Property): Rule<FeatureKey> => ({
  keys: [`${property}_worst`, `${property}_mean`],
  holds: (worst, mean) => worst >= mean,
  message: () => "smaller than the mean; worst is the mean of the three largest",
  isOrder: true,
});

/** Nuclei are near-circles: in all rows of the dataset the ratio to a circle of the mean radius lies in low..high. */
function fitsCircle(
  property: "perimeter" | "area",
  { low, high, formula, of }: { low: number; high: number; formula: string; of: (radius: number) => number },
): Rule<FeatureKey> {
  return {
    keys: [`${property}_mean`, "radius_mean"],
    holds: (value, radius) => value / of(radius) >= low && value / of(radius) <= high,
    message: (value, radius) =>
      // At radius 0 there is no ratio to tell, and the radius has a warning of its own.
      radius === 0
        ? null
        : `does not fit the mean radius: ${property}/(${formula}) is ${(value / of(radius)).toFixed(2)}, in the training data ${low} to ${high}`,
  };
}

export const rules: readonly Rule<FeatureKey>[] = [
  ...PROPERTY_KEYS.map(worstNotBelowMean),
  fitsCircle("perimeter", { low: 0.98, high: 1.14, formula: "2πr", of: (radius) => 2 * Math.PI * radius }),
  fitsCircle("area", { low: 0.91, high: 1.07, formula: "πr²", of: (radius) => Math.PI * radius ** 2 }),
];

/**
 * Radius, perimeter and area grow with the scale of the image: nine values may be far off together. A single mistyped
 * value breaks at most three rules: the mean radius is in three.
 */
export const limits = { outside: 10, broken: 4 };

const GROUP_KEYS = ["mean", "se", "worst"] as const;

/** The same power for each of these properties, in these groups. */
const powers = (
  power: number,
  groups: readonly (typeof GROUP_KEYS)[number][],
  properties: readonly Property[],
) =>
  Object.fromEntries(
    groups.flatMap((group) => properties.map((property) => [`${property}_${group}`, power])),
  ) as Partial<Record<FeatureKey, number>>;

/** Out of fold one case in a hundred is beyond it, by each scale. */
const LIMIT = 3.3;

export const scales: readonly Scale<FeatureKey>[] = [
  {
    key: "size",
    caution: "scale_size",
    limit: LIMIT,
    powers: { ...powers(1, GROUP_KEYS, ["radius", "perimeter"]), ...powers(2, GROUP_KEYS, ["area"]) },
    says: {
      what: "Sizes",
      beside: "for these shapes",
      question: "Were they measured in other units, or in an image of another scale?",
    },
  },
  {
    key: "grey",
    caution: "scale_grey",
    // The dataset's first row, a clear case, is 3.9 away: grey values alone tell little of a factor.
    limit: 4,
    powers: powers(1, GROUP_KEYS, ["texture"]),
    says: {
      what: "Texture values",
      beside: "for this case",
      question: "Were the grey values on another scale?",
    },
  },
  {
    key: "se",
    caution: "scale_se",
    limit: LIMIT,
    powers: powers(1, ["se"], PROPERTY_KEYS),
    says: {
      what: "Standard errors",
      beside: "for these means",
      question: "Are they standard deviations, or of another number of nuclei?",
    },
  },
  {
    key: "worst",
    caution: "scale_worst",
    limit: LIMIT,
    powers: powers(1, ["worst"], PROPERTY_KEYS),
    says: {
      what: "Worst values",
      beside: "for these means",
      question: "Worst is the mean of the three largest values: is it the largest alone here, or the mean?",
    },
  },
];

const inPairs = (first: (typeof GROUP_KEYS)[number], second: (typeof GROUP_KEYS)[number]) =>
  PROPERTY_KEYS.flatMap((property): FeatureKey[] => [`${property}_${first}`, `${property}_${second}`]);

/** How many of the pairs of values are such. */
function countPairs(values: ArrayLike<number>, isSuch: (first: number, second: number) => boolean): number {
  let count = 0;
  for (let at = 0; at < values.length; at += 2) {
    if (isSuch(values[at] as number, values[at + 1] as number)) count++;
  }
  return count;
}

export const patterns: readonly Pattern<FeatureKey>[] = [
  {
    key: "worst_is_mean",
    // Two rows of the dataset have such a pair at all.
    keys: inPairs("worst", "mean"),
    isFound: (values) => countPairs(values, (worst, mean) => worst !== 0 && worst === mean) >= 2,
    says: "Several worst values equal their means",
    short: "worst equals mean",
    advice: "Worst is the mean of the three largest values. Were the means copied?",
  },
  {
    key: "se_is_zero",
    keys: inPairs("se", "mean"),
    isFound: (values) => countPairs(values, (se, mean) => se === 0 && mean !== 0) > 0,
    says: "A standard error is 0",
    short: "a standard error is 0",
    advice: "It would be 0 only where all nuclei are alike. Was it left out?",
  },
];
