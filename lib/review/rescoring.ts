import type { Diagnosis, Label, ModelIdentity, SavedPrediction } from "../contract";

/** How many of the latest predictions can be re-scored. */
export const LATEST_COUNTS = [100, 1_000, 5_000] as const;

/** What a model answered, as far as two answers are compared. */
export type Answer = { diagnosis: Diagnosis; label: Label | null; probability: number };

/** A case as it is stored; `values` in the table's order. */
export type StoredCase = Pick<SavedPrediction, "id" | "createdAt" | "modelVersion" | "threshold" | "values"> &
  Answer;

/** A stored case and what the present model says of it. */
export type Rescored = Omit<StoredCase, "values" | keyof Answer> & {
  before: Answer;
  after: Answer;
};

export type Rescoring = {
  model: ModelIdentity;
  count: number;
  /** How many got the other diagnosis, and how many another answer, such as uncertain instead of a class. */
  flips: { diagnosis: number; answer: number };
  /** Stored by the model version that is in use. */
  sameVersion: number;
  /** The cases whose answer changes, those first whose probability does most. */
  changed: Rescored[];
  /** The one whose probability changes most; null where none does. */
  largest: Rescored | null;
};

const answerOf = ({ label, diagnosis }: Answer) => label ?? diagnosis;
const shift = ({ before, after }: Rescored) => Math.abs(after.probability - before.probability);

/** What re-scoring `cases` by `model` shows. */
export function summariseRescoring(cases: readonly Rescored[], model: ModelIdentity): Rescoring {
  const changed = cases
    .filter(
      ({ before, after }) => before.diagnosis !== after.diagnosis || answerOf(before) !== answerOf(after),
    )
    .sort((a, b) => shift(b) - shift(a));
  const largest = cases.reduce<Rescored | null>(
    (most, one) => (shift(one) > (most === null ? 0 : shift(most)) ? one : most),
    null,
  );
  return {
    model,
    count: cases.length,
    flips: {
      diagnosis: changed.filter(({ before, after }) => before.diagnosis !== after.diagnosis).length,
      answer: changed.length,
    },
    sameVersion: cases.filter(({ modelVersion }) => modelVersion === model.version).length,
    changed,
    largest,
  };
}
