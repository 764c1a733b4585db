import { FEATURES, type FeatureKey } from "../../tables/current";
import { fail, ok, type Result } from "../result";

/** How far the measurements of one's own cases have moved from those the model was trained on. */

export const DRIFT_WINDOWS = [30, 90, 365] as const;
export type DriftWindow = (typeof DRIFT_WINDOWS)[number];
const DEFAULT_WINDOW: DriftWindow = 90;

/** Cases that a window or a month needs before an index is worked out; rows of the training data are none. */
export const LEAST_CASES = 100;

/** Bins by the training cases' deciles; of what is chosen there is one for each level. */
export const DRIFT_BINS = 10;

/**
 * Cases of each bin as shares, half a case added to each: at a share of 0 the index has no value. The half is Jeffreys'
 * prior; source: Krichevsky and Trofimov, IEEE Transactions on Information Theory 27 (1981), 199-207.
 */
export function smoothedShares(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (count + 0.5) / (total + 0.5 * counts.length));
}

/**
 * Population stability index: sum of (actual - expected) ln(actual / expected) over bins of positive shares; 0 where they
 * are the same. Source: Siddiqi, Credit Risk Scorecards (2006), ch. 9.
 */
export function stabilityIndex(expected: readonly number[], actual: readonly number[]): number {
  return actual.reduce((sum, share, bin) => {
    const reference = expected[bin] as number;
    return sum + (share - reference) * Math.log(share / reference);
  }, 0);
}

/**
 * How often a table of measurements that have not moved at all may show one that seems to, as chi-squared has it. At a
 * hundred cases the index goes that far about half as often again, which leaves it below 5 %.
 */
const FALSE_ALARMS = 0.025;

/** The point that chi-squared exceeds with probability `share`, to about 0.01: its density, added up from the far end. */
function chiSquaredPoint(share: number, degrees: number): number {
  const step = 0.01;
  const density = Array.from({ length: 20_000 }, (_, i) => {
    const x = (i + 0.5) * step;
    return x ** (degrees / 2 - 1) * Math.exp(-x / 2);
  });
  const beyond = share * density.reduce((sum, height) => sum + height, 0);
  let at = density.length;
  for (let tail = 0; tail < beyond; ) tail += density[--at] as number;
  return at * step;
}

// A share of the false alarms for each measurement, however they hang together (Bonferroni).
const pointOf = (bins: number) => chiSquaredPoint(FALSE_ALARMS / FEATURES.length, bins - 1);
const CHI_SQUARED = new Map([[DRIFT_BINS, pointOf(DRIFT_BINS)]]);

/**
 * What the indexes of all measurements, each of as many `bins`, stay below in at least 95 of 100 samples of `cases` that
 * have not moved at all from `training` cases. Source: Yurdakul and Naranjo, Journal of Risk Model Validation 14 (2020), 4: of one measurement the
 * index is about (1/n + 1/m) chi-squared.
 */
export function chanceBound(cases: number, training: number, bins = DRIFT_BINS): number {
  const point = CHI_SQUARED.get(bins) ?? pointOf(bins);
  CHI_SQUARED.set(bins, point);
  return (1 / cases + 1 / training) * point;
}

export const DRIFT_READINGS = { moderate: 0.1, marked: 0.25 } as const;

/**
 * The usual reading: below 0.1 none, to 0.25 moderate, above marked (Siddiqi, 2006); but what chance alone may give, below
 * `bound`, is neither.
 */
export function driftReading(index: number, bound: number): "none" | "within chance" | "moderate" | "marked" {
  if (index < DRIFT_READINGS.moderate) return "none";
  if (index < bound) return "within chance";
  return index <= DRIFT_READINGS.marked ? "moderate" : "marked";
}

/** One measurement's index over the window, and by month, oldest first; null where a month has too few cases. */
export type FeatureDrift = { key: FeatureKey; index: number; bins: number; months: (number | null)[] };

/** `features` by index, largest first; null where the index would use fewer cases than LEAST_CASES. */
export type InputDrift = {
  window: DriftWindow;
  /**
   * Cases in the window; those looked at, a random sample where there are many; and those of them that the index uses,
   * without rows of the training data.
   */
  cases: number;
  drawn: number;
  used: number;
  training: number;
  /** Oldest first, as "2026-11". */
  months: string[];
  features: FeatureDrift[] | null;
};

/** Reads the model page's address strictly: `drift` is the window in days. */
export function parseDriftWindow(
  params: Readonly<Record<string, string | string[] | undefined>>,
): Result<DriftWindow, { message: string }> {
  const unknown = Object.keys(params).find((name) => name !== "drift");
  if (unknown !== undefined) {
    return fail({
      message: `There is no parameter "${unknown.slice(0, 40)}". This page's address can have drift.`,
    });
  }
  const { drift } = params;
  if (drift === undefined) return ok(DEFAULT_WINDOW);
  if (Array.isArray(drift)) return fail({ message: '"drift" is in the address more than once.' });
  const window = DRIFT_WINDOWS.find((days) => String(days) === drift);
  return window === undefined
    ? fail({
        message: `"drift" cannot be "${drift.slice(0, 40)}". It can be ${DRIFT_WINDOWS.join(", ")}: days.`,
      })
    : ok(window);
}
