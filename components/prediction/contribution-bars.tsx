import { percent, signed } from "@/lib/format";
import { rankReasons } from "@/lib/prediction/reasons";
import { NEGATIVE, POSITIVE } from "@/lib/prediction/words";
import type { Distribution } from "@/lib/review/review";
import { FEATURES } from "@/tables/current";
import { DistributionStrip } from "./distribution-strip";

/**
 * What pushed the answer which way, strongest first, and where each value lies among the training cases: a table whose
 * drawings are made on the server, so that the same numbers are read, printed and seen. `contributions` are terms on
 * the logit scale, above 0 towards the positive class; all lists are in the dataset's order.
 */
export function ContributionBars({
  contributions,
  values,
  distributions,
  caption,
  from = 0,
  to = FEATURES.length,
}: {
  contributions: readonly number[];
  values: readonly number[];
  distributions: readonly Distribution[];
  caption: string;
  /** Ranks shown: from `from`, to before `to`. */
  from?: number;
  to?: number;
}) {
  const ranked = rankReasons(contributions);
  const largest = Math.abs(ranked[0]?.term ?? 0) || 1;
  return (
    <table className="w-full border-collapse text-sm">
      <caption className="pb-1 text-left text-ink-muted">{caption}</caption>
      <thead>
        <tr className="text-ink-muted text-xs">
          <th scope="col" className="pr-2 text-left font-normal">
            Measurement
          </th>
          <th scope="col" className="w-[28%] pr-2 text-left font-normal leading-tight">
            Among training cases
          </th>
          <th scope="col" className="w-[30%] font-normal max-sm:hidden print:table-cell">
            <span className="flex justify-between gap-2 px-1">
              <span className="whitespace-nowrap">
                <span aria-hidden="true">← </span>
                <span className={NEGATIVE.colour}>{NEGATIVE.word}</span>
              </span>
              <span className="whitespace-nowrap">
                <span className={POSITIVE.colour}>{POSITIVE.word}</span>
                <span aria-hidden="true"> →</span>
              </span>
            </span>
          </th>
          <th scope="col" className="pl-2 text-right font-normal">
            Push
          </th>
        </tr>
      </thead>
      <tbody>
        {ranked.slice(from, to).map(({ key, index, label, term }) => (
          <tr key={key}>
            <th scope="row" className="py-0.5 pr-2 text-left font-normal leading-tight">
              {label}{" "}
              <span className="font-mono text-[0.8125rem] text-ink-muted">{String(values[index])}</span>
            </th>
            <td className="py-0.5 pr-2">
              <DistributionStrip
                distribution={distributions[index] as Distribution}
                value={values[index] as number}
                label={place(values[index] as number, distributions[index] as Distribution)}
              />
            </td>
            <td className="py-0.5 max-sm:hidden print:table-cell">
              <Bar share={term / largest} />
            </td>
            <td
              className={`whitespace-nowrap py-0.5 pl-2 text-right font-mono text-[0.8125rem] tabular-nums ${(term < 0 ? NEGATIVE : POSITIVE).colour}`}
            >
              {signed(term)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A value's place among the training cases, in words. */
function place(value: number, { min, max, positive, negative }: Distribution): string {
  if (value < min) return `below every training case (${min})`;
  if (value > max) return `above every training case (${max})`;
  const bin = Math.min(positive.length - 1, Math.floor(((value - min) / (max - min)) * positive.length));
  const share = (bins: readonly number[]) => percent(bins[bin] as number, 0);
  return `as frequent here, of the most frequent value: ${POSITIVE.word} ${share(positive)}, ${NEGATIVE.word} ${share(negative)}`;
}

/** `share` is -1..1 of half the width. */
export function Bar({ share }: { share: number }) {
  const width = Math.abs(share) * 50;
  return (
    <svg width="100%" height="16" aria-hidden="true" className="block">
      <rect
        x={`${share < 0 ? 50 - width : 50}%`}
        y="2"
        width={`${width}%`}
        height="12"
        className={share < 0 ? "fill-negative" : "fill-positive"}
      />
      <line x1="50%" x2="50%" y1="0" y2="16" className="stroke-ink-muted" />
    </svg>
  );
}
