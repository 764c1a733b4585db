import { FEATURES } from "../tables/current";
import type { Artifact } from "./artifact";
import { inputsOf, standardise } from "./standardise";

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
 * (interventional Shapley values; Lundberg and Lee, 2017). Those of a column's inputs add up.
 */
export function explain({ model }: Artifact, features: readonly number[]): Explanation {
  const z = standardise(model, features);
  const columns = inputsOf(model).map(({ column }) => column);
  const contributions = FEATURES.map(() => 0);
  const add = (j: number, share: number) => {
    const column = columns[j] as number;
    contributions[column] = (contributions[column] as number) + share;
  };
  for (const [j, weight] of model.weights.entries()) {
    add(j, weight * (z[j] as number) - (model.expected[j] as number));
  }
  let at = 0;
  for (let j = 0; j < z.length; j++) {
    for (let k = j; k < z.length; k++, at++) {
      const half = ((model.products[at] as number) * (z[j] as number) * (z[k] as number)) / 2;
      add(j, half);
      add(k, half);
    }
  }
  return { base: model.expected.reduce((sum, share) => sum + share, model.intercept), contributions };
}
