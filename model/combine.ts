import { calibrate, smoothedTargets } from "./calibrate";
import { sigmoid } from "./elementary";
import { cholesky, solve } from "./linear-algebra";
import { logLossOf, pairedGain } from "./log-loss";
import { growTrees, scaleTrees, type Trees } from "./trees";

/** logit = slope * the quadratic's + intercept + trees. */
export type Combined = {
  slope: number;
  intercept: number;
  trees: Trees | null;
  /** Each training case's logit from a model without it. */
  logits: Float64Array;
};

/** Pulls each weight towards one half, as so much curvature of the log-loss would; of each case. */
const PULL = 0.02;
/** Trees have to gain so many standard errors over the quadratic alone. */
const CLEAR_GAIN = 0.7;

/** By the cases of a fitting, since an evaluation fits two choices to the same ones. */
const grown = new WeakMap<readonly Float64Array[], ReturnType<typeof growTrees>>();

/**
 * Adds trees to a quadratic where they pay: the weights of the two, none below 0, are those of least log-loss of
 * out-of-sample logits, each calibrated first (stacking; Wolpert, 1992). `leaveOneOut`: the quadratic's logits.
 */
export function combine(
  rows: readonly Float64Array[],
  positive: readonly (0 | 1)[],
  leaveOneOut: Float64Array,
): Combined {
  const line = calibrate(leaveOneOut, positive, { isSmoothed: true });
  const quadratic = leaveOneOut.map((logit) => line.slope * logit + line.intercept);
  const alone = { ...line, trees: null, logits: quadratic };
  const { start, trees, outOfFold } = grown.get(rows) ?? growTrees(rows, positive);
  grown.set(rows, { start, trees, outOfFold });
  const treeLine = calibrate(outOfFold, positive, { isSmoothed: true });
  const calibrated = outOfFold.map((logit) => treeLine.slope * logit + treeLine.intercept);
  const [first, second, free] = weightsOf(quadratic, calibrated, positive);
  const logits = quadratic.map((logit, i) => first * logit + second * (calibrated[i] as number) + free);
  if (
    second * treeLine.slope === 0 ||
    trees.inputs.length === 0 ||
    gainOf(quadratic, logits, positive) <= CLEAR_GAIN
  )
    return alone;
  return {
    slope: first * line.slope,
    intercept: first * line.intercept + free + second * (treeLine.slope * start + treeLine.intercept),
    trees: scaleTrees(trees, second * treeLine.slope),
    logits,
  };
}

/** Weights of two logits and what is added, by Newton's method. */
function weightsOf(
  one: Float64Array,
  other: Float64Array,
  positive: readonly (0 | 1)[],
): [number, number, number] {
  const middle = [0.5, 0.5, 0];
  const pull = PULL * positive.length;
  const targets = smoothedTargets(positive);
  let weights = [...middle];
  for (let iteration = 0; iteration < 100; iteration++) {
    const slope = weights.map((weight, j) => pull * (weight - (middle[j] as number)));
    const curvature = Float64Array.of(pull, 0, 0, 0, pull, 0, 0, 0, pull);
    for (const [i, label] of positive.entries()) {
      const inputs = [one[i] as number, other[i] as number, 1];
      const probability = sigmoid(inputs.reduce((sum, x, j) => sum + x * (weights[j] as number), 0));
      for (const [j, x] of inputs.entries()) {
        slope[j] = (slope[j] as number) + (probability - targets[label]) * x;
        for (const [k, y] of inputs.entries()) {
          const at = 3 * j + k;
          curvature[at] = (curvature[at] as number) + probability * (1 - probability) * x * y;
        }
      }
    }
    const step = solve(cholesky(curvature, 3), Float64Array.from(slope));
    const longest = step.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    // From afar a whole step can overshoot into the flat part.
    const damping = Math.min(1, 0.5 / Math.max(longest, 1e-300));
    weights = weights.map((weight, j) => weight - damping * (step[j] as number));
    if (longest < 1e-10) break;
  }
  const [first = 0, second = 0, free = 0] = weights;
  if (second <= 0) return [1, 0, 0];
  return first < 0 ? [0, 1, 0] : [first, second, free];
}

/** How much less the second logits' log-loss is than the first's, in paired standard errors. */
function gainOf(first: Float64Array, second: Float64Array, positive: readonly (0 | 1)[]): number {
  const losses = (logits: Float64Array) => logits.map((logit, i) => logLossOf(logit, positive[i]));
  const { gain, error } = pairedGain(losses(first), losses(second));
  return gain / (error || 1e-300);
}
