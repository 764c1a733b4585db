import { Card } from "@/components/ui/card";
import { Shape } from "@/components/ui/shape";
import type { BatchTally } from "@/lib/batch/batch";
import { countAnswer } from "@/lib/batch/progress";
import { capitalised } from "@/lib/format";
import { answerOf } from "@/lib/prediction/words";
import { table } from "@/tables/current";

const { positive, negative } = table.classes;

/** How many rows got which answer, and how many have a caution. */
export function AnswersCard({ title, tally }: { title: string; tally: BatchTally }) {
  const withheld = countAnswer(tally, "no_answer");
  const shown = [positive, "uncertain", negative, ...(withheld > 0 ? ["no_answer" as const] : [])] as const;
  return (
    <Card title={title}>
      <ul className="grid grid-cols-2 gap-x-4 gap-y-3" data-varies="">
        {shown.map((answer) => {
          const { word, shape, colour } = answerOf(answer);
          return (
            <li key={answer} className="grid">
              <span className="font-medium text-title tracking-tight">
                {countAnswer(tally, answer).toLocaleString("en")}
              </span>{" "}
              <span className={`${colour} inline-flex items-baseline gap-[0.4em] font-medium`}>
                <Shape shape={shape} />
                {capitalised(word)}
              </span>
            </li>
          );
        })}
        <li className="grid">
          <span className="font-medium text-title tracking-tight">
            {(tally.cautions.any ?? 0).toLocaleString("en")}
          </span>{" "}
          <span className="text-ink-2 text-xs">with a caution</span>
        </li>
      </ul>
    </Card>
  );
}
