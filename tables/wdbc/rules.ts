import type { Rule } from "../table";
import type { FeatureKey, Property } from "./words";

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

const rules: readonly Rule<FeatureKey>[] = [
  worstNotBelowMean("radius"),
  worstNotBelowMean("texture"),
  worstNotBelowMean("perimeter"),
  worstNotBelowMean("area"),
  worstNotBelowMean("smoothness"),
  worstNotBelowMean("compactness"),
  worstNotBelowMean("concavity"),
  worstNotBelowMean("concave_points"),
  worstNotBelowMean("symmetry"),
  worstNotBelowMean("fractal_dimension"),
  fitsCircle("perimeter", { low: 0.98, high: 1.14, formula: "2πr", of: (radius) => 2 * Math.PI * radius }),
  fitsCircle("area", { low: 0.91, high: 1.07, formula: "πr²", of: (radius) => Math.PI * radius ** 2 }),
];

/**
 * What the values of one case keep. From `outside` values beyond every training case, or `broken` rules, on they cannot
 * be one case's. Radius, perimeter and area grow with the scale of the image: nine values may be far off together. A
 * single mistyped value breaks at most three rules: the mean radius is in three.
 */
export const oneCase = { rules, limits: { outside: 10, broken: 4 } };
