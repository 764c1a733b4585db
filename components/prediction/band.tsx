import { Shape } from "@/components/ui/shape";
import type { Band } from "@/lib/contract";
import { percent } from "@/lib/format";
import { NEGATIVE, POSITIVE } from "@/lib/prediction/words";
import { formatLimit } from "./diagnosis";

/** "0.062 to 0.5", "less than 0.01", "0.833 or more" */
function between({ from, to }: Band): string {
  if (from === 0) return `less than ${formatLimit(to)}`;
  return to > 1 ? `${formatLimit(from)} or more` : `${formatLimit(from)} to ${formatLimit(to)}`;
}

/** How unseen cases with such a probability turned out; `isAmong`: this case is one of them. */
export function BandSentence({ band, isAmong }: { band: Band; isAmong: boolean }) {
  const { cases, positives, low, high } = band;
  return (
    <p className="text-base">
      Of the <strong className="font-semibold">{cases === 1 ? "one case" : `${cases} cases`}</strong> that got{" "}
      {between(band)} when unseen{isAmong && ", this one among them"},{" "}
      <strong className="font-semibold">{positives === 0 ? "none" : positives}</strong>{" "}
      {positives === 1 ? "was" : "were"} {POSITIVE.word}{" "}
      <span className="whitespace-nowrap text-ink-2 text-sm">
        (95 % interval {percent(low)} to {percent(high)})
      </span>
      .
    </p>
  );
}

/** Fewer say less than their sentence, more are no longer counted by eye. */
export const hasDots = (band: Band | null): band is Band =>
  band !== null && band.cases >= 10 && band.cases <= 100;

/** A mark for each such case, positive ones first. */
export function BandDots({ band }: { band: Band }) {
  const marks = Array.from({ length: band.cases }, (_, at) => ({
    at,
    ...(at < band.positives ? POSITIVE : NEGATIVE),
  }));
  return (
    <>
      <p className="flex flex-wrap gap-1.5" aria-hidden="true">
        {marks.map(({ at, shape, colour }) => (
          <Shape key={at} shape={shape} className={`size-3.5! ${colour}`} />
        ))}
      </p>
      <p className="mt-2 text-ink-2 text-xs">
        Each mark is one of the {band.cases} cases to which models that had not seen them gave {between(band)}
        .
      </p>
    </>
  );
}
