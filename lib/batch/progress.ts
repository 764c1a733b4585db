import { type Diagnosis, type Label, label } from "../contract";
import type { Tally } from "../prediction/tally";
import { wilsonInterval } from "../wilson";
import type { Batch, BatchState, BatchTally } from "./batch";

/** How far a batch has come, and what its answers add up to, as its page says it. */

/** What the event stream of a batch sends whenever it changes. */
export type Progress = { state: BatchState; done: number; total: number; workedMs: number };

/** Rows that will have an answer: those that can be read. */
export const totalOf = ({ check }: Pick<Batch, "check">) => (check === null ? 0 : check.rows - check.bad);

export const progressOf = (batch: Batch): Progress => ({
  state: batch.state,
  done: batch.done,
  total: totalOf(batch),
  workedMs: batch.workedMs,
});

/** Whether nothing more happens to a batch without a person. */
export const isAtRest = (state: BatchState) => state !== "reading" && state !== "running";

/** The part that is done, 0..1. */
export const shareOf = ({ done, total }: Pick<Progress, "done" | "total">) =>
  total === 0 ? 0 : Math.min(1, done / total);

/** Quarters of the work that are done, 0..4: what is spoken of it, and nothing between. */
export const quarterOf = (progress: Pick<Progress, "done" | "total">) => Math.floor(4 * shareOf(progress));

/** "about 13 s left", by the rate so far; nothing before the first rows. */
export function timeLeft({ done, total, workedMs }: Omit<Progress, "state">): string {
  if (done === 0 || workedMs === 0 || done >= total) return "";
  const seconds = Math.ceil(((total - done) * workedMs) / done / 1000);
  if (seconds < 90) return `about ${seconds} s left`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `about ${minutes} minutes left` : `about ${Math.ceil(minutes / 60)} hours left`;
}

/** "41,000 rows a second"; where that is less than one, "1.8 s a row". */
export function rateText({ done, workedMs }: Pick<Progress, "done" | "workedMs">): string {
  if (done === 0 || workedMs === 0) return "";
  const rate = (done / workedMs) * 1000;
  if (rate < 1) return `${(1 / rate).toPrecision(2)} s a row`;
  const rounded = rate < 10 ? rate.toPrecision(2) : Number(rate.toPrecision(2)).toLocaleString("en");
  return `${rounded} rows a second`;
}

/** The tally as the axis of probabilities takes it. */
export const axisTally = ({ bins }: BatchTally): Tally => ({
  exact: true,
  groups: label.options.flatMap((answer) =>
    (bins[answer] ?? []).flatMap((count, bin) =>
      count === 0 ? [] : [{ answer, outcome: "unknown" as const, bin, count }],
    ),
  ),
});

/** A share of rows with its 95 % interval after Wilson. */
export type Rate = { of: number; right: number; low: number; high: number };

const rate = (right: number, of: number): Rate | null =>
  of === 0 ? null : { of, right, ...wilsonInterval(right, of) };

/** The answers held against the truth of the file; null where no row has one. */
export type AgainstTruth = {
  /** By true class, how many rows got which answer. */
  rows: { truth: Diagnosis; answers: { answer: Label; count: number }[]; count: number }[];
  /** By the diagnosis, which an uncertain answer has as well; null without a case of the class. */
  sensitivity: Rate | null;
  specificity: Rate | null;
  /** Rows left to a person. */
  left: number;
  of: number;
};

/** Counts the answers by truth; `classes` in the order in which they are shown. */
export function againstTruth(
  { truth }: BatchTally,
  { positive, negative }: { positive: Diagnosis; negative: Diagnosis },
): AgainstTruth | null {
  const rows = [positive, negative].map((one) => {
    const answers = label.options.map((answer) => ({ answer, count: truth[one]?.answers[answer] ?? 0 }));
    return { truth: one, answers, count: answers.reduce((sum, { count }) => sum + count, 0) };
  });
  const of = rows.reduce((sum, { count }) => sum + count, 0);
  if (of === 0) return null;
  const rightOf = (one: Diagnosis) => {
    const diagnoses = truth[one]?.diagnoses ?? {};
    const all = Object.values(diagnoses).reduce((sum, count) => sum + count, 0);
    return rate(diagnoses[one] ?? 0, all);
  };
  const isLeft = (answer: Label) => answer !== positive && answer !== negative;
  return {
    rows,
    sensitivity: rightOf(positive),
    specificity: rightOf(negative),
    left: rows
      .flatMap(({ answers }) => answers)
      .reduce((sum, { answer, count }) => sum + (isLeft(answer) ? count : 0), 0),
    of,
  };
}
