import { AnswersCard } from "@/components/batch/answers-card";
import { AsRead } from "@/components/batch/as-read";
import { Columns } from "@/components/batch/columns";
import { ProgressCard } from "@/components/batch/watch";
import { ProbabilityAxis } from "@/components/prediction/probability-axis";
import { Card } from "@/components/ui/card";
import { Notice } from "@/components/ui/notice";
import { axisTally } from "@/lib/batch/answers";
import type { Batch } from "@/lib/batch/batch";
import { progressOf } from "@/lib/batch/progress";
import { backendName } from "./backend-name";

/** How far the answers have come, and what they are so far. */
export function AnswersStep({ batch }: { batch: Batch }) {
  const { problem, state, fileName, backend, tally, model } = batch;
  return (
    <Columns
      side={
        <>
          <AnswersCard title="Answers so far" tally={tally} />
          <AsRead batch={batch} left={[]} />
        </>
      }
    >
      {state === "paused" && problem !== null && <Notice kind="error" role="alert" title={problem} />}
      <ProgressCard first={progressOf(batch)} about={`${fileName} · ${backendName(backend)}`} />
      <Card
        title="Probabilities so far"
        caption="Heights grow with the square root of the count, so that single uncertain cases stay visible beside hundreds of clear ones."
      >
        <ProbabilityAxis tally={axisTally(tally)} band={model?.uncertain ?? null} size="tall" what="rows" />
      </Card>
    </Columns>
  );
}
