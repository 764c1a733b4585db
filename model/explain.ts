import type { Artifact } from "./artifact";
import { standardise } from "./standardise";

export type Explanation = {
  /** Mean logit of the training cases. */
  base: number;
  /** A term for each measurement on the logit scale, in the table's order; above 0 speaks for the positive class. */
  contributions: number[];
};

/**
 * Exact Shapley values of one case's logit against all training cases as background: base + sum of contributions =
 * predict().logit within 1e-9. For a quadratic in standardised z they have a closed form: a measurement gets its
 * linear term, its square and half of each product it shares, less their means over the training cases
 * (interventional Shapley values; Lundberg and Lee, 2017).
 */
export function explain({ model }: Artifact, features: readonly number[]): Explanation {
  const z = standardise(model, features);
  const contributions = model.weights.map(
    (weight, j) => weight * (z[j] as number) - (model.expected[j] as number),
  );
  let at = 0;
  for (let j = 0; j < z.length; j++) {
    for (let k = j; k < z.length; k++, at++) {
      const half = ((model.products[at] as number) * (z[j] as number) * (z[k] as number)) / 2;
      contributions[j] = (contributions[j] as number) + half;
      contributions[k] = (contributions[k] as number) + half;
    }
  }
  return { base: model.expected.reduce((sum, share) => sum + share, model.intercept), contributions };
}
