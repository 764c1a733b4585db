import { log, sigmoid } from "./elementary";
import { logLossOf } from "./log-loss";
import { isAloneInSet } from "./predict";

export type Calibration = { slope: number; intercept: number };

/**
 * The smoothed targets of confident cases cost about 1 of log-likelihood a class. Where they cost more than that of both, they
 * bend the line away from cases near the cut-off.
 */
const MOST_SMOOTHING_COSTS = 2;

/**
 * The line that makes held-out logits calibrated: minimises the log-loss of sigmoid(slope * logit + intercept). The
 * identity where the data cannot say: a perfectly separated sample has no finite optimum. Where `isSmoothed`, by Platt's
 * smoothed targets (1999), which know that a few cases say little, unless they cost too much; a constant where these
 * would turn the logits round.
 */
export function calibrate(
  logits: Float64Array | readonly number[],
  positive: readonly (0 | 1)[],
  { isSmoothed = false } = {},
): Calibration {
  const exact = fitLine(logits, positive, [0, 1]);
  if (!isSmoothed) return exact;
  const smoothed = fitLine(logits, positive, smoothedTargets(positive));
  if (smoothed.slope < 0) return { slope: 0, intercept: logOdds(positive) };
  const lossOf = ({ slope, intercept }: Calibration) =>
    positive.reduce<number>(
      (sum, label, i) => sum + logLossOf(slope * (logits[i] as number) + intercept, label),
      0,
    );
  return lossOf(smoothed) - lossOf(exact) > MOST_SMOOTHING_COSTS ? exact : smoothed;
}

/** Newton's method on the log-loss against `targets`, one a class. */
function fitLine(
  logits: Float64Array | readonly number[],
  positive: readonly (0 | 1)[],
  targets: readonly [number, number],
): Calibration {
  let slope = 1;
  let intercept = 0;
  for (let iteration = 0; iteration < 100; iteration++) {
    let [g0, g1, h00, h01, h11] = [0, 0, 0, 0, 0];
    for (const [i, logit] of logits.entries()) {
      const probability = sigmoid(slope * logit + intercept);
      const error = probability - (targets[positive[i] as number] as number);
      const curvature = probability * (1 - probability);
      g0 += error;
      g1 += error * logit;
      h00 += curvature;
      h01 += curvature * logit;
      h11 += curvature * logit * logit;
    }
    const determinant = h00 * h11 - h01 * h01;
    if (!(determinant > 1e-12)) break;
    const slopeStep = (h00 * g1 - h01 * g0) / determinant;
    const interceptStep = (h11 * g0 - h01 * g1) / determinant;
    // Half a unit at most: from afar a whole Newton step can overshoot into the flat part.
    const damping = Math.min(1, 0.5 / Math.max(Math.abs(slopeStep), Math.abs(interceptStep), 1e-300));
    slope -= damping * slopeStep;
    intercept -= damping * interceptStep;
    if (Math.abs(slopeStep) + Math.abs(interceptStep) < 1e-12) return { slope, intercept };
  }
  return { slope: 1, intercept: 0 };
}

const countOf = (positive: readonly (0 | 1)[], label: 0 | 1) =>
  positive.filter((one) => one === label).length;

/** Platt's, for a negative and a positive case: what is learnt of a few cases must not be certainty. */
export const smoothedTargets = (positive: readonly (0 | 1)[]): [number, number] => {
  const positives = countOf(positive, 1);
  return [1 / (positive.length - positives + 2), (positives + 1) / (positives + 2)];
};

/** The logit of the positive share. */
export const logOdds = (positive: readonly (0 | 1)[]): number =>
  log(countOf(positive, 1) / countOf(positive, 0));

/**
 * Limits on calibrated held-out logits between which an answer is uncertain: the narrowest outside which, on either
 * side, no more than half of `certainAndWrong` of all cases is expected to be wrong by its probabilities, nor is counted
 * so, a part of a case counting as one. The count alone hangs on a case or two and moves with them; the probabilities alone
 * do not know the outliers.
 * `level`: what the limits' ranks k among the n of a class give it at least, 1 - k / (n + 1), rounded down. For
 * exchangeable logits that share of new cases keeps its true label (class-conditional conformal prediction; Vovk,
 * 2012); leave-one-out logits are nearly so. Ranks are whole numbers: nothing is interpolated.
 */
export function certainLimits(
  logits: readonly number[],
  positive: readonly (0 | 1)[],
  certainAndWrong: number,
): { level: number; malignantFrom: number; benignTo: number } {
  const allowed = (certainAndWrong / 2) * logits.length;
  const isPositive = positive.map((label) => label === 1);
  const negatives = certainBelow(logits, isPositive, allowed);
  const positives = certainBelow(
    logits.map((logit) => -logit),
    isPositive.map((is) => !is),
    allowed,
  );
  return {
    level: Math.floor(1000 * Math.min(negatives.level, positives.level)) / 1000,
    malignantFrom: negatives.limit,
    benignTo: -positives.limit,
  };
}

/** The highest of the logits below which no more than `allowed` are against, counted and expected. */
function certainBelow(
  logits: readonly number[],
  against: readonly boolean[],
  allowed: number,
): { limit: number; level: number } {
  const order = [...logits.keys()].sort((a, b) => (logits[a] as number) - (logits[b] as number));
  let [counted, expected] = [0, 0];
  let best = { limit: Number.NEGATIVE_INFINITY, counted };
  for (const i of order) {
    const limit = logits[i] as number;
    if (expected > allowed || counted > Math.ceil(allowed)) break;
    // Among equal logits only the first has none of them below it.
    if (limit !== best.limit) best = { limit, counted };
    expected += sigmoid(limit);
    if (against[i]) counted++;
  }
  const all = against.filter((is) => is).length;
  return { limit: best.limit, level: 1 - (best.counted + 1) / (all + 1) };
}

/** Below the logit of every case. */
const NEVER = -1000;

/**
 * Limits on calibrated held-out logits that `level` of each class keep to, by rank: a class is possible from the k-th of
 * its n least likely cases on, k = (1 - level)(n + 1) rounded down (class-conditional conformal prediction; Vovk, 2012).
 */
export function levelLimits(
  logits: readonly number[],
  positive: readonly (0 | 1)[],
  level: number,
): { level: number; malignantFrom: number; benignTo: number } {
  const limit = (label: 0 | 1, sign: 1 | -1) => {
    const own = logits.filter((_, i) => positive[i] === label).map((logit) => sign * logit);
    // Not a rank less for 0.05 * 20 just below 1.
    const rank = Math.floor((1 - level) * (own.length + 1) + 1e-9);
    return rank === 0 ? NEVER : (own.sort((a, b) => a - b)[rank - 1] as number);
  };
  return { level, malignantFrom: limit(1, 1), benignTo: -limit(0, -1) };
}

const LEVELS = [0.99, 0.95, 0.9, 0.8] as const;
/** A third answer that more than this share of the cases got would be of little use. */
const MOST_UNCERTAIN = 1 / 3;

/**
 * The highest level that leaves at most a third of the cases uncertain and that each class has cases enough for; where
 * none does, the lowest, and the table does not decide its question.
 */
export function chooseLevel(
  logits: readonly number[],
  positive: readonly (0 | 1)[],
  threshold: number,
): number {
  const cut = log(threshold / (1 - threshold));
  const fewest = Math.min(
    ...([0, 1] as const).map((label) => positive.filter((one) => one === label).length),
  );
  const isUseful = (level: number) => {
    const ends = levelLimits(logits, positive, level);
    const certain = logits.filter((logit) => isAloneInSet(logit, logit >= cut ? 1 : 0, ends));
    return (
      (1 - level) * (fewest + 1) >= 1 && logits.length - certain.length <= MOST_UNCERTAIN * logits.length
    );
  };
  return LEVELS.find(isUseful) ?? 0.8;
}
