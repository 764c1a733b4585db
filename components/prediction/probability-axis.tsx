import type { Label, UncertainBand } from "@/lib/contract";
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
import { answerOf, POSITIVE } from "@/lib/prediction/words";

/** The hatching of the uncertain band in drawings, once in a page. */
export function BandPattern() {
  return (
    <pattern id="band" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <path d="M1 0V5" className="stroke-[1.5] stroke-uncertain" />
    </pattern>
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

/** Heights of the drawing above the axis, in pixels: a list's summary, and a card of its own. */
const HEIGHTS = { low: 36, tall: 196 } as const;
const ROOM = { low: "h-[calc(40px+1.25rem)]", tall: "h-[calc(216px+1.25rem)]" } as const;
const ABOVE = { low: 4, tall: 20 } as const;

/** Over which number a bar says it, where there is room. */
const SAID = 20;

/**
 * Where the probabilities of a list lie, as dots or, where they are many, bars; `size` "tall" is bars with their numbers.
 * `what` names them: "predictions", "rows".
 */
export function ProbabilityAxis({
  tally,
  band,
  size = "low",
  what = "predictions",
}: {
  tally: Tally;
  band: UncertainBand | null;
  size?: keyof typeof HEIGHTS;
  what?: string;
}) {
  const dots = size === "low" ? dotsOf(tally) : null;
  const height = HEIGHTS[size];
  const base = height + ABOVE[size];
  const count = countAsked(tally, { labels: [], outcome: null });
  const shown = `${count.toLocaleString("en")} ${tally.exact ? "" : "latest "}${what}`;
  const between =
    band === null ? "" : `; the model is uncertain from ${band.from.toFixed(3)} to ${band.to.toFixed(3)}`;
  return (
    <svg
      role="img"
      aria-label={`Probability of ${POSITIVE.word} of ${shown}, on a scale of log-odds from ${AXIS.from} to ${AXIS.to}${between}.`}
      width="100%"
      className={`block overflow-visible text-xs ${ROOM[size]}`}
    >
      <BandPattern />
      {band !== null && (
        <rect
          x={percent(placeOf(band.from))}
          width={percent(placeOf(band.to) - placeOf(band.from))}
          y={base - height}
          height={height}
          fill="url(#band)"
          opacity={0.35}
        />
      )}
      <line x1="0" x2="100%" y1={base} y2={base} className="stroke-ink-3" />
      {dots === null ? (
        <Histogram bars={barsOf(tally)} base={base} height={height} isSaid={size === "tall"} />
      ) : (
        dots.map((dot) => <Mark key={`${dot.bin} ${dot.above}`} {...dot} base={base} />)
      )}
      {TICKS.map(({ at, isSecond }) => (
        <text
          key={at}
          x={percent(placeOf(at))}
          y={base}
          dy="1.33em"
          textAnchor="middle"
          className={`fill-ink-2 ${isSecond ? "max-sm:hidden" : ""}`}
        >
          {at}
        </text>
      ))}
    </svg>
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

function Mark({ answer, bin, above, base }: Dot & { base: number }) {
  const { shape, colour } = answerOf(answer);
  return (
    <svg aria-hidden="true" x={middleOf(bin)} y={base - 6.5 - above * 12} overflow="visible">
      <path d={MARKS[shape]} className={FILLS[colour]} />
    </svg>
  );
}

/**
 * The histogram as one path for each answer: as a rectangle for each part of a bar it was two kilobytes. The parts
 * of a bar stand one above the other, in the proportion of their counts. `isSaid`: tall bars have their number above.
 */
function Histogram({
  bars,
  base,
  height: room,
  isSaid,
}: {
  bars: readonly Bar[];
  base: number;
  height: number;
  isSaid: boolean;
}) {
  const paths = new Map<Label, string>();
  const counted = bars.map((bar) => ({
    ...bar,
    count: bar.parts.reduce((sum, part) => sum + part.count, 0),
  }));
  for (const { bin, height, parts, count } of counted) {
    let top = room;
    for (const part of parts) {
      const size = (part.count / count) * Math.max(2, height * room);
      top -= size;
      const box = `M${bin} ${hundredths(top)}h.85v${hundredths(size)}h-.85z`;
      paths.set(part.answer, (paths.get(part.answer) ?? "") + box);
    }
  }
  return (
    <>
      <svg
        aria-hidden="true"
        x="0"
        y={base - room}
        width="100%"
        height={room}
        viewBox={`0 0 ${BINS} ${room}`}
        preserveAspectRatio="none"
      >
        {[...paths].map(([answer, path]) => (
          <path key={answer} d={path} className={FILLS[answerOf(answer).colour]} />
        ))}
      </svg>
      {isSaid &&
        labelled(counted).map(({ bin, height, count }) => (
          <text
            key={bin}
            x={middleOf(bin)}
            y={hundredths(base - Math.max(2, height * room))}
            dy="-0.4em"
            textAnchor={bin === 0 ? "start" : bin === BINS - 1 ? "end" : "middle"}
            className="fill-ink-2"
          >
            {count.toLocaleString("en")}
          </text>
        ))}
    </>
  );
}

/** Bins that a number covers on either side. */
const COVERED = 5;

/** The bars whose number is said: the largest first, each where no other number is near. */
function labelled<B extends { bin: number; count: number }>(bars: readonly B[]): B[] {
  const said: B[] = [];
  for (const bar of bars.toSorted((a, b) => b.count - a.count)) {
    if (bar.count <= SAID) break;
    if (said.every(({ bin }) => Math.abs(bin - bar.bin) > COVERED)) said.push(bar);
  }
  return said;
}

const hundredths = (length: number) => Math.round(length * 100) / 100;
