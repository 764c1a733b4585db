import { AsRead } from "@/components/batch/as-read";
import { Columns } from "@/components/batch/columns";
import { AnswersSoFar, ProbabilitiesSoFar, ProgressCard } from "@/components/batch/watch";
import { Notice } from "@/components/ui/notice";
import type { Batch } from "@/lib/batch/batch";
import { backendName } from "./backend-name";

/** How far the answers have come, and what they are so far. */
export function AnswersStep({ batch }: { batch: Batch }) {
  const { problem, state, fileName, backend } = batch;
  return (
    <Columns
      side={
        <>
          <AnswersSoFar />
          <AsRead batch={batch} left={[]} />
        </>
      }
    >
      {state === "paused" && problem !== null && <Notice kind="error" role="alert" title={problem} />}
      <ProgressCard about={`${fileName} · ${backendName(backend)}`} />
      <ProbabilitiesSoFar />
    </Columns>
  );
}
