import { type Dataset, selectRows } from "./dataset";
import { log } from "./elementary";

export type Metrics = {
  accuracy: number;
  rocAuc: number;
  logLoss: number;
  brier: number;
  sensitivity: number;
  specificity: number;
};

/** Figures for probabilities of malignant against truth; a single class gives NaN where it is undefined. */
export function measure(
  probabilities: readonly number[],
  malignant: readonly (0 | 1)[],
  threshold: number,
): Metrics {
  let logLoss = 0;
  let brier = 0;
  let truePositives = 0;
  let trueNegatives = 0;
  let positives = 0;
  for (const [i, p] of probabilities.entries()) {
    const truth = malignant[i] as number;
    // As scikit-learn: a probability of exactly 0 or 1 must not make one case infinite.
    logLoss -= log(Math.max(truth === 1 ? p : 1 - p, Number.EPSILON));
    brier += (p - truth) ** 2;
    positives += truth;
    if (truth === 1 && p >= threshold) truePositives++;
    if (truth === 0 && p < threshold) trueNegatives++;
  }
  const n = probabilities.length;
  return {
    accuracy: (truePositives + trueNegatives) / n,
    rocAuc: rocAuc(probabilities, malignant),
    logLoss: logLoss / n,
    brier: brier / n,
    sensitivity: truePositives / positives,
    specificity: trueNegatives / (n - positives),
  };
}

/** Chance that a malignant case ranks above a benign one, ties counting half (Mann-Whitney). */
export function rocAuc(scores: readonly number[], malignant: readonly (0 | 1)[]): number {
  const order = [...scores.keys()].sort((a, b) => (scores[a] as number) - (scores[b] as number));
  let rankSum = 0;
  let positives = 0;
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    const score = scores[order[start] as number];
    while (end < order.length && scores[order[end] as number] === score) end++;
    for (let i = start; i < end; i++) {
      if (malignant[order[i] as number] !== 1) continue;
      rankSum += (start + end + 1) / 2;
      positives++;
    }
    start = end;
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * (scores.length - positives));
}

/**
 * Probabilities for `testRows` by a model that never saw them: `fitOn` gets the other rows and returns a
 * predictor of the probability of malignant.
 */
export function predictHeldOut(
  dataset: Dataset,
  testRows: readonly number[],
  fitOn: (training: Dataset) => (features: readonly number[]) => number,
): number[] {
  const held = new Set(testRows);
  const rest = [...dataset.features.keys()].filter((row) => !held.has(row));
  const predict = fitOn(selectRows(dataset, rest));
  return selectRows(dataset, testRows).features.map(predict);
}
