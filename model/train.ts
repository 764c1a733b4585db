import type { UnsignedArtifact } from "./artifact";
import type { Dataset } from "./dataset";
import { sigmoid } from "./elementary";
import { FEATURE_KEYS } from "./features";
import { solveSymmetric } from "./linear-algebra";

export type TrainOptions = {
  /** SHA-256 of the training file, 64 hexadecimal digits; kept in the artifact. */
  trainingData: string;
  /** Strength of the L2 penalty on the weights: penalty = l2 / 2 * |w|^2 beside the summed log-loss. */
  l2?: number;
};

/**
 * Standardises and fits an L2 logistic regression by Newton's method (IRLS; Hastie, Tibshirani, Friedman,
 * The Elements of Statistical Learning, 4.4.1). Deterministic to the bit. Throws if a class is missing.
 */
export function train(dataset: Dataset, { trainingData, l2 = 1 }: TrainOptions): UnsignedArtifact {
  const { means: m0, scales: s0 } = moments(dataset.features);
  const means = m0.map(readable);
  const scales = s0.map(readable);
  const standardised = dataset.features.map((row) =>
    Float64Array.from(row, (x, j) => (x - (means[j] as number)) / (scales[j] as number)),
  );
  const { weights, intercept } = fitLogistic(standardised, dataset.malignant, l2);
  return {
    format: 1,
    name: "logistic-regression",
    version: "1.0.0",
    trainingData,
    features: [...FEATURE_KEYS],
    threshold: 0.5,
    model: {
      kind: "logistic-regression",
      means,
      scales,
      weights: weights.map(readable),
      intercept: readable(intercept),
    },
  };
}

/**
 * 15 significant digits, which every decimal parser reads exactly. With 17, bundlers that read imported JSON with an
 * approximate parser (seen: 14.127291739894563 became ...565) would predict other last bits than the Lambda.
 */
function readable(x: number): number {
  return Number(x.toPrecision(15));
}

function moments(rows: readonly (readonly number[])[]): { means: number[]; scales: number[] } {
  const means = FEATURE_KEYS.map(
    (_, j) => rows.reduce((sum, row) => sum + (row[j] as number), 0) / rows.length,
  );
  const scales = means.map((mean, j) => {
    const squares = rows.reduce((sum, row) => {
      const deviation = (row[j] as number) - mean;
      // Not `** 2`: engines may round powers differently.
      return sum + deviation * deviation;
    }, 0);
    // A constant column carries nothing; any scale but 0 keeps it harmless.
    return Math.sqrt(squares / rows.length) || 1;
  });
  return { means, scales };
}

function fitLogistic(
  rows: readonly Float64Array[],
  labels: readonly (0 | 1)[],
  l2: number,
): { weights: number[]; intercept: number } {
  if (!labels.includes(0) || !labels.includes(1)) {
    throw new Error("training needs at least one malignant and one benign case");
  }
  const width = FEATURE_KEYS.length;
  const size = width + 1;
  const parameters = new Float64Array(size);
  for (let iteration = 0; iteration < 50; iteration++) {
    const gradient = new Float64Array(size);
    const hessian = new Float64Array(size * size);
    for (let j = 0; j < width; j++) {
      gradient[j] = l2 * (parameters[j] as number);
      hessian[j * size + j] = l2;
    }
    for (const [i, row] of rows.entries()) {
      const x = (j: number) => (j === width ? 1 : (row[j] as number));
      let logit = 0;
      for (let j = 0; j < size; j++) logit += (parameters[j] as number) * x(j);
      const probability = sigmoid(logit);
      const error = probability - (labels[i] as number);
      const curvature = probability * (1 - probability);
      for (let j = 0; j < size; j++) {
        gradient[j] = (gradient[j] as number) + error * x(j);
        for (let k = 0; k <= j; k++) {
          hessian[j * size + k] = (hessian[j * size + k] as number) + curvature * x(j) * x(k);
        }
      }
    }
    const step = solveSymmetric(hessian, gradient);
    let largest = 0;
    for (let j = 0; j < size; j++) {
      parameters[j] = (parameters[j] as number) - (step[j] as number);
      largest = Math.max(largest, Math.abs(step[j] as number));
    }
    if (largest < 1e-12) break;
  }
  return { weights: [...parameters.subarray(0, width)], intercept: parameters[width] as number };
}
