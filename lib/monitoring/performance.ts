import { table } from "../../tables/current";
import { type Diagnosis, isLeftToPerson, type Label } from "../contract";
import { wilsonInterval } from "../wilson";

/**
 * How predictions fared against outcomes confirmed later: of one's own cases only, nothing of the training data's
 * evaluation comes in here. Uncertain answers count by their diagnosis, and are counted beside it too.
 */

const { positive, negative } = table.classes;

/** Below these numbers a figure says more about chance than about the model, and is not shown. */
export const MINIMUM = { positive: 10, negative: 10, confirmed: 20 } as const;

export const RELIABILITY_BINS = 10;

/** A summary covers this many of the latest confirmed predictions; more would barely narrow its intervals. */
export const SUMMARISED = 1_000;

/**
 * Confirmed cases alike in all that the figures need, added up: `bin` is floor(10 x probability), at most 9;
 * `probabilities` the sum of their probabilities, `squares` that of (probability - truth)^2 with truth 1 for the positive class.
 * One case is a group of one; one that the sums hold and should not is a group of minus one.
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
  positiveShare: number | null;
};

/** What cases were confirmed to be, against what was said of them at the threshold. */
export type Confusion = {
  confirmed: number;
  positives: number;
  negatives: number;
  /** By diagnosis at the threshold, and how many of each were called uncertain. */
  confusion: Record<"truePositive" | "falseNegative" | "falsePositive" | "trueNegative", Cell>;
  sensitivity: Shown<Proportion>;
  specificity: Shown<Proportion>;
  accuracy: Shown<Proportion>;
};

export type Performance = Confusion & {
  /** Mean of (probability - truth)^2; Brier, Monthly Weather Review 78 (1950), 1-3. */
  brier: Shown<number>;
  /** Empty bins left out. */
  reliability: Shown<ReliabilityBin[]>;
  /** Answers by models that know a third one. */
  uncertain: { count: number; of: number };
};

/** Counts over the latest cases, at most SUMMARISED; `isAll`: there are no others. */
export type Summary = Confusion & { isAll: boolean };

/** Each figure only from its minimum on. */
export function confusionOf(
  groups: readonly Pick<OutcomeGroup, "outcome" | "diagnosis" | "label" | "count">[],
): Confusion {
  const cell = (outcome: Diagnosis, diagnosis: Diagnosis): Cell => {
    const members = groups.filter((group) => group.outcome === outcome && group.diagnosis === diagnosis);
    return {
      count: total(members, ({ count }) => count),
      uncertain: total(members, ({ label, count }) => (isLeftToPerson(label) ? count : 0)),
    };
  };
  const confusion = {
    truePositive: cell(positive, positive),
    falseNegative: cell(positive, negative),
    falsePositive: cell(negative, positive),
    trueNegative: cell(negative, negative),
  };
  const positives = confusion.truePositive.count + confusion.falseNegative.count;
  const negatives = confusion.falsePositive.count + confusion.trueNegative.count;
  const confirmed = positives + negatives;
  const right = confusion.truePositive.count + confusion.trueNegative.count;
  return {
    confirmed,
    positives,
    negatives,
    confusion,
    sensitivity: from(MINIMUM.positive, positives, () => proportion(confusion.truePositive.count, positives)),
    specificity: from(MINIMUM.negative, negatives, () => proportion(confusion.trueNegative.count, negatives)),
    accuracy: from(MINIMUM.confirmed, confirmed, () => proportion(right, confirmed)),
  };
}

/** Figures of confirmed cases; each only from its minimum on. */
export function performanceOf(groups: readonly OutcomeGroup[]): Performance {
  const counted = confusionOf(groups);
  const { confirmed } = counted;
  return {
    ...counted,
    brier: from(MINIMUM.confirmed, confirmed, () => total(groups, ({ squares }) => squares) / confirmed),
    reliability: from(MINIMUM.confirmed, confirmed, () => reliability(groups)),
    uncertain: {
      count: total(groups, ({ label, count }) => (isLeftToPerson(label) ? count : 0)),
      of: total(groups, ({ label, count }) => (label === null ? 0 : count)),
    },
  };
}

function total<T>(members: readonly T[], value: (member: T) => number): number {
  return members.reduce((sum, member) => sum + value(member), 0);
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
    const count = total(members, (group) => group.count);
    const positives = total(members, (group) => (group.outcome === positive ? group.count : 0));
    const probabilities = total(members, (group) => group.probabilities);
    return {
      from: bin / RELIABILITY_BINS,
      to: (bin + 1) / RELIABILITY_BINS,
      count,
      meanProbability: count === 0 ? null : probabilities / count,
      positiveShare: count === 0 ? null : positives / count,
    };
  }).filter(({ count }) => count > 0);
}
