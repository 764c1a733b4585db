"use client";

import { type ReactNode, useEffect, useId, useState } from "react";
import {
  type CutOff,
  confusionAt,
  describeCutOff,
  type PackedCases,
  type UnseenCase,
  unpackCases,
} from "@/lib/monitoring/cut-off";
import { Curve, type Frame, lineIn, Plot, placeIn } from "./plot";

/** Where the curve of a good model bends; the rest of the square holds a straight line. */
const CORNER: Frame = { x: [0, 0.2], y: [0.8, 1] };
const WHOLE: Frame = { x: [0, 1], y: [0, 1] };
const [LEAST, MOST] = [0.01, 0.99];

type Word = { word: string; colour: string };
type Props = {
  cases: PackedCases;
  /** Corners of the ROC curve of the same cases, and the area under it. */
  roc: readonly (readonly [number, number])[];
  /** How far the curves of single repeats reach: [share of false alarms, lowest, highest share found]. */
  rocBand: readonly (readonly [number, number, number])[];
  area: number;
  /** Where the slider is at first: the cut-off that is in use, which it never changes. */
  inUse: number;
  band: { from: number; to: number };
  words: { positive: Word; negative: Word };
  /** Where a case that is wrong can be looked at, before and after its row. */
  caseHref: string;
  children: ReactNode;
};

/**
 * A slider that says what another cut-off would do, in marks of one a case, on the ROC curve and in a sentence. Its children
 * say the same of some cut-offs, and are all there is to move where there is no JavaScript.
 */
export function CutOffExplorer({ cases: packed, inUse, band, words, caseHref, children, ...curve }: Props) {
  const [cases] = useState(() => unpackCases(packed));
  const [at, setAt] = useState(inUse);
  const cutOff = confusionAt(cases, at);
  const said = describeCutOff(cutOff, { positive: words.positive.word, negative: words.negative.word });
  return (
    <div className="grid gap-4">
      <Slider at={at} inUse={inUse} band={band} onMove={setAt} />
      <div className="grid gap-x-8 gap-y-6 @min-[46rem]:grid-cols-[minmax(0,1fr)_minmax(0,25rem)]">
        <div>
          <Boxes cutOff={cutOff} words={words} caseHref={caseHref} />
          <p className="mt-4 min-h-36 text-base @min-[40rem]:min-h-24">{said}</p>
          <Announcement text={at === inUse ? "" : said} />
          <p className="mt-2 text-ink-2 text-xs">
            One mark is one case, by the mean of what models said that had not been trained on it.
          </p>
        </div>
        <Roc {...curve} cutOff={cutOff} words={words} />
      </div>
      {children}
    </div>
  );
}

/** Read out once the slider rests; the sentence itself follows it at once. */
function Announcement({ text }: { text: string }) {
  const [spoken, setSpoken] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setSpoken(text), 300);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <p role="status" className="sr-only">
      {spoken}
    </p>
  );
}

/** Half the width of the slider's knob, by which its ends are within the track's. */
const KNOB = "mx-3";
const SLIDER = [
  "relative block h-control w-full appearance-none rounded-field bg-transparent forced-colors:appearance-auto",
  // The focus is around the knob: around the whole, its line would lie on the numbers below.
  "not-forced-colors:focus-visible:shadow-none not-forced-colors:focus-visible:outline-none focus-visible:[&::-moz-range-thumb]:ring-4 focus-visible:[&::-webkit-slider-thumb]:ring-4",
  "[&::-webkit-slider-runnable-track]:h-2 [&::-webkit-slider-runnable-track]:rounded [&::-webkit-slider-runnable-track]:border [&::-webkit-slider-runnable-track]:border-ink-3",
  "[&::-moz-range-track]:box-border [&::-moz-range-track]:h-2 [&::-moz-range-track]:rounded [&::-moz-range-track]:border [&::-moz-range-track]:border-ink-3",
  "[&::-webkit-slider-thumb]:-mt-2.25 [&::-webkit-slider-thumb]:size-6 [&::-webkit-slider-thumb]:appearance-none [&::-webkit-slider-thumb]:rounded-full [&::-webkit-slider-thumb]:border-3 [&::-webkit-slider-thumb]:border-surface [&::-webkit-slider-thumb]:bg-ink [&::-webkit-slider-thumb]:ring [&::-webkit-slider-thumb]:ring-ink",
  "[&::-moz-range-thumb]:box-border [&::-moz-range-thumb]:size-6 [&::-moz-range-thumb]:rounded-full [&::-moz-range-thumb]:border-3 [&::-moz-range-thumb]:border-surface [&::-moz-range-thumb]:bg-ink [&::-moz-range-thumb]:ring [&::-moz-range-thumb]:ring-ink",
].join(" ");

function Slider({
  at,
  inUse,
  band,
  onMove,
}: Pick<Props, "inUse" | "band"> & { at: number; onMove: (at: number) => void }) {
  const id = useId();
  const place = (value: number) => `${(100 * (value - LEAST)) / (MOST - LEAST)}%`;
  const marks = [
    { at: band.from, text: band.from.toFixed(3) },
    { at: inUse, text: String(inUse) },
    { at: band.to, text: band.to.toFixed(3) },
  ];
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-6 noscript:hidden">
      <div>
        <label htmlFor={id} className="sr-only">
          Cut-off
        </label>
        <div className="relative">
          <div aria-hidden="true" className={`absolute inset-x-0 top-1/2 h-2 -translate-y-1/2 ${KNOB}`}>
            <svg aria-hidden="true" className="block size-full">
              <foreignObject
                x={place(band.from)}
                width={`${(100 * (band.to - band.from)) / (MOST - LEAST)}%`}
                height="100%"
              >
                <div className="h-2 hatch-uncertain" />
              </foreignObject>
            </svg>
          </div>
          <input
            id={id}
            type="range"
            min={LEAST}
            max={MOST}
            step={0.01}
            value={at}
            onChange={({ currentTarget }) => onMove(Number(currentTarget.value))}
            aria-valuetext={at.toFixed(2)}
            className={SLIDER}
          />
        </div>
        <svg
          aria-hidden="true"
          className={`block h-5 overflow-visible text-xs ${KNOB} w-[calc(100%-1.5rem)]`}
        >
          {marks.map((mark) => (
            <text
              key={mark.at}
              x={place(mark.at)}
              y="1.1em"
              textAnchor="middle"
              className="fill-ink-2 tabular-nums"
            >
              {mark.text}
            </text>
          ))}
          <text
            x={place((band.from + inUse) / 2)}
            y="1.1em"
            textAnchor="middle"
            className="hidden fill-uncertain @min-[40rem]:block"
          >
            uncertain band
          </text>
        </svg>
      </div>
      {/* The slider says it too. */}
      <p aria-hidden="true" className="min-w-16 text-right font-medium text-title tabular-nums">
        {at.toFixed(2)}
      </p>
    </div>
  );
}

/** Wrong cases are links up to so many. */
const MOST_LINKS = 14;

function Boxes({ cutOff, words, caseHref }: { cutOff: CutOff } & Pick<Props, "words" | "caseHref">) {
  const { found, missed, alarms, leftAlone } = cutOff;
  const positives = found + missed.length;
  const negatives = leftAlone + alarms.length;
  const { positive, negative } = words;
  return (
    <div className="grid grid-cols-2 gap-px overflow-hidden rounded-field border border-line bg-line">
      <Box title={`${positive.word}, found`} count={found}>
        <Marks of={positive} isPositive count={found} most={positives} />
      </Box>
      <Box title={`${positive.word}, missed`} count={missed.length}>
        <Wrong cases={missed} of={positive} most={positives} caseHref={caseHref} />
      </Box>
      <Box title={`${negative.word}, false alarm`} count={alarms.length}>
        <Wrong cases={alarms} of={negative} most={negatives} caseHref={caseHref} />
      </Box>
      <Box title={`${negative.word}, left alone`} count={leftAlone}>
        <Marks of={negative} count={leftAlone} most={negatives} />
      </Box>
    </div>
  );
}

function Box({ title, count, children }: { title: string; count: number; children: ReactNode }) {
  return (
    <div className="grid min-w-0 content-start gap-2 bg-surface p-3">
      <h3 className="flex min-h-8 items-start justify-between gap-2 text-ink-2 text-xs">
        {title}
        <span className="font-medium text-ink text-xl tabular-nums">{count}</span>
      </h3>
      {children}
    </div>
  );
}

function Wrong({
  cases,
  of,
  most,
  caseHref,
}: {
  cases: readonly UnseenCase[];
  of: Word;
  most: number;
  caseHref: string;
}) {
  const isPositive = cases[0]?.positive ?? false;
  if (cases.length > MOST_LINKS) {
    return <Marks of={of} isPositive={isPositive} count={cases.length} most={most} />;
  }
  return (
    <ul className="flex min-h-26 flex-wrap content-start gap-1.5">
      {cases.map(({ row, probability }) => (
        <li key={row}>
          <a
            href={`${caseHref}${row}`}
            title={`Row ${row}, ${probability.toFixed(3)}`}
            className={`grid size-6 place-items-center rounded-full border-[1.5px] border-ink ${of.colour}`}
          >
            <svg aria-hidden="true" viewBox="0 0 9 9" className="size-3">
              <Mark isPositive={isPositive} />
            </svg>
            <span className="sr-only">
              Row {row}, {of.word}, {probability.toFixed(3)}
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}

const Mark = ({ isPositive }: { isPositive: boolean }) => (
  <path
    d={isPositive ? "M4.5 1 8.2 8H.8Z" : "M1 4.5a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0"}
    fill="currentColor"
  />
);

const COLUMNS = 20;
const STEP = 9;

/** A mark for each case, in rows; the box has room for `most` of them, so that nothing moves. */
function Marks({
  of,
  isPositive = false,
  count,
  most,
}: {
  of: Word;
  isPositive?: boolean;
  count: number;
  most: number;
}) {
  const id = useId();
  const full = Math.floor(count / COLUMNS);
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${COLUMNS * STEP} ${Math.ceil(most / COLUMNS) * STEP}`}
      className={`block w-full max-w-60 ${of.colour}`}
    >
      <pattern id={id} width={STEP} height={STEP} patternUnits="userSpaceOnUse">
        <Mark isPositive={isPositive} />
      </pattern>
      <rect width={COLUMNS * STEP} height={full * STEP} fill={`url(#${id})`} />
      <rect y={full * STEP} width={(count % COLUMNS) * STEP} height={STEP} fill={`url(#${id})`} />
    </svg>
  );
}

const inPercent = (share: number) => `${(100 * share).toFixed(1)} %`;

function Roc({
  roc,
  rocBand,
  area,
  cutOff,
  words,
}: Pick<Props, "roc" | "rocBand" | "area" | "words"> & { cutOff: CutOff }) {
  const { at, found, missed, alarms, leftAlone } = cutOff;
  const positives = found + missed.length;
  const negatives = leftAlone + alarms.length;
  const [x, y] = [alarms.length / negatives, found / positives];
  const dot = placeIn(CORNER)(x, y);
  // Where there is room for the words beside it.
  const label = placeIn(CORNER)(Math.min(x, 0.08), Math.max(y, 0.82));
  return (
    <Plot
      label={`ROC curve of these cases, its corner. The area under the whole curve is ${area.toFixed(4)}; the sentence says where the cut-off is on it.`}
      frame={CORNER}
      xTicks={[0, 0.05, 0.1, 0.15, 0.2].map((tick) => ({ at: tick, text: `${Math.round(100 * tick)} %` }))}
      yTicks={[0.8, 0.85, 0.9, 0.95, 1].map((tick) => ({ at: tick, text: `${Math.round(100 * tick)} %` }))}
      xName={`false alarms, of ${negatives} ${words.negative.word}`}
      yName={`found, of ${positives} ${words.positive.word}`}
    >
      <Curve
        d={lineIn(CORNER, [
          ...rocBand.map(([share, , highest]) => [share, highest] as const),
          ...rocBand.map(([share, lowest]) => [share, lowest] as const).reverse(),
        ])}
        className="fill-line forced-colors:hidden"
      />
      <Curve d={lineIn(CORNER, inFrame(roc))} className="fill-none stroke-[2.25] stroke-ink" />
      <circle cx={dot.x} cy={dot.y} r={7} className="fill-ink stroke-2 stroke-surface" />
      <text x={label.x} y={label.y} dy="2em" className="fill-ink font-semibold">
        <tspan dx="1.2em">cut-off {at.toFixed(2)}</tspan>
      </text>
      <text x={label.x} y={label.y} dy="3.3em" className="fill-ink">
        <tspan dx="1.2em">
          finds {inPercent(y)}, false alarms {inPercent(x)}
        </tspan>
      </text>
      <svg aria-hidden="true" x="70%" y="60%" width="7.6em" height="7.6em" overflow="visible">
        <rect width="100%" height="100%" className="fill-surface stroke-ink-3" />
        <rect width="20%" height="20%" className="fill-none stroke-ink-3" />
        <Curve d={lineIn(WHOLE, roc)} className="fill-none stroke-[1.5] stroke-ink" />
        <text dx="-0.7em" y="6em" textAnchor="end" className="fill-ink-2">
          whole curve,
        </text>
        <text dx="-0.7em" y="7.3em" textAnchor="end" className="fill-ink-2">
          area {area.toFixed(4)}
        </text>
      </svg>
    </Plot>
  );
}

/** The corners within the frame, and the end at its right edge; those below it are put on its edge. */
function inFrame(roc: Props["roc"]): (readonly [number, number])[] {
  const shown = roc.filter(([x]) => x <= CORNER.x[1]);
  return [...shown, [CORNER.x[1], shown.at(-1)?.[1] ?? 1]];
}
