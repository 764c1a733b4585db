import { formatProbability } from "@/components/prediction/diagnosis";
import { percent } from "@/lib/format";
import { answerOf } from "@/lib/prediction/words";
import type { Counterfactual, Review, Stability } from "@/lib/review/review";
import { FEATURES } from "@/tables/current";

/** How firm an answer is: under small errors of measurement, against the nearest change that turns it, beside similar cases. */
export function Firmness({ review: { stability, counterfactual, nearest } }: { review: Review }) {
  return (
    <>
      {stability === null ? (
        <p className="text-ink-2 text-sm">
          Another model than the one installed here made this prediction, so it cannot be tried again with
          other values.
        </p>
      ) : (
        <>
          <p className="text-sm">{describeStability(stability)}</p>
          <OtherCase counterfactual={counterfactual} />
        </>
      )}
      <table className="w-full border-collapse text-sm">
        <caption className="pb-1 text-left">The training cases most like this one</caption>
        <thead>
          <tr className="border-line border-b text-ink-2 text-xs">
            <th scope="col" className="py-1 text-left font-normal">
              Row of the dataset, from 0
            </th>
            <th scope="col" className="py-1 text-left font-normal">
              Diagnosis
            </th>
            <th scope="col" className="py-1 text-right font-normal">
              Distance
            </th>
          </tr>
        </thead>
        <tbody>
          {nearest.map(({ row, diagnosis, distance }) => (
            <tr key={row} className="border-line border-b last:border-b-0">
              <th scope="row" className="py-0.5 text-left font-normal tabular-nums">
                {row}
              </th>
              <td className={`py-0.5 ${answerOf(diagnosis).colour}`}>
                <span aria-hidden="true">{answerOf(diagnosis).shape}</span> {answerOf(diagnosis).word}
              </td>
              <td className="py-0.5 text-right font-mono text-[0.8125rem] tabular-nums">
                {distance.toFixed(3)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="text-ink-2 text-xs print:hidden">
        Distance: root mean square of the {FEATURES.length} differences, in standard deviations of the
        logarithms; 0 is a case of the training data itself.
      </p>
    </>
  );
}

/** The stability as a sentence. */
function describeStability({ wobble, draws, flips, low, high }: Stability): string {
  const turned =
    flips === 0
      ? `none of ${draws} copies gets the other diagnosis`
      : `${Math.round(flips * draws)} of ${draws} copies (${percent(flips)}) get the other diagnosis`;
  return `If every value is off by up to ${wobble * 100} %, ${turned}; nine in ten of their probabilities lie between ${formatProbability(low)} and ${formatProbability(high)}.`;
}

const SHOWN_FIRST = 6;

/** The nearest case with the other diagnosis, as a sentence and the measurements in which it differs. */
function OtherCase({ counterfactual }: { counterfactual: Counterfactual | null }) {
  if (counterfactual === null)
    return (
      <p className="text-sm">No case like the training cases was found that gets the other diagnosis.</p>
    );
  const { changes, diagnosis, probability } = counterfactual;
  const others = changes.slice(SHOWN_FIRST);
  return (
    <div className="text-sm">
      <p>
        The smallest change found that turns the diagnosis to {answerOf(diagnosis).word} (
        {formatProbability(probability, 0.5)}) and leaves a case like the training cases, whose measurements
        move together:
      </p>
      <Changes changes={changes.slice(0, SHOWN_FIRST)} />
      {others.length > 0 && (
        <details className="print:hidden">
          <summary className="min-h-6 underline underline-offset-4">{others.length} smaller changes</summary>
          <Changes changes={others} />
        </details>
      )}
    </div>
  );
}

function Changes({ changes }: Pick<Counterfactual, "changes">) {
  return (
    <ul className="mt-1 grid gap-x-4 sm:grid-cols-2">
      {changes.map(({ index, from, to }) => (
        <li key={index} className="flex justify-between gap-2">
          <span>{FEATURES[index]?.label}</span>
          <span className="whitespace-nowrap font-mono text-[0.8125rem] tabular-nums">
            {String(from)} → {String(to)}
          </span>
        </li>
      ))}
    </ul>
  );
}
