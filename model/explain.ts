import { FEATURES } from "../tables/current";
import type { Artifact } from "./artifact";
import { inputsOf, standardise } from "./standardise";
import { CELLS, cellOf, DEPTH, type Trees } from "./trees";

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
 * (interventional Shapley values; Lundberg and Lee, 2017). Those of a column's inputs add up. For a tree see addTree().
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
  let base = model.expected.reduce((sum, share) => sum + share, model.intercept);
  const { trees } = model;
  for (let at = 0, first = 0; at < (trees?.inputs.length ?? 0); at += DEPTH, first += CELLS) {
    if (trees !== undefined) base += addTree(contributions, trees, { at, first, z, columns });
  }
  return { base, contributions };
}

/**
 * Adds what a tree says to its columns' terms, and returns its mean over the training cases. Of a set of columns that are
 * known, a tree is worth its mean value over the training cases with those columns as in this case; that takes no more of
 * the training cases than how many are in each cell. The Shapley values of three columns or fewer are sums over their sets.
 */
function addTree(
  contributions: number[],
  trees: Trees,
  { at, first, z, columns }: { at: number; first: number; z: Float64Array; columns: readonly number[] },
): number {
  const own = cellOf(trees, at, z);
  let count = 0;
  for (let cell = 0; cell < CELLS; cell++) count += trees.cases[first + cell] as number;
  /** By the bits of the splits whose columns are known. */
  const worth = (known: number) => {
    let sum = 0;
    for (let cell = 0; cell < CELLS; cell++) {
      const mixed = (own & known) | (cell & ~known);
      sum += (trees.cases[first + cell] as number) * (trees.values[first + mixed] as number);
    }
    return sum / count;
  };
  const worths = Float64Array.from({ length: CELLS }, (_, known) => worth(known));
  // Splits of one column are known together.
  const players = new Map<number, number>();
  for (let k = 0; k < DEPTH; k++) {
    const column = columns[trees.inputs[at + k] as number] as number;
    players.set(column, (players.get(column) ?? 0) | (4 >> k));
  }
  for (const [column, bits] of players) {
    const others = [...players.values()].filter((one) => one !== bits);
    const gain = (known: number) => (worths[known | bits] as number) - (worths[known] as number);
    const [one = 0, two = 0] = others;
    const shares = [
      [gain(0)],
      [gain(0) / 2, gain(one) / 2],
      [gain(0) / 3, gain(one) / 6, gain(two) / 6, gain(one | two) / 3],
    ][others.length] as number[];
    contributions[column] = shares.reduce((sum, share) => sum + share, contributions[column] as number);
  }
  return worths[0] as number;
}
