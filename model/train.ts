import { FEATURE_KEYS, scales, table } from "../tables/current";
import type { UnsignedArtifact } from "./artifact";
import { calibrate, conformalLimits } from "./calibrate";
import type { Dataset } from "./dataset";
import { exp, log } from "./elementary";
import { fitKernelLogistic } from "./kernel-logistic";
import { cholesky, mapEigenvalues, solve } from "./linear-algebra";
import { fitInputs, standardise } from "./standardise";

export type TrainOptions = {
  /** SHA-256 of the training file, 64 hexadecimal digits; kept in the artifact. */
  trainingData: string;
  /** Instead of those in SETTINGS. */
  ridge?: number;
  threshold?: number;
  conformalLevel?: number;
};

/** Chosen by cross-validation on several seeds of folds; docs/decisions/0010-model.md has the table. */
const SETTINGS = {
  /**
   * Whitening: how far the correlated logs are pulled towards independence, 0 not at all, 1 wholly. Curvature: of the
   * kernel (1 + curvature * u.v / width)^2; the larger, the more the products of measurements weigh.
   */
  ...table.settings,
  /** Added to the eigenvalues of the correlation matrix, so that tiny ones are not blown up. */
  eigenvalueFloor: 0.03,
  threshold: table.threshold,
  conformalLevel: table.level,
  /** A case further out than this share of the training cases is called atypical. */
  typicalQuantile: 0.99,
  typicalRidge: 0.1,
  /** Less than for the distance: a common factor is seen in how closely measurements go together. */
  scaleRidge: 0.01,
} as const;

const WIDTH = FEATURE_KEYS.length;

/**
 * Fits the quadratic logistic regression and all that is learnt beside it: log-standardisation, partial whitening,
 * the ridge-penalised fit (convex, by Newton's method), then calibration and conformal limits on leave-one-out logits.
 * Deterministic to the bit. Throws if a class is missing.
 */
export function train(dataset: Dataset, options: TrainOptions): UnsignedArtifact {
  const { trainingData, ridge, threshold, conformalLevel } = { ...SETTINGS, ...options };
  const inputs = mapValues(fitInputs(dataset.features), (values) => values.map(readable));
  const rows = dataset.features.map((row) => standardise(inputs, row));
  const correlation = correlations(rows);
  const whitener = partialWhitener(correlation);
  const whitened = rows.map((row) => multiply(whitener, row));
  const kernel = (a: Float64Array, b: Float64Array) => {
    const inner = 1 + (SETTINGS.curvature / WIDTH) * dot(a, b);
    return inner * inner;
  };
  const fitted = fitKernelLogistic(whitened, dataset.positive, kernel, ridge);
  const { slope, intercept } = calibrate(fitted.leaveOneOut, dataset.positive);
  const { weights, products } = expand(fitted.coefficients, whitened, whitener, slope);
  const logits = fitted.leaveOneOut.map((logit) => slope * logit + intercept);
  return {
    format: 2,
    name: "quadratic-logistic-regression",
    version: "2.0.0",
    trainingData,
    features: [...FEATURE_KEYS],
    threshold,
    model: {
      kind: "quadratic-logistic-regression",
      ...inputs,
      // The kernel's constant term cancels: the coefficients add up to 0.
      intercept: readable(slope * fitted.intercept + intercept),
      weights: weights.map(readable),
      products: products.map(readable),
      expected: expectedShares(products.map(readable), correlation).map(readable),
    },
    conformal: mapValues(conformalLimits(logits, dataset.positive, conformalLevel), readable),
    typicality: typicality(rows, correlation, inputs.scales),
  };
}

/**
 * 12 significant digits: any decimal parser reads them exactly, where bundlers were seen to change the 17th, and
 * the committed file stays readable.
 */
function readable(x: number): number {
  return Number(x.toPrecision(12));
}

function mapValues<K extends string, V>(record: Record<K, V>, f: (value: V) => V): Record<K, V> {
  return Object.fromEntries(Object.entries<V>(record).map(([key, value]) => [key, f(value)])) as Record<K, V>;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += (a[j] as number) * (b[j] as number);
  return sum;
}

function multiply(matrix: Float64Array, v: Float64Array): Float64Array {
  return v.map((_, j) => dot(matrix.subarray(j * WIDTH, (j + 1) * WIDTH), v));
}

function correlations(rows: readonly Float64Array[]): Float64Array {
  const matrix = new Float64Array(WIDTH * WIDTH);
  for (const row of rows) addOuterProduct(matrix, row, 1 / rows.length);
  return matrix;
}

function addOuterProduct(matrix: Float64Array, v: Float64Array, weight: number): void {
  for (let j = 0; j < WIDTH; j++) {
    for (let k = 0; k < WIDTH; k++) {
      matrix[j * WIDTH + k] =
        (matrix[j * WIDTH + k] as number) + weight * (v[j] as number) * (v[k] as number);
    }
  }
}

/** (correlation + floor)^(-whitening / 2), scaled to keep the mean square length of a case at its number of measurements. */
function partialWhitener(correlation: Float64Array): Float64Array {
  let meanSquare = 0;
  const power = (value: number) => {
    const floored = Math.max(value, 0) + SETTINGS.eigenvalueFloor;
    const shrink = exp((-SETTINGS.whitening / 2) * log(floored));
    meanSquare += (Math.max(value, 0) * shrink * shrink) / WIDTH;
    return shrink;
  };
  const whitener = mapEigenvalues(correlation, WIDTH, power);
  return whitener.map((x) => x / Math.sqrt(meanSquare));
}

/** Multiplies the kernel expansion out to a quadratic in z, so that no training case is needed to predict. */
function expand(
  coefficients: Float64Array,
  whitened: readonly Float64Array[],
  whitener: Float64Array,
  slope: number,
): { weights: number[]; products: number[] } {
  const linear = new Float64Array(WIDTH);
  const quadratic = new Float64Array(WIDTH * WIDTH);
  const c = SETTINGS.curvature / WIDTH;
  for (const [i, row] of whitened.entries()) {
    const a = slope * (coefficients[i] as number);
    for (let j = 0; j < WIDTH; j++) linear[j] = (linear[j] as number) + 2 * c * a * (row[j] as number);
    addOuterProduct(quadratic, row, c * c * a);
  }
  const half = new Float64Array(WIDTH * WIDTH);
  for (let j = 0; j < WIDTH; j++) {
    // The whitener is symmetric, so W Q W needs only row products.
    half.set(multiply(whitener, quadratic.subarray(j * WIDTH, (j + 1) * WIDTH)), j * WIDTH);
  }
  const products: number[] = [];
  for (let j = 0; j < WIDTH; j++) {
    for (let k = j; k < WIDTH; k++) {
      let sum = 0;
      for (let m = 0; m < WIDTH; m++) {
        sum += (whitener[j * WIDTH + m] as number) * (half[m * WIDTH + k] as number);
      }
      products.push(j === k ? sum : 2 * sum);
    }
  }
  return { weights: [...multiply(whitener, linear)], products };
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
