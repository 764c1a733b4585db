import { sigmoid } from "./elementary";

export type Calibration = { slope: number; intercept: number };

/**
 * The line that makes held-out logits calibrated: minimises the log-loss of sigmoid(slope * logit + intercept) by
 * Newton's method (Platt, 1999, without his label smoothing). The identity where the data cannot say: a perfectly
 * separated sample has no finite optimum.
 */
export function calibrate(logits: readonly number[], positive: readonly (0 | 1)[]): Calibration {
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
 * Limits on held-out logits such that a new positive case is at or above `malignantFrom`, and a new negative one at
 * or below `benignTo`, with probability `level` (class-conditional conformal prediction; Vovk, 2012). Between two
 * order statistics the limit is interpolated: rounding to the more careful one would treble the uncertain answers.
 */
export function conformalLimits(
  logits: readonly number[],
  positive: readonly (0 | 1)[],
  level: number,
): { level: number; malignantFrom: number; benignTo: number } {
  const ofClass = (label: 0 | 1) => logits.filter((_, i) => positive[i] === label);
  const malignantFrom = lowerQuantile(ofClass(1), 1 - level);
  const benignTo = -lowerQuantile(
    ofClass(0).map((logit) => -logit),
    1 - level,
  );
  return { level, malignantFrom, benignTo };
}

/** The value at rank share * (n + 1), below which a further draw falls with that probability (Weibull). */
function lowerQuantile(values: readonly number[], share: number): number {
  const ordered = [...values].sort((a, b) => a - b);
  const rank = Math.min(Math.max(share * (ordered.length + 1), 1), ordered.length);
  const below = ordered[Math.floor(rank) - 1] as number;
  const above = ordered[Math.ceil(rank) - 1] as number;
  return below + (rank - Math.floor(rank)) * (above - below);
}
