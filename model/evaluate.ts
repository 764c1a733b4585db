import * as z from "zod";
import type { ClassCode } from "../tables/current";
import type { Artifact } from "./artifact";
import { classOf, type Dataset, selectRows } from "./dataset";
import { log } from "./elementary";
import type { Choice } from "./grid";
import { createPredictor, isInSet, type Prediction } from "./predict";
import { seededRandom } from "./random";
import { fittingOf, trainOn } from "./train";
import { isTypical } from "./typicality";

export type Metrics = {
  accuracy: number;
  rocAuc: number;
  logLoss: number;
  brier: number;
  sensitivity: number;
  specificity: number;
};

/** Figures for probabilities of the positive class against truth; a single class gives NaN where it is undefined. */
export function measure(
  probabilities: readonly number[],
  positive: readonly (0 | 1)[],
  threshold: number,
): Metrics {
  let logLoss = 0;
  let brier = 0;
  let truePositives = 0;
  let trueNegatives = 0;
  let positives = 0;
  for (const [i, p] of probabilities.entries()) {
    const truth = positive[i] as number;
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
    rocAuc: rocAuc(probabilities, positive),
    logLoss: logLoss / n,
    brier: brier / n,
    sensitivity: truePositives / positives,
    specificity: trueNegatives / (n - positives),
  };
}

/** Chance that a positive case ranks above a negative one, ties counting half (Mann-Whitney). */
export function rocAuc(scores: readonly number[], positive: readonly (0 | 1)[]): number {
  const order = [...scores.keys()].sort((a, b) => (scores[a] as number) - (scores[b] as number));
  let rankSum = 0;
  let positives = 0;
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    const score = scores[order[start] as number];
    while (end < order.length && scores[order[end] as number] === score) end++;
    for (let i = start; i < end; i++) {
      if (positive[order[i] as number] !== 1) continue;
      rankSum += (start + end + 1) / 2;
      positives++;
    }
    start = end;
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * (scores.length - positives));
}

/** Specificity at the highest threshold that still finds `sensitivity` of the positive cases. */
export function specificityAt(
  sensitivity: number,
  scores: readonly number[],
  positive: readonly (0 | 1)[],
): number {
  const of = (label: 0 | 1) => scores.filter((_, i) => positive[i] === label).sort((a, b) => b - a);
  const positives = of(1);
  const threshold = positives[Math.ceil(sensitivity * positives.length - 1e-9) - 1] as number;
  const negatives = of(0);
  return negatives.filter((score) => score < threshold).length / negatives.length;
}

export type Bin = {
  from: number;
  to: number;
  count: number;
  meanProbability: number;
  malignantShare: number;
};

/** Equal-width bins of the probability, empty ones left out. */
export function reliability(
  probabilities: readonly number[],
  positive: readonly (0 | 1)[],
  bins = 10,
): Bin[] {
  return Array.from({ length: bins }, (_, bin) => {
    const members = [...probabilities.keys()].filter(
      (i) => Math.min(Math.floor((probabilities[i] as number) * bins), bins - 1) === bin,
    );
    return {
      from: bin / bins,
      to: (bin + 1) / bins,
      count: members.length,
      meanProbability: mean(members.map((i) => probabilities[i] as number)),
      malignantShare: mean(members.map((i) => positive[i] as number)),
    };
  }).filter(({ count }) => count > 0);
}

/** Expected calibration error: mean gap of `reliability`'s bins, weighted by their counts (Naeini et al., 2015). */
export function calibrationError(
  probabilities: readonly number[],
  positive: readonly (0 | 1)[],
  bins = 10,
): number {
  const gaps = reliability(probabilities, positive, bins).map(
    (bin) => bin.count * Math.abs(bin.meanProbability - bin.malignantShare),
  );
  return gaps.reduce((total, gap) => total + gap, 0) / probabilities.length;
}

const foldsSchema = z
  .object({
    test_rows: z.array(z.array(z.int().nonnegative()).min(1)).min(1),
    repeats: z.int().positive(),
    splits: z.int().positive(),
  })
  .refine(({ test_rows, repeats, splits }) => test_rows.length === repeats * splits, {
    message: "test_rows must hold repeats x splits lists",
  });
export type Folds = z.infer<typeof foldsSchema>;

/** Checks a decoded folds file; row numbers are 0-based. Throws an Error that says what is wrong. */
export function parseFolds(json: unknown): Folds {
  const parsed = foldsSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new Error(`the folds file cannot be used:\n${z.prettifyError(parsed.error)}`);
}

/** A case as predicted by a model that never saw it; `covered`: its true label is in the conformal set. */
export type HeldOut = Prediction & { row: number; truth: 0 | 1; covered: boolean; typical: boolean };

/**
 * Predicts `testRows` by a model of the other rows: `chosen` with the choice made among those, `fixed` with `choice`. `level`:
 * the one that all cases chose, where the table says nothing of it.
 */
export function predictHeldOut(
  dataset: Dataset,
  testRows: readonly number[],
  choice: Choice,
  nested: boolean,
  level?: number,
): { chosen: HeldOut[] | null; fixed: HeldOut[] } {
  const held = new Set(testRows);
  const rest = selectRows(
    dataset,
    [...dataset.features.keys()].filter((row) => !held.has(row)),
  );
  const fitting = fittingOf(rest, nested ? undefined : choice);
  const by = (made: Choice) => {
    const none = "0".repeat(64);
    const artifact = { ...trainOn(rest, fitting.fit(made), { trainingData: none, level }), hash: none };
    return predictRows(artifact, dataset, testRows);
  };
  return { chosen: nested ? by(fitting.choose()) : null, fixed: by(choice) };
}

function predictRows(artifact: Artifact, dataset: Dataset, rows: readonly number[]): HeldOut[] {
  const predictor = createPredictor(artifact);
  const tests = selectRows(dataset, rows);
  return tests.features.map((features, i) => {
    const prediction = predictor.predict(features);
    const truth = tests.positive[i] as 0 | 1;
    const covered = isInSet(prediction.logit, truth, artifact.conformal);
    const typical = isTypical(artifact, features);
    return { ...prediction, row: rows[i] as number, truth, covered, typical };
  });
}

/**
 * Mean over folds (over repeats where a figure needs more cases than a fold has), standard deviation over repeats,
 * and the 95 % interval over resampled cases, which says how far other cases of the same kind may differ.
 */
type Figure = { mean: number; sd: number; low: number; high: number };

export type Report = {
  protocol: string;
  cases: number;
  repeats: number;
  figures: Record<keyof Summary, Figure>;
  /** Certain answers of an average repeat for each class, and the wrong ones among them. */
  certain: Record<"positive" | "negative", { answers: number; wrong: number }>;
  /** Cases an average repeat puts in each cell at the threshold. */
  confusion: { truePositive: number; falseNegative: number; falsePositive: number; trueNegative: number };
  /** [false positive rate, true positive rate], all repeats pooled. */
  roc: [number, number][];
  /** [false positive rate, lowest, highest true positive rate of a repeat] where the curve bends. */
  rocBand: [number, number, number][];
  /** All repeats pooled. */
  reliability: Bin[];
  /** By row, the mean probability over the repeats; null where no fold tested it. */
  heldOut: (number | null)[];
  /** Cases missed in at least half of the repeats; `row` 0-based, `probability` the mean over repeats. */
  missed: {
    row: number;
    truth: ClassCode;
    probability: number;
    missedShare: number;
    uncertainShare: number;
  }[];
};

/** Sums up held-out predictions, one list per fold in the order of `folds`. */
export function summarise(
  { repeats, splits }: Folds,
  heldOut: readonly HeldOut[][],
  threshold: number,
): Report {
  const perRepeat = Array.from({ length: repeats }, (_, r) => heldOut.slice(r * splits, (r + 1) * splits));
  const pooled = perRepeat.map((folds) => folds.flat().sort((a, b) => a.row - b.row));
  const all = pooled.flat();
  const summaries = pooled.map((cases) => summaryOf(cases, threshold));
  const overFolds = perRepeat.map((folds) =>
    folds.map((cases) => measure(probabilities(cases), truths(cases), threshold)),
  );
  const resampled = resampledSummaries(pooled, threshold);
  const figures = {} as Report["figures"];
  for (const key of Object.keys(summaries[0] ?? {}) as (keyof Summary)[]) {
    const values = isMetric(key)
      ? overFolds.map((folds) => mean(folds.map((metrics) => metrics[key])))
      : summaries.map((summary) => summary[key]);
    figures[key] = { ...centreAndSpread(values), ...interval(resampled.map((summary) => summary[key])) };
  }
  const perRun = (test: (c: HeldOut) => boolean) => round(all.filter(test).length / repeats);
  const certain = (label: 0 | 1) => ({
    answers: perRun((c) => c.label === classOf(label)),
    wrong: perRun((c) => c.label === classOf(label) && c.truth !== label),
  });
  const count = (truth: 0 | 1, positive: boolean) =>
    perRun((c) => c.truth === truth && c.probability >= threshold === positive);
  return {
    protocol: `${repeats} x ${splits}-fold cross-validation`,
    cases: new Set(all.map((c) => c.row)).size,
    repeats,
    figures,
    certain: { positive: certain(1), negative: certain(0) },
    confusion: {
      truePositive: count(1, true),
      falseNegative: count(1, false),
      falsePositive: count(0, true),
      trueNegative: count(0, false),
    },
    roc: rocPoints(all),
    rocBand: rocBand(pooled),
    reliability: reliability(probabilities(all), truths(all)).map((bin) => ({
      ...bin,
      meanProbability: round(bin.meanProbability),
      malignantShare: round(bin.malignantShare),
    })),
    heldOut: Array.from({ length: Math.max(...all.map((c) => c.row)) + 1 }, (_, row) => {
      const tested = probabilities(all.filter((c) => c.row === row));
      return tested.length === 0 ? null : round(mean(tested));
    }),
    missed: missedCases(all, threshold),
  };
}

type Summary = ReturnType<typeof summaryOf>;

/** Every figure of some cases; shares are of these cases, of the class, or of the certain answers for the class. */
function summaryOf(cases: readonly HeldOut[], threshold: number) {
  const [scores, labels] = [probabilities(cases), truths(cases)];
  const share = (of: (c: HeldOut) => boolean, test: (c: HeldOut) => boolean) => {
    const members = cases.filter(of);
    return members.filter(test).length / members.length;
  };
  const isWrong = (c: HeldOut) => c.label !== "uncertain" && c.label !== classOf(c.truth);
  return {
    ...measure(scores, labels, threshold),
    specificityAt99Sensitivity: specificityAt(0.99, scores, labels),
    calibrationError: calibrationError(scores, labels),
    malignantCoverage: share(
      (c) => c.truth === 1,
      (c) => c.covered,
    ),
    benignCoverage: share(
      (c) => c.truth === 0,
      (c) => c.covered,
    ),
    uncertainRate: share(
      () => true,
      (c) => c.label === "uncertain",
    ),
    certainAndWrong: share(() => true, isWrong),
    wrongAmongCertainMalignant: share((c) => c.label === classOf(1), isWrong),
    wrongAmongCertainBenign: share((c) => c.label === classOf(0), isWrong),
    atypicalRate: share(
      () => true,
      (c) => !c.typical,
    ),
  };
}

const METRICS = ["accuracy", "rocAuc", "logLoss", "brier", "sensitivity", "specificity"] as const;
const isMetric = (key: string): key is keyof Metrics => (METRICS as readonly string[]).includes(key);

const RESAMPLES = 1000;

/** Summaries of cases drawn with replacement, a case with all its repeats (the bootstrap; Efron, 1979), fixed seed. */
function resampledSummaries(pooled: readonly HeldOut[][], threshold: number): Summary[] {
  const random = seededRandom(2);
  const count = pooled[0]?.length ?? 0;
  return Array.from({ length: RESAMPLES }, () => {
    const drawn = Array.from({ length: count }, () => Math.floor(random() * count));
    const summaries = pooled.map((cases) =>
      summaryOf(
        drawn.map((i) => cases[i] as HeldOut),
        threshold,
      ),
    );
    const keys = Object.keys(summaries[0] ?? {}) as (keyof Summary)[];
    return Object.fromEntries(keys.map((key) => [key, mean(summaries.map((s) => s[key]))])) as Summary;
  });
}

/** The 2.5th and 97.5th percentile. */
function interval(values: readonly number[]): { low: number; high: number } {
  const ordered = [...values].sort((a, b) => a - b);
  const at = (share: number) => round(ordered[Math.round(share * (ordered.length - 1))] as number);
  return { low: at(0.025), high: at(0.975) };
}

function probabilities(cases: readonly HeldOut[]): number[] {
  return cases.map((c) => c.probability);
}

function truths(cases: readonly HeldOut[]): (0 | 1)[] {
  return cases.map((c) => c.truth);
}

/** A fold without one of the classes has no AUC, and one case no spread: those are left out. */
function mean(values: readonly number[]): number {
  const defined = values.filter((x) => !Number.isNaN(x));
  return defined.reduce((total, x) => total + x, 0) / defined.length;
}

function centreAndSpread(perRepeat: readonly number[]): { mean: number; sd: number } {
  const centre = mean(perRepeat);
  const squares = perRepeat.reduce((total, x) => total + (x - centre) * (x - centre), 0);
  return { mean: round(centre), sd: round(Math.sqrt(squares / Math.max(perRepeat.length - 1, 1))) };
}

function round(x: number): number {
  return Math.round(x * 1e6) / 1e6;
}

/** The ROC curve's corners only: points on a straight run add nothing to a drawing. */
function rocPoints(cases: readonly HeldOut[]): [number, number][] {
  const ordered = [...cases].sort((a, b) => b.probability - a.probability);
  const positives = ordered.filter((c) => c.truth === 1).length;
  const points: [number, number][] = [[0, 0]];
  let [found, alarms] = [0, 0];
  for (const [i, { truth, probability }] of ordered.entries()) {
    if (truth === 1) found++;
    else alarms++;
    const next = ordered[i + 1];
    if (next?.probability === probability || next?.truth === truth) continue;
    points.push([round(alarms / (ordered.length - positives)), round(found / positives)]);
  }
  return points;
}

const BEND = 0.2;

/** How far the repeats' curves lie apart, up to a false positive rate of BEND. */
function rocBand(pooled: readonly HeldOut[][]): [number, number, number][] {
  const curves = pooled.map(rocPoints);
  return Array.from({ length: 41 }, (_, i) => {
    const x = (BEND * i) / 40;
    const heights = curves.map((points) => points.findLast(([alarms]) => alarms <= x)?.[1] ?? 0);
    return [round(x), Math.min(...heights), Math.max(...heights)];
  });
}

function missedCases(cases: readonly HeldOut[], threshold: number): Report["missed"] {
  const byRow = new Map<number, HeldOut[]>();
  for (const c of cases) byRow.set(c.row, [...(byRow.get(c.row) ?? []), c]);
  return [...byRow]
    .map(([row, seen]) => ({
      row,
      truth: classOf(seen[0]?.truth ?? 0),
      probability: round(mean(probabilities(seen))),
      missedShare: round(mean(seen.map((c) => (c.probability >= threshold === (c.truth === 1) ? 0 : 1)))),
      uncertainShare: round(mean(seen.map((c) => (c.label === "uncertain" ? 1 : 0)))),
    }))
    .filter(({ missedShare }) => missedShare >= 0.5)
    .sort((a, b) => a.row - b.row);
}
