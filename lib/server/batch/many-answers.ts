import { type Diagnosis, type Label, label, type ModelIdentity } from "@/lib/contract";
import { table } from "@/tables/current";

/** Answers of thousands of rows, as a model gives them to the batch. */

/** An answer of each row in arrays; NOT_TOLD stands where the model does not say. Cautions by `cautionCodes`, as bits. */
export type ManyAnswers = {
  probabilities: Float64Array;
  /** Places in LABELS. */
  labels: Uint8Array;
  /** Places in CLASSES. */
  diagnoses: Uint8Array;
  cautions: Uint32Array;
  cautionCodes: readonly string[];
  /** Null where no row has an answer. */
  model: ModelIdentity | null;
  /** Why rows from `answered` on have no answer, where they have none; no `problem` where it was asked to end. */
  stopped: { answered: number; problem: string | null } | null;
};

export const LABELS: readonly Label[] = label.options;
export const CLASSES: readonly Diagnosis[] = [table.classes.positive, table.classes.negative];
export const NOT_TOLD = { label: 255, cautions: 0xffffffff };

/** Answers rows laid end to end, which stay as they are until it has; it may be asked again before. */
export type AnswerMany = (values: Float64Array, rows: number) => ManyAnswers | Promise<ManyAnswers>;

/** Asks a model one question after the other, whenever they come. */
export function oneAtATime(answer: AnswerMany): AnswerMany {
  let last: Promise<unknown> = Promise.resolve();
  return (values, rows) => {
    const answers = last.then(() => answer(values, rows));
    last = answers.catch(() => {});
    return answers;
  };
}
