import { table } from "../../tables/current";
import type { TrainingRow } from "../contract";
import { answerOf } from "./words";

/** What a case's being a row of the training data means for its answer; `threshold` of the model, if it tells one. */
export function describeTrainingRow({ row, truth, unseen }: TrainingRow, threshold: number | null): string {
  const seen = `This case is row ${row} of the training data, ${answerOf(truth).word} in truth: the model was trained on it.`;
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
