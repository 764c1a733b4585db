import { FEATURE_KEYS, scales, table } from "../tables/current";
import type { UnsignedArtifact } from "./artifact";
import { calibrate, certainLimits } from "./calibrate";
import type { Dataset } from "./dataset";
import { average, type Choice, choose, type Fits, fitGrid } from "./grid";
import { cholesky, dot, solve } from "./linear-algebra";
import { readable } from "./readable";

export type TrainOptions = {
  /** SHA-256 of the training file, 64 hexadecimal digits; kept in the artifact. */
  trainingData: string;
  threshold?: number;
  /** At most this share of all cases may be certain and wrong on leave-one-out logits. */
  certainAndWrong?: number;
};

const SETTINGS = {
  threshold: table.threshold,
  certainAndWrong: table.certainAndWrong,
  /** A case further out than this share of the training cases is called atypical. */
  typicalQuantile: 0.99,
  typicalRidge: 0.1,
  /** Less than for the distance: a common factor is seen in how closely measurements go together. */
  scaleRidge: 0.01,
} as const;

const WIDTH = FEATURE_KEYS.length;

/**
 * Fits the quadratic logistic regression and all that is learnt beside it: log-standardisation, the settings and their
 * weights, the average of their fits, then calibration, limits and range on leave-one-out logits.
 * Deterministic to the bit. Throws if a class is missing.
 */
export function train(dataset: Dataset, options: TrainOptions): UnsignedArtifact {
  const grid = fitGrid(dataset);
  return trainOn(dataset, grid, choose(grid, dataset.positive), options);
}

/** `train` with the settings already fitted, and chosen. */
export function trainOn(
  dataset: Dataset,
  grid: readonly Fits[],
  choice: Choice,
  options: TrainOptions,
): UnsignedArtifact {
  const { trainingData, threshold, certainAndWrong } = { ...SETTINGS, ...options };
  const fits = grid.find(({ shift }) => shift === choice[0]?.shift);
  if (fits === undefined) throw new RangeError("the chosen settings were not fitted");
  const { inputs, rows, correlation } = fits;
  const mean = average(fits, choice);
  const { slope, intercept } = calibrate(mean.leaveOneOut, dataset.positive);
  // As many decimals as say something, since the artifact keeps one for every case.
  const logits = Array.from(mean.leaveOneOut, (logit) => Number((slope * logit + intercept).toFixed(4)));
  const products = triangleOf(mean.matrix).map((product) => readable(slope * product));
  return {
    format: 3,
    name: "quadratic-logistic-regression",
    version: "3.0.0",
    trainingData,
    features: [...FEATURE_KEYS],
    threshold,
    model: {
      kind: "quadratic-logistic-regression",
      ...inputs,
      intercept: readable(slope * mean.intercept + intercept),
      weights: Array.from(mean.weights, (weight) => readable(slope * weight)),
      products,
      expected: expectedShares(products, correlation).map(readable),
    },
    conformal: certainLimits(logits, dataset.positive, certainAndWrong),
    heldOut: { logits, positive: [...dataset.positive] },
    typicality: typicality(rows, correlation, inputs.scales),
  };
}

/** A symmetric matrix as factors of the products z[j] z[k], j <= k, row by row. */
function triangleOf(matrix: Float64Array): number[] {
  const factors: number[] = [];
  for (let j = 0; j < WIDTH; j++) {
    for (let k = j; k < WIDTH; k++) {
      const factor = matrix[j * WIDTH + k] as number;
      factors.push(j === k ? factor : 2 * factor);
    }
  }
  return factors;
}

/** Each product's mean over the training cases, halved between its two measurements. */
function expectedShares(products: readonly number[], correlation: Float64Array): number[] {
  const shares = Array<number>(WIDTH).fill(0);
  let at = 0;
  for (let j = 0; j < WIDTH; j++) {
    for (let k = j; k < WIDTH; k++, at++) {
      const share = ((products[at] as number) * (correlation[j * WIDTH + k] as number)) / 2;
      shares[j] = (shares[j] as number) + share;
      shares[k] = (shares[k] as number) + share;
    }
  }
  return shares;
}

/** Regularised Mahalanobis distance of the log measurements, its training quantile, and the scales' weights. */
function typicality(
  rows: readonly Float64Array[],
  correlation: Float64Array,
  scaleOfLogs: readonly number[],
): UnsignedArtifact["typicality"] {
  const factor = cholesky(withRidge(correlation, SETTINGS.typicalRidge), WIDTH);
  const scaleFactor = cholesky(withRidge(correlation, SETTINGS.scaleRidge), WIDTH);
  const precision = Array.from({ length: WIDTH }, (_, j) => {
    const unit = new Float64Array(WIDTH);
    unit[j] = 1;
    return [...solve(factor, unit).subarray(j)];
  }).flat();
  const distances = rows.map((row) => dot(row, solve(factor, row))).sort((a, b) => a - b);
  const limit = distances[Math.floor(SETTINGS.typicalQuantile * (rows.length - 1))] as number;
  return {
    quantile: SETTINGS.typicalQuantile,
    limit: readable(limit),
    precision: precision.map(readable),
    scales: scales.map(({ key, powers, limit }) => {
      const byKey: Partial<Record<string, number>> = powers;
      // How z moves, to first order, where the values are multiplied by e to these powers.
      const direction = Float64Array.from(
        FEATURE_KEYS,
        (name, j) => (byKey[name] ?? 0) / (scaleOfLogs[j] as number),
      );
      // Generalised least squares (Aitken, 1935): of all unbiased estimates of the shift, the one that varies least.
      const pulled = solve(scaleFactor, direction);
      const weights = [...pulled].map((x) => readable(x / dot(direction, pulled)));
      const vector = Float64Array.from(weights);
      const squares = rows.reduce((sum, row) => sum + dot(vector, row) * dot(vector, row), 0);
      return { key, weights, sd: readable(Math.sqrt(squares / rows.length)), limit };
    }),
  };
}

const withRidge = (correlation: Float64Array, ridge: number) =>
  correlation.map((x, at) => (at % (WIDTH + 1) === 0 ? x + ridge : x));
