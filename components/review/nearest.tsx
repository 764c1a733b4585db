import { CaseThumb } from "@/components/prediction/drawing";
import { Shape } from "@/components/ui/shape";
import { answerOf } from "@/lib/prediction/words";
import type { Neighbour } from "@/lib/review/review";
import { drawing } from "@/tables/current";

const SIZE = 84;

/** The training cases most like one, drawn at one scale, with their classes; each leads to its page. */
export function Nearest({ nearest }: { nearest: readonly Neighbour[] }) {
  const span = drawing?.span(
    nearest.map(({ values }) => values),
    "thumb",
  );
  return (
    <ul className="grid grid-cols-[repeat(auto-fill,minmax(6rem,1fr))] gap-3 sm:grid-cols-5">
      {nearest.map(({ row, diagnosis, distance, values }) => {
        const { word, shape, colour } = answerOf(diagnosis);
        return (
          <li key={row}>
            <a
              href={`/model/cases/${row}`}
              className="grid h-full content-start justify-items-center gap-0.5 rounded-field border border-line px-1 pt-2 pb-2.5 text-center hover:border-ink-3"
            >
              <CaseThumb values={values} size={SIZE} span={span} />
              <span className="text-xs underline decoration-ink-3">row {row}</span>
              <span className={`inline-flex items-baseline gap-1 font-medium ${colour}`}>
                <Shape shape={shape} /> {word}
              </span>
              <span className="text-ink-2 text-xs">
                {distance === 0 ? "this very case" : `distance ${distance.toFixed(2)}`}
              </span>
            </a>
          </li>
        );
      })}
    </ul>
  );
}
