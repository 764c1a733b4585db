import type { Artifact } from "./artifact";
import { exp } from "./elementary";
import { inputsOf, numbersOf, standardise } from "./standardise";

export type Typicality = {
  atypical: boolean;
  /** Squared regularised Mahalanobis distance of the numbers' inputs, over the training quantile: above 1 is atypical. */
  distance: number;
  /** The measurements that stand out, most first: outside the training range, or unlike what the others suggest. */
  unusual: { index: number; reason: "below_range" | "above_range" | "unlike_the_others" }[];
  /**
   * By what factor the values look multiplied, for each of the table's scales, and its logarithm in standard deviations of the
   * training cases; to four digits and two decimals, since an answer has at most a kilobyte.
   */
  scales: { key: string; factor: number; deviations: number }[];
};

/** Beyond the training range logarithms are still measured, up to this factor, so that ln 0 stays finite. */
export const REACH = 1000;
/** A measurement this many standard deviations from what the others predict is named. */
const STANDS_OUT = 3.5;

/** Says whether a case lies outside the training cloud, and which measurements put it there. */
export function typicality({ model, typicality: fitted }: Artifact, features: readonly number[]): Typicality {
  const inputs = inputsOf(model);
  const numbers = numbersOf(model);
  const all = standardise(model, features, REACH);
  const z = Float64Array.from(numbers, (j) => all[j] as number);
  const pull = multiplyTriangle(fitted.precision, z);
  const distance = distanceOf(fitted.precision, z) / fitted.limit;
  const unusual = numbers
    .map((j, at) => {
      const index = inputs[j]?.column as number;
      const x = features[index] as number;
      // Conditional on the others, z[j] has variance 1 / precision[j, j] about a mean that leaves pull / precision.
      const onDiagonal = fitted.precision[triangleStart(at, numbers.length)] as number;
      const surprise = Math.abs(pull[at] as number) / Math.sqrt(onDiagonal);
      if (x < (model.low[j] as number)) return { index, reason: "below_range" as const, surprise };
      if (x > (model.high[j] as number)) return { index, reason: "above_range" as const, surprise };
      const isUnlike = !Number.isNaN(x) && surprise > STANDS_OUT;
      return isUnlike ? { index, reason: "unlike_the_others" as const, surprise } : null;
    })
    .filter((found) => found !== null)
    .sort((a, b) => b.surprise - a.surprise || a.index - b.index)
    .map(({ index, reason }) => ({ index, reason }));
  return {
    atypical: distance > 1,
    distance,
    unusual,
    scales: fitted.scales.map(({ key, weights, sd }) => {
      const shift = weights.reduce((sum, weight, j) => sum + weight * (z[j] as number), 0);
      return {
        key,
        factor: Number(exp(shift).toPrecision(4)),
        deviations: roundedDeviations(shift, sd),
      };
    }),
  };
}

/** Whether a case lies within the training cloud. */
export function isTypical(artifact: Artifact, features: readonly number[]): boolean {
  return !typicality(artifact, features).atypical;
}

function triangleStart(j: number, n: number): number {
  return j * n - (j * (j - 1)) / 2;
}

/** `shift` in standard deviations, to two decimals. */
export const roundedDeviations = (shift: number, sd: number) => Number((shift / sd).toFixed(2));

/** z' P z of a symmetric matrix that is given as its upper triangle, z from `start` of an array up to `end`. */
export function distanceOf(triangle: ArrayLike<number>, z: Float64Array, start = 0, end = z.length): number {
  let sum = 0;
  for (let j = start, at = 0; j < end; j++) {
    const x = z[j] as number;
    // Each product beside the diagonal is there twice.
    let beside = 0;
    const onDiagonal = (triangle[at++] as number) * x;
    for (let k = j + 1; k < end; k++) beside += (triangle[at++] as number) * (z[k] as number);
    sum += x * (onDiagonal + 2 * beside);
  }
  return sum;
}

function multiplyTriangle(triangle: readonly number[], v: Float64Array): Float64Array {
  const product = new Float64Array(v.length);
  let at = 0;
  for (let j = 0; j < v.length; j++) {
    for (let k = j; k < v.length; k++, at++) {
      const value = triangle[at] as number;
      product[j] = (product[j] as number) + value * (v[k] as number);
      if (k !== j) product[k] = (product[k] as number) + value * (v[j] as number);
    }
  }
  return product;
}
