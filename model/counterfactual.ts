import { type ClassCode, FEATURES, table } from "../tables/current";
import type { Artifact } from "./artifact";
import { searchCounterfactual } from "./counterfactual-search";
import { exp, log } from "./elementary";
import { cholesky, dot, multiply, solve } from "./linear-algebra";
import { allowedRange, fewestDigits, isWithin, ORDERED } from "./plausible";
import type { Predictor } from "./predict";
import { type Inputs, standardise } from "./standardise";
import { isTypical, REACH } from "./typicality";

export type Counterfactual = {
  /** Those first that moved most, in standard deviations of their logarithms. */
  changes: { index: number; from: number; to: number }[];
  probability: number;
  diagnosis: ClassCode;
};

const WIDTH = FEATURES.length;
/** So far beyond the threshold, in log-odds, that values of few digits still turn the diagnosis. */
const BEYOND = 0.05;
/** Where the smallest change leaves the cloud, the change is measured from the case drawn this far towards the middle. */
const DRAWN_IN = [1, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.3, 0];

/**
 * The smallest change found that turns the diagnosis, such as a case could have: within the training cloud and the
 * training range (or up to the case's own value where that lies outside), and keeping the order that the table's rules ask
 * of two measurements where the case does. Small by the Mahalanobis distance of the logarithms (the artifact's
 * precision), in which what varies together moves together; the steps to the threshold, a quadratic, are those of
 * sequential quadratic programming (Nocedal and Wright, Numerical Optimization, 18). Locally, not provably, the smallest;
 * null where none was found. With trees or inputs of other columns than numbers, see counterfactual-search.ts.
 */
export function counterfactual(
  artifact: Artifact,
  predictor: Predictor,
  features: readonly number[],
): Counterfactual | null {
  const { inputs, trees } = artifact.model;
  if (inputs !== undefined || trees !== undefined) return searchCounterfactual(artifact, predictor, features);
  const { diagnosis } = predictor.predict(features);
  const limits = allowedRange(features);
  const passes = (values: readonly number[]) =>
    predictor.predict(values).diagnosis !== diagnosis &&
    isWithin(limits, values) &&
    isTypical(artifact, values);
  const problem = prepare(artifact, features, diagnosis === table.classes.positive ? -1 : 1);
  for (const share of DRAWN_IN) {
    const turned = nearestTurn(problem, share);
    if (turned === null || square(problem.precision, turned) > artifact.typicality.limit) continue;
    const found = fewestDigits(features, toValues(problem, turned), passes);
    if (found === null) continue;
    const { probability, diagnosis: other } = predictor.predict(found);
    const moved = (index: number) => Math.abs((turned[index] as number) - (problem.start[index] as number));
    const changes = FEATURES.map(({ index }) => ({
      index,
      from: features[index] as number,
      to: found[index] as number,
    }))
      .filter(({ from, to }) => from !== to)
      .sort((a, b) => moved(b.index) - moved(a.index));
    return { changes, probability, diagnosis: other };
  }
  return null;
}

/** All in standard deviations of the logarithms; matrices are dense, row by row. */
type Problem = {
  inputs: Inputs;
  features: readonly number[];
  start: Float64Array;
  low: Float64Array;
  high: Float64Array;
  /** The logit's part beyond the goal: gap + weights . z + z' curvature z, which is 0 on the surface that is sought. */
  gap: number;
  weights: Float64Array;
  curvature: Float64Array;
  precision: Float64Array;
};

function prepare(
  { model, typicality, threshold }: Artifact,
  features: readonly number[],
  direction: 1 | -1,
): Problem {
  const start = standardise(model, features, REACH);
  const [least, most] = [standardise(model, model.low), standardise(model, model.high)];
  const weights = Float64Array.from(model.weights);
  const curvature = dense(model.products, 0.5);
  let gap = model.intercept - log(threshold / (1 - threshold)) - direction * BEYOND;
  for (const [j, z] of start.entries()) {
    const edge = Math.min(Math.max(z, least[j] as number), most[j] as number);
    if (edge === z) continue;
    // Beyond the training range the model sees its edge: a constant, wherever the measurement moves there.
    const own = j * WIDTH + j;
    gap += ((weights[j] as number) + (curvature[own] as number) * edge) * edge;
    for (const k of weights.keys()) {
      weights[k] = (weights[k] as number) + 2 * (curvature[k * WIDTH + j] as number) * edge;
      curvature[k * WIDTH + j] = 0;
      curvature[j * WIDTH + k] = 0;
    }
    weights[j] = 0;
  }
  return {
    inputs: model,
    features,
    start,
    low: start.map((z, j) => Math.min(z, least[j] as number)),
    high: start.map((z, j) => Math.max(z, most[j] as number)),
    gap,
    weights,
    curvature,
    precision: dense(typicality.precision, 1),
  };
}

/** A symmetric matrix from its upper triangle, whose entries off the diagonal are taken times `share`. */
function dense(triangle: readonly number[], share: number): Float64Array {
  const matrix = new Float64Array(WIDTH * WIDTH);
  let at = 0;
  for (let j = 0; j < WIDTH; j++) {
    for (let k = j; k < WIDTH; k++, at++) {
      const value = (triangle[at] as number) * (j === k ? 1 : share);
      matrix[j * WIDTH + k] = value;
      matrix[k * WIDTH + j] = value;
    }
  }
  return matrix;
}

const square = (matrix: Float64Array, v: Float64Array) => dot(v, multiply(matrix, v));

/** A measurement that did not move keeps its very value. */
function toValues({ inputs, features, start }: Problem, z: Float64Array): number[] {
  return features.map((x, j) =>
    z[j] === start[j]
      ? x
      : exp((z[j] as number) * (inputs.scales[j] as number) + (inputs.means[j] as number)) -
        (inputs.offsets[j] as number),
  );
}

/**
 * The point on the surface nearest to the start times `share`. What would leave its limits is put at them, and a pair
 * whose order would turn stays as it is. Null where none was found.
 */
function nearestTurn(problem: Problem, share: number): Float64Array | null {
  const { start, low, high, features } = problem;
  const anchor = start.map((z) => share * z);
  const fixed = new Map<number, number>();
  for (;;) {
    const z = turn(problem, anchor, fixed);
    if (z === null) return null;
    const before = fixed.size;
    for (const [j, x] of z.entries()) {
      const bound = Math.min(Math.max(x, low[j] as number), high[j] as number);
      if (bound !== x) fixed.set(j, bound);
    }
    const values = toValues(problem, z);
    for (const { greater, lesser } of ORDERED) {
      if ((values[greater] as number) >= (values[lesser] as number)) continue;
      // A case that already breaks the order is not to be mended here.
      if ((features[greater] as number) < (features[lesser] as number)) continue;
      for (const j of [greater, lesser]) fixed.set(j, start[j] as number);
    }
    if (fixed.size === before) return z;
  }
}

const MAX_STEPS = 30;
const CLOSE = 1e-3;

/** The same with every measurement of `fixed` at the value given there and all others free of limits. */
function turn(
  { gap, weights, curvature, precision }: Problem,
  anchor: Float64Array,
  fixed: ReadonlyMap<number, number>,
): Float64Array | null {
  const free = FEATURES.map(({ index }) => index).filter((index) => !fixed.has(index));
  const block = free.flatMap((j) => free.map((k) => precision[j * WIDTH + k] as number));
  const factor = cholesky(Float64Array.from(block), free.length);
  /** The precision's inverse times `v` over what is free, 0 elsewhere. */
  const spread = (v: Float64Array) => {
    const solved = solve(
      factor,
      Float64Array.from(free, (j) => v[j] as number),
    );
    const whole = new Float64Array(WIDTH);
    for (const [at, j] of free.entries()) whole[j] = solved[at] as number;
    return whole;
  };
  const slopes = (z: Float64Array) => multiply(curvature, z).map((x, j) => (weights[j] as number) + 2 * x);
  // Where the free ones go by themselves once the others are put.
  const put = anchor.map((x, j) => (fixed.get(j) ?? x) - x);
  const drawn = spread(multiply(precision, put));
  const base = anchor.map((x, j) => fixed.get(j) ?? x - (drawn[j] as number));
  const value = gap + dot(weights, base) + square(curvature, base);
  const slope = slopes(base);
  let z = base;
  for (let step = 0; step < MAX_STEPS; step++) {
    const direction = spread(slopes(z));
    const root = smallestRoot(square(curvature, direction), dot(slope, direction), value);
    if (root === null) return null;
    const next = base.map((x, j) => x + root * (direction[j] as number));
    const moved = next.reduce((most, x, j) => Math.max(most, Math.abs(x - (z[j] as number))), 0);
    z = next;
    if (moved < CLOSE) break;
  }
  return z;
}

/** The root of a t^2 + b t + c that is nearest to 0; null where it has none. */
function smallestRoot(a: number, b: number, c: number): number | null {
  const under = b * b - 4 * a * c;
  if (under < 0) return null;
  // Without cancellation: Numerical Recipes, 5.6.
  const q = -(b + (b < 0 ? -1 : 1) * Math.sqrt(under)) / 2;
  return q === 0 ? null : c / q;
}
