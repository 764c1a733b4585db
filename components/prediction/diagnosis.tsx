import type { Diagnosis, Label } from "@/lib/contract";
import { answerOf } from "@/lib/prediction/words";
import { AnswerMark } from "./answer-mark";

/** The answer as shape and word, so that colour is never alone; `label` is null where the model knows no third answer. */
export function DiagnosisMark({ diagnosis, label }: { diagnosis: Diagnosis; label: Label | null }) {
  return <AnswerMark {...answerOf(label ?? diagnosis)} />;
}

/**
 * A probability in 0..1 with three decimals; "> 0.999" and "< 0.001" where those would round to certainty,
 * and more decimals where rounding would put it on the other side of the threshold.
 */
export function formatProbability(probability: number, threshold: number | null = null): string {
  for (let digits = 3; digits <= 15; digits++) {
    const text = probability.toFixed(digits);
    if (probability < 1 && Number(text) === 1 && digits === 3) return "> 0.999";
    if (probability > 0 && Number(text) === 0 && digits === 3) return "< 0.001";
    if (threshold === null || Number(text) >= threshold === probability >= threshold) return text;
  }
  return String(probability);
}

/** The limit of a band or a model, to three decimals without needless zeros. */
export const formatLimit = (probability: number): string => String(Number(probability.toFixed(3)));
