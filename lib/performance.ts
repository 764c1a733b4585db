import type { Diagnosis, Label } from "./schema";
import { wilsonInterval } from "./wilson";

/**
 * How predictions fared against outcomes confirmed later. Of one's own cases only: nothing of the training data's
 * evaluation comes in here. Uncertain answers count by their diagnosis, and are told beside it.
 */

/** Below these numbers a figure says more about chance than about the model, and is not shown. */
export const MINIMUM = { malignant: 10, benign: 10, confirmed: 20 } as const;

export const RELIABILITY_BINS = 10;

/** Of so many confirmed predictions, the latest, a summary tells: with more, its intervals hardly narrow. */
export const SUMMARISED = 2_000;

/**
 * Confirmed cases alike in all that the figures need, added up: `bin` is floor(10 x probability), at most 9;
 * `probabilities` the sum of their probabilities, `squares` that of (probability - truth)^2 with truth 1 for malignant.
 * One case is a group of one.
 */
export type OutcomeGroup = {
  outcome: Diagnosis;
  diagnosis: Diagnosis;
  label: Label | null;
  bin: number;
  count: number;
  probabilities: number;
  squares: number;
};

/** A figure, or how many more confirmed cases it needs. */
export type Shown<T> = { ok: true; value: T } | { ok: false; needs: number };

/** `low` and `high`: 95 %, Wilson. */
export type Proportion = { right: number; of: number; share: number; low: number; high: number };

type Cell = { count: number; uncertain: number };

export type ReliabilityBin = {
  from: number;
  to: number;
  count: number;
  meanProbability: number | null;
  malignantShare: number | null;
};

export type Performance = {
  confirmed: number;
  malignant: number;
  benign: number;
  /** By diagnosis at the threshold, and how many of each were called uncertain. */
  confusion: Record<"truePositive" | "falseNegative" | "falsePositive" | "trueNegative", Cell>;
  sensitivity: Shown<Proportion>;
  specificity: Shown<Proportion>;
  accuracy: Shown<Proportion>;
  /** Mean of (probability - truth)^2; Brier, Monthly Weather Review 78 (1950), 1-3. */
  brier: Shown<number>;
  /** Empty bins left out. */
  reliability: Shown<ReliabilityBin[]>;
  /** Of the answers by models that know a third one. */
  uncertain: { count: number; of: number };
};

/** Figures of confirmed cases; each only from its minimum on. */
export function performanceOf(groups: readonly OutcomeGroup[]): Performance {
  const total = (
    of: readonly OutcomeGroup[],
    value: (group: OutcomeGroup) => number = ({ count }) => count,
  ) => of.reduce((sum, group) => sum + value(group), 0);
  const cell = (outcome: Diagnosis, diagnosis: Diagnosis): Cell => {
    const members = groups.filter((group) => group.outcome === outcome && group.diagnosis === diagnosis);
    return {
      count: total(members),
      uncertain: total(members.filter(({ label }) => label === "uncertain")),
    };
  };
  const confusion = {
    truePositive: cell("M", "M"),
    falseNegative: cell("M", "B"),
    falsePositive: cell("B", "M"),
    trueNegative: cell("B", "B"),
  };
  const malignant = confusion.truePositive.count + confusion.falseNegative.count;
  const benign = confusion.falsePositive.count + confusion.trueNegative.count;
  const confirmed = malignant + benign;
  const right = confusion.truePositive.count + confusion.trueNegative.count;
  return {
    confirmed,
    malignant,
    benign,
    confusion,
    sensitivity: from(MINIMUM.malignant, malignant, () =>
      proportion(confusion.truePositive.count, malignant),
    ),
    specificity: from(MINIMUM.benign, benign, () => proportion(confusion.trueNegative.count, benign)),
    accuracy: from(MINIMUM.confirmed, confirmed, () => proportion(right, confirmed)),
    brier: from(MINIMUM.confirmed, confirmed, () => total(groups, ({ squares }) => squares) / confirmed),
    reliability: from(MINIMUM.confirmed, confirmed, () => reliability(groups)),
    uncertain: {
      count: total(groups.filter(({ label }) => label === "uncertain")),
      of: total(groups.filter(({ label }) => label !== null)),
    },
  };
}

function from<T>(least: number, found: number, value: () => T): Shown<T> {
  return found >= least ? { ok: true, value: value() } : { ok: false, needs: least - found };
}

function proportion(right: number, of: number): Proportion {
  return { right, of, share: right / of, ...wilsonInterval(right, of) };
}

function reliability(groups: readonly OutcomeGroup[]): ReliabilityBin[] {
  return Array.from({ length: RELIABILITY_BINS }, (_, bin) => {
    const members = groups.filter((group) => group.bin === bin);
    const count = members.reduce((sum, group) => sum + group.count, 0);
    const malignant = members.reduce((sum, group) => sum + (group.outcome === "M" ? group.count : 0), 0);
    const probabilities = members.reduce((sum, group) => sum + group.probabilities, 0);
    return {
      from: bin / RELIABILITY_BINS,
      to: (bin + 1) / RELIABILITY_BINS,
      count,
      meanProbability: count === 0 ? null : probabilities / count,
      malignantShare: count === 0 ? null : malignant / count,
    };
  }).filter(({ count }) => count > 0);
}
