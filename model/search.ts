import { calibrate } from "./calibrate";
import type { Dataset } from "./dataset";
import {
  addTo,
  type Choice,
  correlations,
  expand,
  type Fitted,
  type Fitting,
  partialWhitener,
  type Quadratic,
  turnBack,
} from "./grid";
import { fitKernelLogistic } from "./kernel-logistic";
import { dot, multiply } from "./linear-algebra";
import { logLossOf, pairedGain } from "./log-loss";
import { fitRidgeLogistic } from "./ridge-logistic";
import { fitInputs, standardise } from "./standardise";

/**
 * A setting of the kernel s + curvature / 2 s^2, with s = u.v / width of two partly whitened cases: 0 is a linear model.
 * `skewed`: the skewness beyond which a number is taken as its logarithm; `ridge`: the penalty.
 */
type Point = { skewed: number; whitening: number; curvature: number; ridge: number };

const WHITENING = [0, 0.3, 0.6, 0.9];
const CURVATURE = [0, 0.2, 0.7, 2, 6, 20];
const RIDGE = [0.005, 0.015, 0.05, 0.15, 0.5, 1.5, 5];
/** Logarithms of the strongly skewed numbers alone, or of all that they make less skewed. */
const SKEWED = [2, 0];
const START: Point = { skewed: 2, whitening: 0, curvature: 0, ridge: 0.15 };
/** More whitening, curvature or logarithms have to gain so many standard errors. */
const CLEAR_GAIN = 0.5;
/** A gain below this share of the loss is none. */
const LEAST_GAIN = 1e-3;
/** Settings whose loss is within so many standard errors of the best one's are averaged. */
const AS_GOOD = 2;
const SWEEPS = 3;

/** Above so many cases, settings are searched on so many, evenly taken. */
const SEARCHED = 1500;
/** Above so many cases, only products of the strongest inputs are made, and at most so many settings averaged. */
const MANY = 1200;
const STRONGEST = 20;
const FEW_SETTINGS = 4;

/**
 * Chooses settings by their leave-one-out log-loss, one coordinate after the other from a linear model on, and averages
 * all tried ones of the same inputs that are as good, though none more complex than the best.
 */
export function searchFitting(dataset: Dataset, onTried: (count: number) => void = () => {}): Fitting {
  const viewOf = createViews(dataset);
  const count = dataset.positive.length;

  function choose(): Choice {
    if (count <= SEARCHED) return weighted(search(viewOf, dataset.positive, onTried));
    const places = Array.from({ length: SEARCHED }, (_, i) => Math.floor((i * count) / SEARCHED));
    const positive = places.map((i) => dataset.positive[i] as 0 | 1);
    const found = search(createViews(dataset, places), positive, onTried);
    // More cases may want another penalty, which is most of what changes.
    const [best] = found;
    const { fitOn } = viewOf(best.skewed);
    const ridges = RIDGE.filter((ridge) => ridge >= best.ridge / 4 && ridge <= best.ridge * 4);
    const losses = ridges.map((ridge) => mean(lossesOf(fitOn({ ...best, ridge }, COARSE), dataset.positive)));
    const ridge = ridges[losses.indexOf(Math.min(...losses))] as number;
    const spaces = found.map((point) => ({ ...point, ridge }));
    return weighted(
      spaces.filter((one, i) => spaces.findIndex((other) => isSame(one, other)) === i).slice(0, FEW_SETTINGS),
    );
  }

  return {
    choose,
    fit: (choice) => {
      const { fitOn, ...cases } = viewOf(choice[0]?.skewed ?? START.skewed);
      const fits = choice.map(({ weight, ...point }) => ({ weight, fit: fitOn(point, FINE) }));
      return { ...cases, quadratic: mix(fits, dataset.positive) };
    },
  };
}

/** Cases as the inputs that numbers taken in one way give, and what fits settings to them. */
type View = Omit<Fitted, "quadratic"> & { fitOn: Fitter };

/** The view of the cases for a point's `skewed`, made once, whose settings are fitted to those at `places`. */
function createViews(
  { features, positive }: Dataset,
  places = [...positive.keys()],
): (skewed: number) => View {
  const views = new Map<number, View>();
  return (skewed) => {
    const known = views.get(skewed);
    if (known !== undefined) return known;
    const inputs = fitInputs(features, skewed);
    const rows = features.map((row) => standardise(inputs, row));
    const products = rows.length > MANY ? strongest({ rows, positive }) : [...(rows[0] ?? []).keys()];
    const fitOn = createFitter(
      {
        rows: places.map((i) => rows[i] as Float64Array),
        positive: places.map((i) => positive[i] as 0 | 1),
      },
      products,
    );
    const view = { inputs, rows, correlation: correlations(rows), fitOn };
    views.set(skewed, view);
    return view;
  };
}

/** What the change of a logit may be from one of Newton's steps to the next, for the last one to be taken. */
const [COARSE, FINE] = [1e-3, 1e-5];

type Cases = { rows: readonly Float64Array[]; positive: readonly (0 | 1)[] };
type Fitter = (point: Omit<Point, "skewed">, tolerance: number) => Quadratic;

/** The settings that are as good as the best, which is the first. */
function search(
  viewOf: (skewed: number) => View,
  positive: readonly (0 | 1)[],
  onTried: (count: number) => void,
): [Point, ...Point[]] {
  const tried: { point: Point; losses: Float64Array }[] = [];
  const tryOut = (point: Point) => {
    const known = tried.find((one) => isSame(one.point, point));
    if (known !== undefined) return known.losses;
    const losses = lossesOf(viewOf(point.skewed).fitOn(point, COARSE), positive);
    tried.push({ point, losses });
    onTried(tried.length);
    return losses;
  };
  let best = START;
  const improve = (points: readonly Point[]) => {
    for (const point of points) {
      const before = tryOut(best);
      const { gain, error } = pairedGain(before, tryOut(point));
      const isClear = !isMoreComplex(point, best) || gain > CLEAR_GAIN * error;
      if (gain > LEAST_GAIN * mean(before) && isClear) best = point;
    }
  };
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const before = best;
    improve(RIDGE.map((ridge) => ({ ...best, ridge })));
    improve(CURVATURE.map((curvature) => ({ ...best, curvature })));
    improve(RIDGE.map((ridge) => ({ ...best, ridge })));
    improve(WHITENING.map((whitening) => ({ ...best, whitening })));
    // Last, since with products it may be another answer than without.
    improve(SKEWED.map((skewed) => ({ ...best, skewed })));
    if (best === before) break;
  }
  const least = tryOut(best);
  const others = tried
    .map(({ point, losses }) => ({ point, ...pairedGain(losses, least) }))
    .filter(
      ({ point, gain, error }) =>
        point.skewed === best.skewed &&
        !isSame(point, best) &&
        !isMoreComplex(point, best) &&
        gain <= AS_GOOD * error,
    )
    .sort((a, b) => a.gain - b.gain);
  return [best, ...others.map(({ point }) => point)];
}

const isSame = (a: Point, b: Point) =>
  a.skewed === b.skewed && a.whitening === b.whitening && a.curvature === b.curvature && a.ridge === b.ridge;

const isMoreComplex = (a: Point, b: Point) =>
  a.skewed < b.skewed || a.whitening > b.whitening || a.curvature > b.curvature;

const weighted = (points: readonly Point[]): Choice =>
  points.map((point) => ({ shift: 0, ...point, weight: 1 / points.length }));

const mean = (values: Float64Array) => values.reduce((sum, x) => sum + x, 0) / values.length;

/** The inputs that a linear model makes most of, in their order. */
function strongest(cases: Cases): number[] {
  const { weights } = fitRidgeLogistic(
    cases.rows.map((row) => row.map((x) => x / Math.sqrt(row.length))),
    cases.positive,
    0.1,
    COARSE,
  );
  const size = (j: number) => Math.abs(weights[j] as number);
  return [...weights.keys()]
    .sort((a, b) => size(b) - size(a) || a - b)
    .slice(0, STRONGEST)
    .sort((a, b) => a - b);
}

/**
 * Fits settings to cases: by the kernel of every two, or, where these are fewer, by the inputs and their products as they
 * are, which for a part of the inputs is all there is.
 */
function createFitter({ rows, positive }: Cases, products: readonly number[]): Fitter {
  const correlation = correlations(rows);
  const width = (rows[0] as Float64Array).length;
  const everything = [...(rows[0] as Float64Array).keys()];
  const spaces = new Map<string, Space>();
  const spaceOf = (places: readonly number[], whitening: number) => {
    const key = `${places} ${whitening}`;
    const space = spaces.get(key) ?? whiten(rows, correlation, places, whitening);
    spaces.set(key, space);
    return space;
  };

  // Penalties of one kernel are tried one after the other.
  let before: { space: Space; curvature: number; gram: Float64Array; logits: Float64Array } | null = null;

  return ({ whitening, curvature, ridge }, tolerance) => {
    const places = curvature === 0 ? [] : products;
    const all = spaceOf(everything, whitening);
    const part = spaceOf(places, whitening);
    const size = width + (places.length * (places.length + 1)) / 2;
    const factor = curvature / 2 / (places.length * places.length || 1);
    // By products, each of Newton's steps adds up their squares, which is as much work again as to solve a kernel twice as wide.
    const isDual = 2 * size >= rows.length && rows.length <= MANY;
    return isDual ? fitByKernel(all) : fitByProducts(all, part);

    function fitByKernel(space: Space): Quadratic {
      const same = before?.space === space && before.curvature === curvature ? before : null;
      const gram = same?.gram ?? gramOf(space.rows, curvature);
      const { intercept, leaveOneOut, coefficients, logits } = fitKernelLogistic(
        gram,
        positive,
        ridge,
        // The last fit of a setting should not hang on what was tried before it.
        tolerance === COARSE ? same?.logits : undefined,
        tolerance,
      );
      before = { space, curvature, gram, logits };
      const multipliedOut = expand(coefficients, space, { linear: 1 / width, quadratic: factor });
      return { intercept, ...multipliedOut, leaveOneOut: Float64Array.from(leaveOneOut) };
    }

    function fitByProducts(linear: Space, multiplied: Space): Quadratic {
      const share = 1 / Math.sqrt(width);
      const features = linear.rows.map((u, i) =>
        withProducts(u, share, multiplied.rows[i] as Float64Array, factor),
      );
      const { intercept, leaveOneOut, weights } = fitRidgeLogistic(features, positive, ridge, tolerance);
      const matrix = symmetric(weights.subarray(width), places.length, factor);
      return {
        intercept,
        weights: multiply(
          linear.whitener,
          weights.subarray(0, width).map((x) => x * share),
        ),
        matrix: spread(turnBack(matrix, multiplied.whitener), places, width),
        leaveOneOut: Float64Array.from(leaveOneOut),
      };
    }
  };
}

/** Cases in partly whitened inputs, or in some of them by themselves. */
type Space = { whitener: Float64Array; rows: Float64Array[] };

function whiten(
  rows: readonly Float64Array[],
  correlation: Float64Array,
  places: readonly number[],
  whitening: number,
): Space {
  const width = Math.sqrt(correlation.length);
  const block = places.flatMap((j) => places.map((k) => correlation[j * width + k] as number));
  const whitener = partialWhitener(Float64Array.from(block), whitening);
  return {
    whitener,
    rows: rows.map((row) =>
      multiply(
        whitener,
        Float64Array.from(places, (j) => row[j] as number),
      ),
    ),
  };
}

/** s + curvature / 2 s^2 of every two cases. */
function gramOf(rows: readonly Float64Array[], curvature: number): Float64Array {
  const n = rows.length;
  const gram = new Float64Array(n * n);
  for (const [i, row] of rows.entries()) {
    for (let j = 0; j <= i; j++) {
      const inner = dot(row, rows[j] as Float64Array) / row.length;
      gram[i * n + j] = inner + (curvature / 2) * inner * inner;
    }
  }
  return gram;
}

/** What the kernel is the inner product of: inputs times `linear`, and products whose squares add up to `factor` (v.v)^2. */
function withProducts(u: Float64Array, linear: number, v: Float64Array, factor: number): Float64Array {
  const features = new Float64Array(u.length + (v.length * (v.length + 1)) / 2);
  for (let j = 0; j < u.length; j++) features[j] = linear * (u[j] as number);
  const [square, beside] = [Math.sqrt(factor), Math.sqrt(2 * factor)];
  let at = u.length;
  for (let j = 0; j < v.length; j++) {
    for (let k = j; k < v.length; k++) {
      features[at++] = (j === k ? square : beside) * (v[j] as number) * (v[k] as number);
    }
  }
  return features;
}

/** The weights of those products as a symmetric matrix. */
function symmetric(weights: Float64Array, width: number, factor: number): Float64Array {
  const matrix = new Float64Array(width * width);
  const [square, beside] = [Math.sqrt(factor), Math.sqrt(2 * factor) / 2];
  let at = 0;
  for (let j = 0; j < width; j++) {
    for (let k = j; k < width; k++) {
      const value = (weights[at++] as number) * (j === k ? square : beside);
      matrix[j * width + k] = value;
      matrix[k * width + j] = value;
    }
  }
  return matrix;
}

/** A matrix of some inputs as one of all. */
function spread(matrix: Float64Array, places: readonly number[], width: number): Float64Array {
  const whole = new Float64Array(width * width);
  for (const [a, j] of places.entries()) {
    for (const [b, k] of places.entries()) whole[j * width + k] = matrix[a * places.length + b] as number;
  }
  return whole;
}

/** The mean of fits, each calibrated by itself first. */
function mix(fits: readonly { fit: Quadratic; weight: number }[], positive: readonly (0 | 1)[]): Quadratic {
  const [{ fit: first } = { fit: null }] = fits;
  if (first === null) throw new RangeError("no setting was chosen");
  const mean: Quadratic = {
    intercept: 0,
    weights: new Float64Array(first.weights.length),
    matrix: new Float64Array(first.matrix.length),
    leaveOneOut: new Float64Array(first.leaveOneOut.length),
  };
  for (const { fit, weight } of fits) {
    const { slope, intercept } = calibrate(fit.leaveOneOut, positive);
    mean.intercept += weight * (slope * fit.intercept + intercept);
    addTo(mean.weights, fit.weights, weight * slope);
    addTo(mean.matrix, fit.matrix, weight * slope);
    const calibrated = fit.leaveOneOut.map((logit) => slope * logit + intercept);
    addTo(mean.leaveOneOut, calibrated, weight);
  }
  return mean;
}

/** Each case's log-loss without it, calibrated. */
function lossesOf({ leaveOneOut }: Quadratic, positive: readonly (0 | 1)[]): Float64Array {
  const { slope, intercept } = calibrate(leaveOneOut, positive);
  return leaveOneOut.map((logit, i) => {
    const calibrated = slope * logit + intercept;
    return logLossOf(calibrated, positive[i]);
  });
}
