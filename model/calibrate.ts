import { sigmoid } from "./elementary";

export type Calibration = { slope: number; intercept: number };

/**
 * The line that makes held-out logits calibrated: minimises the log-loss of sigmoid(slope * logit + intercept) by
 * Newton's method (Platt, 1999, without his label smoothing). The identity where the data cannot say: a perfectly
 * separated sample has no finite optimum.
 */
export function calibrate(
  logits: Float64Array | readonly number[],
  positive: readonly (0 | 1)[],
): Calibration {
  let slope = 1;
  let intercept = 0;
  for (let iteration = 0; iteration < 100; iteration++) {
    let [g0, g1, h00, h01, h11] = [0, 0, 0, 0, 0];
    for (const [i, logit] of logits.entries()) {
      const probability = sigmoid(slope * logit + intercept);
      const error = probability - (positive[i] as number);
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
