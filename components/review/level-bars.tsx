import { valueText } from "@/lib/prediction/value";
import { NEGATIVE, POSITIVE } from "@/lib/prediction/words";
import type { Distribution } from "@/lib/review/review";
import type { Feature } from "@/tables/current";

/** More are in no need of being seen at once. */
const MOST = 8;

const percentOf = (share: number) => `${(100 * share).toFixed(0)} %`;

/**
 * Which share of each class's training cases has each level, the case's own in bold: positive ones as the upper bar,
 * negative ones as the lower. Of many levels the commonest, and the case's.
 */
export function LevelBars({
  distribution: { positive, negative },
  feature,
  value,
}: {
  /** By level, what is not known last. */
  distribution: Distribution;
  feature: Feature;
  value: number;
}) {
  const own = Number.isNaN(value) ? feature.levels.length : value;
  const all = positive.map((share, place) => ({ place, positive: share, negative: negative[place] ?? 0 }));
  const commonest = all.toSorted((a, b) => b.positive + b.negative - a.positive - a.negative);
  const shown = all.filter((one) => one.place === own || commonest.indexOf(one) < MOST);
  const largest = Math.max(...positive, ...negative) || 1;
  return (
    <div className="text-xs">
      <ul className="grid gap-1">
        {shown.map(({ place, positive: above, negative: below }) => (
          <li
            key={place}
            aria-current={place === own ? "true" : undefined}
            className={`grid grid-cols-[minmax(0,9rem)_minmax(0,1fr)_auto] items-center gap-2.5 ${place === own ? "font-semibold" : "text-ink-2"}`}
          >
            <span className="break-words leading-tight">
              {valueText(feature, place < feature.levels.length ? place : Number.NaN)}
            </span>
            <svg width="100%" height="13" aria-hidden="true" className="block">
              <rect width={`${(100 * above) / largest}%`} height="6" rx="1" className="fill-positive" />
              <rect width={`${(100 * below) / largest}%`} y="7" height="6" rx="1" className="fill-negative" />
            </svg>
            <span className="min-w-22 text-right font-normal tabular-nums">
              <span className={POSITIVE.colour}>
                {percentOf(above)}
                <span className="sr-only"> of {POSITIVE.word}</span>
              </span>
              {" · "}
              <span className={NEGATIVE.colour}>
                {percentOf(below)}
                <span className="sr-only"> of {NEGATIVE.word}</span>
              </span>
            </span>
          </li>
        ))}
      </ul>
      {shown.length < all.length && (
        <p className="pt-1 text-ink-2">
          {all.length - shown.length} rarer {all.length - shown.length === 1 ? "choice is" : "choices are"}{" "}
          not shown.
        </p>
      )}
    </div>
  );
}
