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

const NO_TREES: Trees = { inputs: [], cuts: [], values: [], cases: [] };

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
  const trees = model.trees ?? NO_TREES;
  for (let at = 0, first = 0; at < trees.inputs.length; at += DEPTH, first += CELLS) {
    base += addTree(contributions, trees, { at, first, own: cellOf(trees, at, z), columns });
  }
  return { base, contributions };
}

/** What a tree is worth by the bits of the splits whose columns are known; filled anew for each tree. */
const worths = new Float64Array(CELLS);

/**
 * Adds what a tree says to its columns' terms, and returns its mean over the training cases. Where some columns are known, a
 * tree is worth its mean value over the training cases with those columns as in this case; that takes no more of them
 * than how many are in each cell. The Shapley values of three columns are sums over their subsets.
 */
function addTree(
  contributions: number[],
  { inputs, cases, values }: Trees,
  { at, first, own, columns }: { at: number; first: number; own: number; columns: readonly number[] },
): number {
  let count = 0;
  for (let cell = 0; cell < CELLS; cell++) count += cases[first + cell] as number;
  for (let known = 0; known < CELLS; known++) {
    let sum = 0;
    for (let cell = 0; cell < CELLS; cell++) {
      const mixed = (own & known) | (cell & ~known);
      sum += (cases[first + cell] as number) * (values[first + mixed] as number);
    }
    worths[known] = sum / count;
  }
  const a = columns[inputs[at] as number] as number;
  const b = columns[inputs[at + 1] as number] as number;
  const c = columns[inputs[at + 2] as number] as number;
  // Splits of one column are known together: the first of them stands for all, and the others for no column.
  const byA = 4 | (b === a ? 2 : 0) | (c === a ? 1 : 0);
  const byB = b === a ? 0 : 2 | (c === b ? 1 : 0);
  const byC = c === a || c === b ? 0 : 1;
  contributions[a] = (contributions[a] as number) + shareOf(byA, byB, byC);
  contributions[b] = (contributions[b] as number) + shareOf(byB, byA, byC);
  contributions[c] = (contributions[c] as number) + shareOf(byC, byA, byB);
  return worths[0] as number;
}

/** The Shapley value of a column by the bits of its splits and of the two others': its gain over each subset of these. */
const shareOf = (bits: number, one: number, other: number) =>
  (2 * gainOver(0, bits) + gainOver(one, bits) + gainOver(other, bits) + 2 * gainOver(one | other, bits)) / 6;

const gainOver = (known: number, bits: number) =>
  (worths[known | bits] as number) - (worths[known] as number);
