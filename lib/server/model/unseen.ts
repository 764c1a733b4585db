import "server-only";
import type { UnseenCase } from "@/lib/monitoring/cut-off";
import { MODEL_CARD } from "./model-card";
import { TRAINING_DATA } from "./training-data";

/**
 * The training cases in their order, as models saw them that had not been trained on them; null where the evaluation does
 * not tell it of every one.
 */
export function unseenCases(): UnseenCase[] | null {
  const { heldOut = [] } = MODEL_CARD;
  const cases = TRAINING_DATA.positive.flatMap((truth, row) => {
    const probability = heldOut[row];
    return probability == null ? [] : [{ row, positive: truth === 1, probability }];
  });
  return cases.length === TRAINING_DATA.positive.length ? cases : null;
}
