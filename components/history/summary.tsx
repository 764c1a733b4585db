import { Shape } from "@/components/ui/shape";
import type { Label, UncertainBand } from "@/lib/contract";
import { type HistoryQuery, historyHref } from "@/lib/history/query";
import { ANSWER_VIEWS } from "@/lib/history/views";
import {
  AXIS,
  type Bar,
  BINS,
  barsOf,
  countAsked,
  type Dot,
  dotsOf,
  placeOf,
  type Tally,
} from "@/lib/prediction/tally";
import { answerOf, capitalised, POSITIVE } from "@/lib/prediction/words";
import { BandPattern } from "./probability-bar";

/** What the filters show, at a glance: how many of each answer, and where their probabilities lie. */
export function Summary({
  query,
  tally,
  band,
}: {
  query: HistoryQuery;
  tally: Tally;
  band: UncertainBand | null;
}) {
  return (
    <section
      aria-label="Summary"
      className="grid grid-cols-[minmax(0,1fr)] items-center gap-x-7 gap-y-3 rounded-card border border-line bg-surface px-4 pt-3 pb-2 sm:px-5 min-[67.5rem]:grid-cols-[auto_minmax(0,1fr)] print:hidden"
    >
      <ul className="flex flex-wrap gap-x-5 gap-y-2 max-sm:justify-between">
        {ANSWER_VIEWS.map((labels) => (
          <li key={labels.join()}>
            <Count query={query} tally={tally} labels={labels} />
          </li>
        ))}
      </ul>
      <Axis tally={tally} band={band} />
    </section>
  );
}

function Count({ query, tally, labels }: { query: HistoryQuery; tally: Tally; labels: readonly Label[] }) {
  const { word, shape, colour } = answerOf(labels[0] as Label);
  const count = countAsked(tally, { labels, outcome: null });
  return (
    <a
      href={historyHref(query, { filters: { ...query.filters, labels }, cursor: null })}
      className="group grid"
      aria-label={`${count.toLocaleString("en")}${tally.exact ? "" : " or more"} ${word}`}
    >
      <span className="font-medium text-xl">
        {count.toLocaleString("en")}
        {!tally.exact && "+"}
      </span>
      <span
        className={`${colour} inline-flex items-baseline gap-[0.4em] whitespace-nowrap font-medium decoration-1 underline-offset-4 group-hover:underline`}
      >
        <Shape shape={shape} />
        {capitalised(word)}
      </span>
    </a>
  );
}

const percent = (share: number) => `${Math.round(share * 10_000) / 100}%`;
const middleOf = (bin: number) => percent((bin + 0.5) / BINS);

/** Labels of the axis; a phone has room for the first. */
const TICKS = [
  { at: 0.001 },
  { at: 0.5 },
  { at: 0.999 },
  { at: 0.01, isSecond: true },
  { at: 0.9, isSecond: true },
  { at: 0.99, isSecond: true },
];
const BASE = 40;
const HEIGHT = 36;

function Axis({ tally, band }: { tally: Tally; band: UncertainBand | null }) {
  const dots = dotsOf(tally);
  const count = countAsked(tally, { labels: [], outcome: null });
  const shown = `${count.toLocaleString("en")} ${tally.exact ? "" : "latest "}predictions`;
  const between =
    band === null ? "" : `; the model is uncertain from ${band.from.toFixed(3)} to ${band.to.toFixed(3)}`;
  return (
    <div className="px-2">
      <svg
        role="img"
        aria-label={`Probability of ${POSITIVE.word} of ${shown}, on a scale of log-odds from ${AXIS.from} to ${AXIS.to}${between}.`}
        width="100%"
        className="block h-[calc(40px+1.25rem)] overflow-visible text-xs"
      >
        <BandPattern />
        {band !== null && (
          <rect
            x={percent(placeOf(band.from))}
            width={percent(placeOf(band.to) - placeOf(band.from))}
            y={BASE - HEIGHT}
            height={HEIGHT}
            fill="url(#band)"
            opacity={0.35}
          />
        )}
        <line x1="0" x2="100%" y1={BASE} y2={BASE} className="stroke-ink-3" />
        {dots === null ? (
          <Histogram bars={barsOf(tally)} />
        ) : (
          dots.map((dot) => <Mark key={`${dot.bin} ${dot.above}`} {...dot} />)
        )}
        {TICKS.map(({ at, isSecond }) => (
          <text
            key={at}
            x={percent(placeOf(at))}
            y={BASE}
            dy="1.33em"
            textAnchor="middle"
            className={`fill-ink-2 ${isSecond ? "max-sm:hidden" : ""}`}
          >
            {at}
          </text>
        ))}
      </svg>
    </div>
  );
}

/** Around the middle, 11 pixels across. */
const MARKS: Record<string, string> = {
  "▲": "M0-5 5.5 5H-5.5Z",
  "●": "M0-5A5 5 0 1 1 0 5 5 5 0 1 1 0-5Z",
  "◆": "M0-5.5 5.5 0 0 5.5-5.5 0Z",
  "○": "M0-5A5 5 0 1 1 0 5 5 5 0 1 1 0-5ZM0-2.5A2.5 2.5 0 1 0 0 2.5 2.5 2.5 0 1 0 0-2.5Z",
};

const FILLS: Record<string, string> = {
  "text-positive": "fill-positive",
  "text-negative": "fill-negative",
  "text-uncertain": "fill-uncertain",
  "text-ink-2": "fill-ink-2",
};

function Mark({ answer, bin, above }: Dot) {
  const { shape, colour } = answerOf(answer);
  return (
    <svg aria-hidden="true" x={middleOf(bin)} y={BASE - 6.5 - above * 12} overflow="visible">
      <path d={MARKS[shape]} className={FILLS[colour]} />
    </svg>
  );
}

/**
 * The histogram as one path for each answer: as a rectangle for each part of a bar it was two kilobytes. The parts
 * of a bar stand one above the other, in the proportion of their counts.
 */
function Histogram({ bars }: { bars: readonly Bar[] }) {
  const paths = new Map<Label, string>();
  for (const { bin, height, parts } of bars) {
    const count = parts.reduce((sum, part) => sum + part.count, 0);
    let top = HEIGHT;
    for (const part of parts) {
      const size = (part.count / count) * Math.max(2, height * HEIGHT);
      top -= size;
      const box = `M${bin} ${hundredths(top)}h.85v${hundredths(size)}h-.85z`;
      paths.set(part.answer, (paths.get(part.answer) ?? "") + box);
    }
  }
  return (
    <svg
      aria-hidden="true"
      x="0"
      y={BASE - HEIGHT}
      width="100%"
      height={HEIGHT}
      viewBox={`0 0 ${BINS} ${HEIGHT}`}
      preserveAspectRatio="none"
    >
      {[...paths].map(([answer, path]) => (
        <path key={answer} d={path} className={FILLS[answerOf(answer).colour]} />
      ))}
    </svg>
  );
}

const hundredths = (length: number) => Math.round(length * 100) / 100;
