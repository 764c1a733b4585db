import type { Diagnosis, Label } from "../contract";
import { wilsonInterval } from "../wilson";
import type { BatchTally } from "./batch";

/** The answers of a batch, held against the truth of its file. */

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

/** Counts the answers by truth, in the order in which they are shown. */
export function againstTruth(
  { truth }: BatchTally,
  { positive, negative }: { positive: Diagnosis; negative: Diagnosis },
): AgainstTruth | null {
  const rows = [positive, negative].map((one) => {
    const answers = ([positive, "uncertain", negative, "no_answer"] as const).map((answer) => ({
      answer,
      count: truth[one]?.answers[answer] ?? 0,
    }));
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
