import { Notice } from "@/components/ui/notice";
import type { TrainingRow } from "@/lib/contract";
import { describeTrainingRow } from "@/lib/prediction/training-row";

/** Says that the answer is to a case of the training data, and what was said of it unseen; nothing for any other case. */
export function TrainingNotice({
  trainingRow,
  threshold,
}: {
  trainingRow: TrainingRow | null;
  threshold: number | null;
}) {
  if (trainingRow === null) return null;
  return (
    <Notice kind="caution" title="A case of the training data">
      <p className="text-sm">{describeTrainingRow(trainingRow, threshold)}</p>
    </Notice>
  );
}
