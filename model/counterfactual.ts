import { type ClassCode, FEATURE_KEYS, FEATURES, oneCase, table } from "../tables/current";
import type { Artifact } from "./artifact";
import type { Predictor } from "./predict";
import { standardise } from "./standardise";

export type Counterfactual = {
  /** Fewest-first: the steps always take the measurement that moves the logit most. */
  changes: { index: number; from: number; to: number }[];
  probability: number;
  diagnosis: ClassCode;
};

/** One step, in standard deviations of the measurement's logarithm. */
const STEP = 0.05;
const MAX_STEPS = 2000;

/** Pairs of measurements, by index, of which the greater is not below the lesser. */
const ORDERED = oneCase.rules.flatMap(({ keys: [greater, lesser], isOrder }) =>
  isOrder && lesser !== undefined
    ? [{ greater: FEATURE_KEYS.indexOf(greater), lesser: FEATURE_KEYS.indexOf(lesser) }]
    : [],
);

/**
 * A small change that flips the diagnosis: steepest descent in the sum of standardised changes, so that few
 * measurements move, then drawn back to the threshold. Within the training range (or up to the case's own value where
 * that lies outside) and keeping the order that the table's rules ask of two measurements where the case does. Locally,
 * not provably, the smallest; null if none is found.
 */
export function counterfactual(
  artifact: Artifact,
  predictor: Predictor,
  features: readonly number[],
): Counterfactual | null {
  const { diagnosis } = predictor.predict(features);
  const flipped = (values: readonly number[]) => predictor.predict(values).diagnosis !== diagnosis;
  const limits = allowedRange(features);
  const valid = (values: readonly number[]) =>
    FEATURES.every(({ index }) => {
      const { low, high } = limits(values, index);
      return (values[index] as number) >= low && (values[index] as number) <= high;
    });
  const far = descend(artifact, features, diagnosis === table.classes.positive ? -1 : 1, flipped, limits);
  if (far === null) return null;
  const near = drawBack(features, far, flipped);
  const readable = fewestDigits(features, near, (values) => flipped(values) && valid(values));
  const { probability, diagnosis: other } = predictor.predict(readable);
  const changes = FEATURES.map(({ index }) => ({
    index,
    from: features[index] as number,
    to: readable[index] as number,
  })).filter(({ from, to }) => from !== to);
  return { changes, probability, diagnosis: other };
}

type Limits = (values: readonly number[], index: number) => { low: number; high: number };

function allowedRange(features: readonly number[]): Limits {
  return (values, index) => {
    const own = features[index] as number;
    const range = FEATURES[index]?.range as { min: number; max: number };
    let low = Math.min(range.min, own);
    let high = Math.max(range.max, own);
    for (const { greater, lesser } of ORDERED) {
      // A case that already breaks the order is not to be mended here.
      if ((features[greater] as number) < (features[lesser] as number)) continue;
      if (index === lesser) high = Math.min(high, values[greater] as number);
      if (index === greater) low = Math.max(low, values[lesser] as number);
    }
    return { low, high };
  };
}

function descend(
  artifact: Artifact,
  features: readonly number[],
  direction: 1 | -1,
  flipped: (values: readonly number[]) => boolean,
  limits: Limits,
): number[] | null {
  const { offsets, scales } = artifact.model;
  const values = [...features];
  for (let step = 0; step < MAX_STEPS; step++) {
    const slopes = gradient(artifact, values);
    let best = -1;
    let target = 0;
    for (const { index } of FEATURES) {
      const slope = slopes[index] as number;
      if (best >= 0 && Math.abs(slope) <= Math.abs(slopes[best] as number)) continue;
      const up = slope * direction > 0;
      const { low, high } = limits(values, index);
      const offset = offsets[index] as number;
      const x = values[index] as number;
      // The logarithm moves by STEP scales: to first order x by (x + offset) times that, and never by nothing.
      const width = Math.max(x + offset, 1e-6) * STEP * (scales[index] as number);
      const moved = up ? Math.min(x + width, high) : Math.max(x - width, low);
      if (moved === x) continue;
      best = index;
      target = moved;
    }
    if (best < 0) return null;
    values[best] = target;
    if (flipped(values)) return values;
  }
  return null;
}

/** d logit / d z at a case. */
function gradient({ model }: Artifact, features: readonly number[]): number[] {
  const z = standardise(model, features);
  const slopes = [...model.weights];
  let at = 0;
  for (let j = 0; j < z.length; j++) {
    for (let k = j; k < z.length; k++, at++) {
      const product = model.products[at] as number;
      slopes[j] = (slopes[j] as number) + product * (z[k] as number);
      slopes[k] = (slopes[k] as number) + product * (z[j] as number);
    }
  }
  return slopes;
}

/** Undoes single changes that were not needed, then bisects the rest towards the case; straight lines keep limits. */
function drawBack(
  from: readonly number[],
  far: readonly number[],
  flipped: (values: readonly number[]) => boolean,
): number[] {
  let end = [...far];
  const order = FEATURES.map(({ index }) => index).filter((index) => from[index] !== far[index]);
  for (const index of order) {
    const without = end.with(index, from[index] as number);
    const isSame = (other: number) => end[other] === from[other];
    // Undoing one of a pair could turn their order round.
    const free = ORDERED.every(
      ({ greater, lesser }) => (index !== greater || isSame(lesser)) && (index !== lesser || isSame(greater)),
    );
    if (free && flipped(without)) end = without;
  }
  let [near, enough] = [0, 1];
  const between = (share: number) =>
    end.map((x, j) => (from[j] as number) + share * (x - (from[j] as number)));
  for (let i = 0; i < 30; i++) {
    const middle = (near + enough) / 2;
    if (flipped(between(middle))) enough = middle;
    else near = middle;
  }
  return between(enough);
}

/** The changed values with as few significant digits as still pass. */
function fewestDigits(
  from: readonly number[],
  to: readonly number[],
  passes: (values: readonly number[]) => boolean,
): readonly number[] {
  for (let digits = 4; digits <= 15; digits++) {
    const rounded = to.map((x, j) => (x === from[j] ? x : Number(x.toPrecision(digits))));
    if (passes(rounded)) return rounded;
  }
  return to;
}
