import type { Artifact } from "./artifact";

export type Explanation = {
  /** Logit of the average training case. */
  base: number;
  /** 30 terms on the logit scale, dataset order; positive speaks for malignant. */
  contributions: number[];
};

/** Splits the logit of one case: base + sum of contributions = predict().logit within 1e-9. */
export function explain({ model }: Artifact, features: readonly number[]): Explanation {
  const contributions = model.weights.map(
    (weight, j) =>
      weight * (((features[j] as number) - (model.means[j] as number)) / (model.scales[j] as number)),
  );
  return { base: model.intercept, contributions };
}
