import { sigmoid } from "./elementary";
import { cholesky, inverseDiagonal, solve } from "./linear-algebra";

export type KernelLogistic = {
  /** logit(x) = intercept + sum of coefficients[i] * kernel(x, case i); they add up to 0. */
  coefficients: Float64Array;
  intercept: number;
  /** The logit each case gets from the model that was fitted with it. */
  logits: Float64Array;
  /** The logit each case would get from a model trained without it. */
  leaveOneOut: number[];
};

/**
 * Ridge-penalised logistic regression in a kernel's feature space with a free intercept, by Newton's method on the
 * dual (Rasmussen and Williams, Gaussian Processes for Machine Learning, 3.4). Leave-one-out logits come in closed
 * form from the last Newton step (the approximate LOO of Rahnama Rad and Maleki, 2020). `gram`: the kernel of every
 * two cases, row by row, n * n; `start`: logits to begin with, of a similar fit. Throws if a class is missing.
 */
export function fitKernelLogistic(
  gram: Float64Array,
  labels: readonly (0 | 1)[],
  ridge: number,
  start?: Float64Array,
  tolerance = 1e-5,
): KernelLogistic {
  if (!labels.includes(0) || !labels.includes(1)) {
    throw new Error("training needs at least one positive and one negative case");
  }
  const n = labels.length;
  let logits = start ?? new Float64Array(n);
  for (let iteration = 0; ; iteration++) {
    // Working response and weights of iteratively reweighted least squares.
    const system = gram.slice();
    const response = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      const probability = sigmoid(logits[i] as number);
      // A saturated case would make the system singular in floating point.
      const weight = Math.max(probability * (1 - probability), 1e-10);
      response[i] = (logits[i] as number) + ((labels[i] as number) - probability) / weight;
      system[i * n + i] = (system[i * n + i] as number) + ridge / weight;
    }
    const factor = cholesky(system, n);
    const bySystem = solve(factor, response);
    const ones = solve(factor, new Float64Array(n).fill(1));
    const intercept = sum(bySystem) / sum(ones);
    const coefficients = bySystem.map((x, i) => x - intercept * (ones[i] as number));
    const next = logits.map((_, i) => {
      const diagonal = (system[i * n + i] as number) - (gram[i * n + i] as number);
      // From the system itself: K a + b = response - (ridge / weight) a.
      return (response[i] as number) - diagonal * (coefficients[i] as number);
    });
    const change = next.reduce((most, x, i) => Math.max(most, Math.abs(x - (logits[i] as number))), 0);
    logits = next;
    // Newton's steps shrink quadratically: the next one would change the logits by about the tolerance's square.
    if (change > tolerance && iteration < 60) continue;
    const inverse = inverseDiagonal(factor, n);
    const total = sum(ones);
    const leaveOneOut = Array.from(coefficients, (a, i) => {
      const one = ones[i] as number;
      return (response[i] as number) - a / ((inverse[i] as number) - (one * one) / total);
    });
    return { coefficients, intercept, logits, leaveOneOut };
  }
}

function sum(values: Float64Array): number {
  return values.reduce((total, x) => total + x, 0);
}
