import { FEATURE_KEYS, scales, table } from "../tables/current";
import type { UnsignedArtifact } from "./artifact";
import { calibrate, certainLimits, chooseLevel, levelLimits } from "./calibrate";
import { type Combined, combine } from "./combine";
import { classOf, type Dataset } from "./dataset";
import { type Choice, type Fitted, type Fitting, gridFitting } from "./grid";
import { cholesky, dot, solve } from "./linear-algebra";
import { readable } from "./readable";
import { searchFitting } from "./search";
import { inputsOf, numbersOf } from "./standardise";

export type TrainOptions = {
  /** SHA-256 of the training file, 64 hexadecimal digits; kept in the artifact. */
  trainingData: string;
  threshold?: number;
  /** At most this share of all cases may be certain and wrong on leave-one-out logits. */
  certainAndWrong?: number | undefined;
  /** Instead: this share of each class should keep its true label. */
  level?: number | undefined;
  /** Hears how many settings a search has tried, of usually 15 to 60. */
  onTried?: (count: number) => void;
};

/** Cases that each class needs: with fewer, calibration and limits on out-of-sample answers rest on almost nothing. */
const LEAST_OF_A_CLASS = 10;

const SETTINGS = {
  threshold: table.threshold,
  /** A case further out than this share of the training cases is called atypical. */
  typicalQuantile: 0.99,
  typicalRidge: 0.1,
  /** Less than for the distance: a common factor is seen in how closely measurements go together. */
  scaleRidge: 0.01,
} as const;

/** How settings are chosen and fitted: those that the table pins, or only `settings` of these, or by a search. */
export const fittingOf = (dataset: Dataset, settings?: Choice, onTried?: TrainOptions["onTried"]): Fitting =>
  table.settings === null ? searchFitting(dataset, onTried) : gridFitting(dataset, settings);

/**
 * Fits the quadratic logistic regression and all that is learnt beside it: inputs, the settings and their weights, the
 * average of their fits, then trees where they pay, calibration, limits and range on out-of-sample logits.
 * Deterministic to the bit. Throws where a class has fewer than LEAST_OF_A_CLASS cases.
 */
export function train(dataset: Dataset, options: TrainOptions): UnsignedArtifact {
  for (const truth of [1, 0] as const) {
    const count = dataset.positive.filter((label) => label === truth).length;
    if (count >= LEAST_OF_A_CLASS) continue;
    throw new Error(
      `training needs at least ${LEAST_OF_A_CLASS} rows of each class, and ${classOf(truth)} has ${count} of ${dataset.positive.length}`,
    );
  }
  const fitting = fittingOf(dataset, undefined, options.onTried);
  return trainOn(dataset, fitting.fit(fitting.choose()), options);
}

/** `train` with the settings already chosen and fitted. */
export function trainOn(dataset: Dataset, fitted: Fitted, options: TrainOptions): UnsignedArtifact {
  const { trainingData, threshold } = { ...SETTINGS, ...options };
  const { inputs, correlation, quadratic } = fitted;
  const { slope, intercept, trees, ...combined } =
    table.settings === null
      ? combine(fitted.rows, dataset.positive, quadratic.leaveOneOut)
      : calibrated(quadratic.leaveOneOut, dataset.positive);
  // As many decimals as say something, since the artifact keeps one for every case.
  const logits = Array.from(combined.logits, (logit) => Number(logit.toFixed(4)));
  const products = triangleOf(quadratic.matrix).map((product) => readable(slope * product));
  return {
    format: 3,
    name: `quadratic-logistic-regression${trees === null ? "" : "-and-trees"}`,
    version: "3.0.0",
    trainingData,
    features: [...FEATURE_KEYS],
    threshold,
    model: {
      kind: "quadratic-logistic-regression",
      ...inputs,
      intercept: readable(slope * quadratic.intercept + intercept),
      weights: Array.from(quadratic.weights, (weight) => readable(slope * weight)),
      products,
      expected: expectedShares(products, correlation).map(readable),
      ...(trees !== null && { trees }),
    },
    conformal: limitsOf(logits, dataset.positive, threshold, options),
    heldOut: { logits, positive: [...dataset.positive] },
    typicality: typicality(fitted),
  };
}

/** The quadratic alone. */
function calibrated(leaveOneOut: Float64Array, positive: Dataset["positive"]): Combined {
  const { slope, intercept } = calibrate(leaveOneOut, positive);
  return { slope, intercept, trees: null, logits: leaveOneOut.map((logit) => slope * logit + intercept) };
}

/** By what was asked for, or else by the table; where neither says anything, at the level that suits the cases. */
function limitsOf(
  logits: readonly number[],
  positive: Dataset["positive"],
  threshold: number,
  asked: Pick<TrainOptions, "level" | "certainAndWrong">,
) {
  const isAsked = asked.level !== undefined || asked.certainAndWrong !== undefined;
  const { level, certainAndWrong } = isAsked ? asked : table;
  if (level === undefined && certainAndWrong !== undefined)
    return certainLimits(logits, positive, certainAndWrong);
  return levelLimits(logits, positive, level ?? chooseLevel(logits, positive, threshold));
}

/** A symmetric matrix as factors of the products z[j] z[k], j <= k, row by row. */
function triangleOf(matrix: Float64Array): number[] {
  const width = Math.sqrt(matrix.length);
  const factors: number[] = [];
  for (let j = 0; j < width; j++) {
    for (let k = j; k < width; k++) {
      const factor = matrix[j * width + k] as number;
      factors.push(j === k ? factor : 2 * factor);
    }
  }
  return factors;
}

/** Each product's mean over the training cases, halved between its two inputs. */
function expectedShares(products: readonly number[], correlation: Float64Array): number[] {
  const width = Math.sqrt(correlation.length);
  const shares = Array<number>(width).fill(0);
  let at = 0;
  for (let j = 0; j < width; j++) {
    for (let k = j; k < width; k++, at++) {
      const share = ((products[at] as number) * (correlation[j * width + k] as number)) / 2;
      shares[j] = (shares[j] as number) + share;
      shares[k] = (shares[k] as number) + share;
    }
  }
  return shares;
}

/** Regularised Mahalanobis distance of the inputs that are numbers, its training quantile, and the scales' weights. */
function typicality({ inputs, rows, correlation }: Fitted): UnsignedArtifact["typicality"] {
  const places = numbersOf(inputs);
  const numbers = rows.map((row) => Float64Array.from(places, (j) => row[j] as number));
  const columns = places.map((j) => FEATURE_KEYS[inputsOf(inputs)[j]?.column as number] as string);
  const width = Math.sqrt(correlation.length);
  const block = Float64Array.from(
    places.flatMap((j) => places.map((k) => correlation[j * width + k] as number)),
  );
  const factor = cholesky(withRidge(block, SETTINGS.typicalRidge), places.length);
  const scaleFactor = cholesky(withRidge(block, SETTINGS.scaleRidge), places.length);
  const precision = places.flatMap((_, j) => {
    const unit = new Float64Array(places.length);
    unit[j] = 1;
    return [...solve(factor, unit).subarray(j)];
  });
  const distances = numbers.map((row) => dot(row, solve(factor, row))).sort((a, b) => a - b);
  const limit = distances[Math.floor(SETTINGS.typicalQuantile * (rows.length - 1))] as number;
  return {
    quantile: SETTINGS.typicalQuantile,
    // Without numbers no case is further out than another.
    limit: readable(limit) || 1,
    precision: precision.map(readable),
    scales: scales.map(({ key, powers, limit }) => {
      const byKey: Partial<Record<string, number>> = powers;
      // How z moves, to first order, where the values are multiplied by e to these powers.
      const direction = Float64Array.from(
        columns,
        (name, at) => (byKey[name] ?? 0) / (inputs.scales[places[at] as number] as number),
      );
      // Generalised least squares (Aitken, 1935): of all unbiased estimates of the shift, the one that varies least.
      const pulled = solve(scaleFactor, direction);
      const weights = [...pulled].map((x) => readable(x / dot(direction, pulled)));
      const vector = Float64Array.from(weights);
      const squares = numbers.reduce((sum, row) => sum + dot(vector, row) * dot(vector, row), 0);
      return { key, weights, sd: readable(Math.sqrt(squares / rows.length)), limit };
    }),
  };
}

function withRidge(matrix: Float64Array, ridge: number): Float64Array {
  const width = Math.sqrt(matrix.length);
  return matrix.map((x, at) => (at % (width + 1) === 0 ? x + ridge : x));
}
