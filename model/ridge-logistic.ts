import { sigmoid } from "./elementary";
import { cholesky, dot, forward, solve } from "./linear-algebra";

type RidgeLogistic = {
  /** logit(x) = intercept + weights . x. */
  weights: Float64Array;
  intercept: number;
  /** The logit each case would get from a model trained without it. */
  leaveOneOut: number[];
};

/**
 * Ridge-penalised logistic regression with a free intercept, by Newton's method (iteratively reweighted least squares),
 * for more cases than inputs; fitKernelLogistic() is the same from the other side. Leave-one-out logits come in closed
 * form from the last step. Throws if a class is missing.
 */
export function fitRidgeLogistic(
  rows: readonly Float64Array[],
  labels: readonly (0 | 1)[],
  ridge: number,
  tolerance: number,
): RidgeLogistic {
  if (!labels.includes(0) || !labels.includes(1)) {
    throw new Error("training needs at least one positive and one negative case");
  }
  // The intercept is the last input, and free: a penalty of nearly nothing keeps the system solvable.
  const cases = rows.map((row) => Float64Array.of(...row, 1));
  const width = (cases[0] as Float64Array).length;
  let logits = new Float64Array(rows.length);
  for (let iteration = 0; ; iteration++) {
    const weights = logits.map((logit) => {
      const probability = sigmoid(logit);
      // A saturated case would have a response without bound.
      return Math.max(probability * (1 - probability), 1e-8);
    });
    const system = weightedSquares(cases, weights);
    for (let j = 0; j < width; j++) {
      system[j * width + j] = (system[j * width + j] as number) + (j === width - 1 ? 1e-9 : ridge);
    }
    const right = new Float64Array(width);
    for (const [i, row] of cases.entries()) {
      const logit = logits[i] as number;
      const pull = (weights[i] as number) * logit + ((labels[i] as number) - sigmoid(logit));
      for (let j = 0; j < width; j++) right[j] = (right[j] as number) + pull * (row[j] as number);
    }
    const factor = cholesky(system, width);
    const solved = solve(factor, right);
    const next = logits.map((_, i) => dot(cases[i] as Float64Array, solved));
    const change = next.reduce((most, x, i) => Math.max(most, Math.abs(x - (logits[i] as number))), 0);
    const before = logits;
    logits = next;
    if (change > tolerance && iteration < 60) continue;
    const leaveOneOut = Array.from(logits, (logit, i) => {
      const [weight, old] = [weights[i] as number, before[i] as number];
      const response = old + ((labels[i] as number) - sigmoid(old)) / weight;
      const half = forward(factor, cases[i] as Float64Array);
      const leverage = weight * dot(half, half);
      return (logit - leverage * response) / (1 - leverage);
    });
    return { weights: solved.slice(0, -1), intercept: solved.at(-1) as number, leaveOneOut };
  }
}

/**
 * The sum of weight * v v' over the cases, its lower triangle. Four cases and two rows of the sum at a time, which read
 * each number once between them.
 */
function weightedSquares(cases: readonly Float64Array[], weights: Float64Array): Float64Array {
  const width = (cases[0] as Float64Array).length;
  const squares = new Float64Array(width * width);
  const none = new Float64Array(width);
  for (let i = 0; i < cases.length; i += 4) {
    const v0 = cases[i] as Float64Array;
    const v1 = cases[i + 1] ?? none;
    const v2 = cases[i + 2] ?? none;
    const v3 = cases[i + 3] ?? none;
    const w0 = weights[i] as number;
    const w1 = weights[i + 1] ?? 0;
    const w2 = weights[i + 2] ?? 0;
    const w3 = weights[i + 3] ?? 0;
    for (let j = 0; j < width; j += 2) {
      // The last row may have no second.
      const next = j + 1 < width ? j + 1 : j;
      const x0 = w0 * (v0[j] as number);
      const x1 = w1 * (v1[j] as number);
      const x2 = w2 * (v2[j] as number);
      const x3 = w3 * (v3[j] as number);
      const y0 = next === j ? 0 : w0 * (v0[next] as number);
      const y1 = next === j ? 0 : w1 * (v1[next] as number);
      const y2 = next === j ? 0 : w2 * (v2[next] as number);
      const y3 = next === j ? 0 : w3 * (v3[next] as number);
      const at = j * width;
      const below = next * width;
      for (let k = 0; k <= next; k++) {
        const z0 = v0[k] as number;
        const z1 = v1[k] as number;
        const z2 = v2[k] as number;
        const z3 = v3[k] as number;
        squares[at + k] = (squares[at + k] as number) + (x0 * z0 + x1 * z1 + x2 * z2 + x3 * z3);
        squares[below + k] = (squares[below + k] as number) + (y0 * z0 + y1 * z1 + y2 * z2 + y3 * z3);
      }
    }
  }
  return squares;
}
