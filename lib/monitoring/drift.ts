import type { FeatureKey } from "../../tables/current";
import { fail, ok, type Result } from "../result";

/** How far the measurements of one's own cases have moved from those the model was trained on. */

export const DRIFT_WINDOWS = [30, 90, 365] as const;
export type DriftWindow = (typeof DRIFT_WINDOWS)[number];
const DEFAULT_WINDOW: DriftWindow = 90;

/** Cases that a window or a month needs before an index is worked out. */
export const LEAST_CASES = 100;

/** Bins by the training cases' deciles. */
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

// The 95 % point of chi-squared with DRIFT_BINS - 1 degrees of freedom.
const CHI_SQUARED_95 = 16.919;

/**
 * What the index stays below in 95 of 100 samples of `cases` that have not moved at all from `training` cases.
 * Source: Yurdakul and Naranjo, Journal of Risk Model Validation 14 (2020), 4: (1/n + 1/m) chi-squared.
 */
export function chanceBound(cases: number, training: number): number {
  return (1 / cases + 1 / training) * CHI_SQUARED_95;
}

export const DRIFT_READINGS = { moderate: 0.1, marked: 0.25 } as const;

/** The usual reading: below 0.1 none, to 0.25 moderate, above marked. Source: Siddiqi (2006). */
export function driftReading(index: number): "none" | "moderate" | "marked" {
  if (index < DRIFT_READINGS.moderate) return "none";
  return index <= DRIFT_READINGS.marked ? "moderate" : "marked";
}

/** One measurement's index over the window, and by month, oldest first; null where a month has too few cases. */
export type FeatureDrift = { key: FeatureKey; index: number; months: (number | null)[] };

/** `features` by index, largest first; null where the window has fewer cases than LEAST_CASES. */
export type InputDrift = {
  window: DriftWindow;
  /** Cases in the window, and how many the index uses: a random sample where there are many. */
  cases: number;
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
