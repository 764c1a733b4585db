import { CaseFull } from "@/components/prediction/drawing";
import { Shape } from "@/components/ui/shape";
import { answerOf } from "@/lib/prediction/words";
import type { Evaluation } from "@/lib/server/model/model-card";
import { TRAINING_DATA } from "@/lib/server/model/training-data";
import { drawing } from "@/tables/current";

/** The cases that were wrong in most repeats, drawn at one scale; each leads to the case. */
export function WrongCases({ missed, repeats }: Pick<Evaluation, "missed" | "repeats">) {
  const cases = missed.map((one) => ({ ...one, values: TRAINING_DATA.features[one.row] ?? [] }));
  const span = drawing?.span(
    cases.map(({ values }) => values),
    "full",
  );
  const times = (share: number) => `${Math.round(share * repeats)} of ${repeats}`;
  return (
    <ul className="grid grid-cols-[repeat(auto-fill,minmax(7.5rem,1fr))] gap-3">
      {cases.map(({ row, truth, probability, missedShare, uncertainShare, values }) => (
        <li key={row}>
          <a
            href={`/model/cases/${row}`}
            className="grid h-full content-start gap-0.5 rounded-field border border-line px-2 pt-2 pb-3 hover:border-ink-3"
          >
            <span className="justify-self-center">
              {span !== undefined && <CaseFull values={values} size={96} span={span} />}
            </span>
            <span className="font-semibold underline decoration-ink-3">Row {row}</span>
            <span className={`flex items-center gap-1.5 font-medium ${answerOf(truth).colour}`}>
              <Shape {...answerOf(truth)} />
              {answerOf(truth).word}
            </span>
            <span className="text-ink-2 text-xs">unseen: {probability.toFixed(3)}</span>
            <span className="text-ink-2 text-xs">wrong {times(missedShare)}</span>
            <span className="text-ink-2 text-xs">uncertain {times(uncertainShare)}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}
