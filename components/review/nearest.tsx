import { CaseThumb } from "@/components/prediction/drawing";
import { Shape } from "@/components/ui/shape";
import { ScrollTable } from "@/components/ui/table";
import { answerOf } from "@/lib/prediction/words";
import type { Neighbour } from "@/lib/review/review";
import { drawing, FEATURES } from "@/tables/current";

const SIZE = 84;

/** The training cases most like one: drawn side by side, with their classes, and their values on demand. */
export function Nearest({ nearest }: { nearest: readonly Neighbour[] }) {
  const span = drawing?.span(
    nearest.map(({ values }) => values),
    "thumb",
  );
  return (
    <>
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(6rem,1fr))] gap-3 sm:grid-cols-5">
        {nearest.map(({ row, diagnosis, distance, values }) => {
          const { word, shape, colour } = answerOf(diagnosis);
          return (
            <li
              key={row}
              className="grid justify-items-center gap-0.5 rounded-field border border-line px-1 pt-2 pb-2.5 text-center"
            >
              <CaseThumb values={values} size={SIZE} span={span} />
              <span className="text-ink-2 text-xs">row {row}</span>
              <span className={`inline-flex items-baseline gap-1 font-medium ${colour}`}>
                <Shape shape={shape} /> {word}
              </span>
              <span className="text-ink-2 text-xs">
                {distance === 0 ? "this very case" : `distance ${distance.toFixed(2)}`}
              </span>
            </li>
          );
        })}
      </ul>
      <details className="print:hidden">
        <summary className="min-h-6 underline decoration-ink-3">Their values</summary>
        <ScrollTable
          id="nearest-values"
          caption="Rows of the dataset, counted from 0"
          className="mt-2 [&_td]:px-2 [&_td]:py-1 [&_td]:text-right [&_td]:font-mono"
        >
          <thead>
            <tr className="bg-sunken text-ink-2 text-xs">
              <td />
              {nearest.map(({ row }) => (
                <th key={row} scope="col" className="px-2 py-1.5 text-right font-medium">
                  {row}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {FEATURES.map(({ key, label, index }) => (
              <tr key={key} className="border-line border-t">
                <th scope="row" className="whitespace-nowrap px-4 py-1 text-left font-normal">
                  {label}
                </th>
                {nearest.map(({ row, values }) => (
                  <td key={row}>{String(values[index])}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </ScrollTable>
      </details>
    </>
  );
}
