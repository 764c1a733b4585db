import { table } from "../../tables/current";
import type { TrainingRow } from "../contract";
import { answerOf } from "./words";

/** Where a case stands above its answer, and in texts before what follows. */
export const IN_TRAINING = "This case was in the training data";

/** Which row it is, and what was said of it unseen; `threshold` of the model, if it tells one. */
export function describeTrainingRow({ row, truth, unseen }: TrainingRow, threshold: number | null): string {
  const seen = `Row ${row}, ${answerOf(truth).word} in truth.`;
  if (unseen === null) return seen;
  const diagnosis =
    unseen >= (threshold ?? table.threshold) ? table.classes.positive : table.classes.negative;
  const verdict = diagnosis === truth ? "right" : "wrong";
  return `${seen} Models that had not seen it gave it ${unseenText(unseen)} on average: ${answerOf(diagnosis).word}, which is ${verdict}.`;
}

/** To three digits, as probabilities are shown, but never as 0 or 1. */
function unseenText(probability: number): string {
  if (probability < 0.001) return "less than 0.001";
  return probability > 0.999 ? "more than 0.999" : probability.toFixed(3);
}
