"use client";

import { type KeyboardEvent, type PointerEvent, useRef, useState, useSyncExternalStore } from "react";
import { formatProbability } from "@/components/prediction/diagnosis";
import type { UncertainBand } from "@/lib/contract";
import { answerOf, NEGATIVE, POSITIVE } from "@/lib/prediction/words";
import { axisOf, crossingNear, placeOf, pointAt, valueTicks } from "@/lib/review/curve";
import type { CurvePoint, WhatIf } from "@/lib/review/review";
import type { Feature } from "@/tables/current";

const HEIGHT = 250;
/** Above the plot the crossing's label, below it the values and the rugs. */
const EDGE = { top: 24, bottom: 52 };
const RUG = { first: 26, height: 7, apart: 9 };

const percent = (share: number) => `${(100 * share).toFixed(3)}%`;
const isKnown = ([value]: CurvePoint) => !Number.isNaN(value);
const noChange = () => () => {};

/**
 * The probability along one measurement: a handle on the curve of the values tried, a ring for the saved value, what the model
 * does not answer alone hatched, and below it the training cases as short lines. The handle moves from point to point of
 * the curve, each of which the model answered.
 */
export function WhatIfPlot({
  answer: { curve: points, savedCurve: savedPoints, isLog, training },
  feature,
  tried,
  saved,
  threshold,
  uncertain,
  onMove,
}: {
  answer: WhatIf;
  feature: Feature;
  tried: CurvePoint;
  saved: number;
  threshold: number | null;
  uncertain: UncertainBand | null;
  onMove: (value: number) => void;
}) {
  const plot = useRef<SVGSVGElement>(null);
  const [isDragged, setDragged] = useState(false);
  // Without its script the handle is a mark.
  const isLive = useSyncExternalStore(
    noChange,
    () => true,
    () => false,
  );
  const curve = points.filter(isKnown);
  const savedCurve = savedPoints?.filter(isKnown) ?? null;
  const axis = axisOf({ curve, isLog });
  const x = (value: number) => percent(placeOf(axis, value));
  const y = (probability: number) => percent(1 - probability);
  const ring = (savedCurve ?? curve).find(([value]) => value === saved);
  const [value, probability, said] = tried;
  const crossing = threshold === null ? null : crossingNear(curve, threshold, value);
  const text = formatProbability(probability, threshold);
  const isLeft = placeOf(axis, value) > 0.5;
  const isRing = ring !== undefined && (value !== saved || savedCurve !== null);

  const moveTo = (place: number) => {
    const point = pointAt(curve, axis, place);
    if (point !== undefined && point[0] !== value) onMove(point[0]);
  };
  const drag = ({ clientX }: PointerEvent) => {
    const box = plot.current?.getBoundingClientRect();
    if (box !== undefined) moveTo((clientX - box.left) / box.width);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = placeOf(axis, value);
    const places: Partial<Record<string, number>> = {
      ArrowRight: at + 0.01,
      ArrowUp: at + 0.01,
      ArrowLeft: at - 0.01,
      ArrowDown: at - 0.01,
      PageUp: at + 0.1,
      PageDown: at - 0.1,
      Home: 0,
      End: 1,
      Escape: placeOf(axis, saved),
    };
    const place = places[event.key];
    if (place === undefined) return;
    event.preventDefault();
    if (event.key === "Escape") onMove(saved);
    else moveTo(place);
  };

  return (
    <div className="relative ml-6">
      <svg
        role="img"
        aria-label={describeCurve(curve, feature, tried, threshold, crossing)}
        width="100%"
        height={HEIGHT + EDGE.top + EDGE.bottom}
        className="block overflow-visible text-xs"
      >
        <svg aria-hidden="true" y={EDGE.top} width="100%" height={HEIGHT} className="overflow-visible">
          <Outside feature={feature} x={x} axis={axis} />
          {uncertain !== null && <Band {...uncertain} y={y} />}
          {[0, 0.5, 1].map((tick) => (
            <g key={tick}>
              <line
                x1="0"
                x2="100%"
                y1={y(tick)}
                y2={y(tick)}
                className={tick === threshold ? "stroke-ink-3" : "stroke-line"}
              />
              <text x="-8" y={y(tick)} dy="4" textAnchor="end" className="fill-ink-2">
                {tick}
              </text>
            </g>
          ))}
          {crossing !== null && <CrossingLine {...crossing} at={placeOf(axis, crossing.value)} />}
          {savedCurve !== null && <Line curve={savedCurve} axis={axis} className="stroke-ink-3" />}
          <Line curve={curve} axis={axis} className="stroke-[2.5] stroke-ink" />
          {isRing && (
            <circle cx={x(ring[0])} cy={y(ring[1])} r="6" className="fill-surface stroke-2 stroke-ink-2" />
          )}
          <text
            x={x(value)}
            y={y(probability)}
            dx={isLeft ? -16 : 16}
            dy={probability > 0.9 ? 18 : -10}
            textAnchor={isLeft ? "end" : "start"}
            className="fill-ink stroke-4 stroke-surface [paint-order:stroke]"
          >
            <tspan className="font-semibold">{text}</tspan>
            <tspan className="max-sm:hidden">
              {" "}
              at {value}
              {value === saved && savedCurve === null && ", as saved"}
            </tspan>
          </text>
        </svg>
        <svg
          aria-hidden="true"
          y={EDGE.top + HEIGHT}
          width="100%"
          height={EDGE.bottom}
          className="overflow-visible"
        >
          {thin(valueTicks(axis), (tick) => placeOf(axis, tick)).map(({ tick, isMajor }) => (
            <text
              key={tick}
              x={x(tick)}
              y="18"
              textAnchor="middle"
              className={`fill-ink-2 ${isMajor ? "" : "max-sm:hidden"}`}
            >
              {tick}
            </text>
          ))}
          <Rug values={training.positive} axis={axis} y={RUG.first} className="stroke-positive" />
          <Rug values={training.negative} axis={axis} y={RUG.first + RUG.apart} className="stroke-negative" />
        </svg>
      </svg>
      {/* Apart from the picture, whose parts are heard as one. */}
      <svg
        ref={plot}
        width="100%"
        height={HEIGHT}
        className="absolute inset-x-0 top-6 touch-pan-y overflow-visible"
        onPointerDown={(event) => {
          if (!isLive || event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          setDragged(true);
          drag(event);
        }}
        onPointerMove={(event) => isDragged && drag(event)}
        onPointerUp={() => setDragged(false)}
        onPointerCancel={() => setDragged(false)}
      >
        <title>Where its value is</title>
        <rect width="100%" height="100%" className="fill-transparent" />
        <g
          className={isDragged ? "cursor-grabbing" : "cursor-grab"}
          {...(isLive && {
            role: "slider",
            tabIndex: 0,
            "aria-label": `${feature.label}, on the curve`,
            "aria-valuemin": axis.from,
            "aria-valuemax": axis.to,
            "aria-valuenow": value,
            "aria-valuetext": `${value}, probability ${text}, ${answerOf(said).word}`,
            onKeyDown,
          })}
        >
          <circle cx={x(value)} cy={y(probability)} r="22" className="fill-transparent" />
          <circle cx={x(value)} cy={y(probability)} r="10" className="fill-surface stroke-2 stroke-ink" />
          <circle cx={x(value)} cy={y(probability)} r="5" className="fill-ink" />
        </g>
      </svg>
    </div>
  );
}

/** In words: both ends, the value tried, and where the answer turns. */
function describeCurve(
  curve: readonly CurvePoint[],
  { label }: Feature,
  [value, probability]: CurvePoint,
  threshold: number | null,
  crossing: ReturnType<typeof crossingNear>,
): string {
  const [first, last] = [curve[0], curve.at(-1)];
  if (first === undefined || last === undefined) return "";
  const turns = crossing === null ? "" : ` ${crossingText(crossing)}.`;
  return `Probability of ${POSITIVE.word} along ${label}: ${formatProbability(first[1])} at ${first[0]}, ${formatProbability(last[1])} at ${last[0]}; ${formatProbability(probability, threshold)} at ${value}.${turns}`;
}

const crossingText = ({ value, isRising }: NonNullable<ReturnType<typeof crossingNear>>) =>
  `${(isRising ? POSITIVE : NEGATIVE).word} from ${Number(value.toPrecision(3))}`;

function CrossingLine({ at, ...crossing }: NonNullable<ReturnType<typeof crossingNear>> & { at: number }) {
  const { colour, shape } = crossing.isRising ? POSITIVE : NEGATIVE;
  const isLeft = at > 0.6;
  return (
    <>
      <line x1={percent(at)} x2={percent(at)} y1="0" y2="100%" className="stroke-ink-3" />
      <text
        x={percent(at)}
        dx={isLeft ? -6 : 6}
        y="-8"
        textAnchor={isLeft ? "end" : "start"}
        className={`fill-current font-semibold ${colour}`}
      >
        {shape} {crossingText(crossing)}
      </text>
    </>
  );
}

/** The probabilities between which the model does not answer alone. */
function Band({ from, to, y }: { from: number; to: number; y: (probability: number) => string }) {
  return (
    <foreignObject x="0" y={y(to)} width="100%" height={percent(to - from)} className="opacity-30">
      <div className="hatch-uncertain size-full" />
    </foreignObject>
  );
}

/** What lies beyond the training cases, where nothing supports the curve. */
function Outside({
  feature: { range },
  x,
  axis,
}: {
  feature: Feature;
  x: (value: number) => string;
  axis: ReturnType<typeof axisOf>;
}) {
  const width = (from: number, to: number) => percent(placeOf(axis, to) - placeOf(axis, from));
  return (
    <>
      {axis.from < range.min && (
        <rect x="0" y="0" width={width(axis.from, range.min)} height="100%" className="fill-line" />
      )}
      {axis.to > range.max && (
        <rect x={x(range.max)} y="0" width={width(range.max, axis.to)} height="100%" className="fill-line" />
      )}
    </>
  );
}

function Line({
  curve,
  axis,
  className,
}: {
  curve: readonly CurvePoint[];
  axis: ReturnType<typeof axisOf>;
  className: string;
}) {
  const points = curve.map(
    ([value, probability]) =>
      `${Math.round(1000 * placeOf(axis, value))} ${Math.round(1000 * (1 - probability))}`,
  );
  return (
    <svg aria-hidden="true" viewBox="0 0 1000 1000" preserveAspectRatio="none" className="overflow-visible">
      <path
        d={`M${points.join("L")}`}
        vectorEffect="non-scaling-stroke"
        strokeLinejoin="round"
        className={`fill-none ${className}`}
      />
    </svg>
  );
}

/** A short line for each training case. */
function Rug({
  values,
  axis,
  y,
  className,
}: {
  values: readonly number[];
  axis: ReturnType<typeof axisOf>;
  y: number;
  className: string;
}) {
  const places = [...new Set(values.map((value) => Math.round(1000 * placeOf(axis, value))))];
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 1000 1"
      preserveAspectRatio="none"
      y={y}
      height={RUG.height}
      className="overflow-visible"
    >
      <path
        d={places.map((place) => `M${place} 0v1`).join("")}
        vectorEffect="non-scaling-stroke"
        className={`opacity-60 ${className}`}
      />
    </svg>
  );
}

/** Labels far enough apart to be read, and which of them on a narrow screen too. */
function thin(
  ticks: readonly number[],
  place: (tick: number) => number,
): { tick: number; isMajor: boolean }[] {
  let [last, lastMajor] = [-1, -1];
  return ticks.flatMap((tick) => {
    const at = place(tick);
    if (at - last < 1 / 14) return [];
    last = at;
    const isMajor = at - lastMajor >= 1 / 7;
    if (isMajor) lastMajor = at;
    return [{ tick, isMajor }];
  });
}
