"use client";

import { useEffect, useId, useState } from "react";
import { DiagnosisMark, formatProbability } from "@/components/prediction/diagnosis";
import { MeasurementOptions } from "@/components/prediction/measurement-options";
import { Button } from "@/components/ui/button";
import { keepInTab, keptInTab } from "@/components/ui/in-tab";
import { type Refusal, RefusalNotice, refusalOf } from "@/components/ui/refusal";
import type { SavedPrediction } from "@/lib/contract";
import { parseMeasurement } from "@/lib/prediction/measurement-text";
import { rankMeasurements } from "@/lib/prediction/reasons";
import { POSITIVE } from "@/lib/prediction/words";
import type { Result } from "@/lib/result";
import type { WhatIf as Answer, CurvePoint, WhatIfQuestion } from "@/lib/review/review";
import { FEATURES, type Feature } from "@/tables/current";

type Props = {
  saved: Pick<
    SavedPrediction,
    "id" | "values" | "diagnosis" | "label" | "probability" | "threshold" | "contributions"
  >;
  ask: (question: WhatIfQuestion) => Promise<Result<Answer, { message: string }>>;
};

/** A value that is still being moved is asked for when it has rested this long. */
const REST_MS = 200;

/** Tries other values on the saved case: the curve of one measurement, and the answer beside the saved one. Saves nothing. */
export function WhatIf({ saved, ask }: Props) {
  const [strongest] = rankMeasurements(saved.contributions ?? []);
  const [index, setIndex] = useState(strongest?.index ?? 0);
  const [values, setValues] = useState(saved.values);
  const [text, setText] = useState<string | null>(null);
  const [answer, setAnswer] = useState<{ of: readonly number[]; index: number; value: Answer } | null>(null);
  const [problem, setProblem] = useState<string | Refusal | null>(null);
  const [attempt, setAttempt] = useState(0);
  const id = useId();
  const before = saved.values[index];
  const place = `what-if-${saved.id}`;

  // What was asked when the page had to be loaded again.
  useEffect(() => {
    const { index, values } = keptInTab(place) ?? {};
    keepInTab(place, null);
    const numbers = Array.isArray(values) ? values.filter((value) => typeof value === "number") : [];
    if (numbers.length !== FEATURES.length) return;
    setValues(numbers);
    setIndex(FEATURES.find((feature) => feature.index === index)?.index ?? 0);
  }, [place]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` asks again for the same values.
  useEffect(() => {
    let dropped = false;
    const timer = setTimeout(async () => {
      const result = await ask({ values: [...values], index, saved: saved.values }).catch(refusalOf);
      if (dropped) return;
      if ("why" in result) {
        keepInTab(place, { index, values });
        setProblem(result);
        return;
      }
      setProblem(result.ok ? null : result.error.message);
      if (result.ok) setAnswer({ of: values, index, value: result.value });
    }, REST_MS);
    return () => {
      dropped = true;
      clearTimeout(timer);
    };
  }, [ask, values, index, saved.values, attempt, place]);

  const feature = FEATURES[index];
  const value = values[index];
  if (feature === undefined || value === undefined || before === undefined) return null;
  const typed = text === null ? null : parseMeasurement(text, feature, null);
  const wrong = typed !== null && !typed.ok ? typed.error : null;
  const changed = FEATURES.filter((other) => values[other.index] !== saved.values[other.index]);
  const isCurrent = answer?.of === values;
  const { min, max } = feature.range;
  const isOutside = value < min || value > max;

  const change = (next: number) => setValues(values.with(index, next));
  const reset = (which: readonly number[]) => {
    setText(null);
    setValues(values.map((present, i) => (which.includes(i) ? (saved.values[i] ?? present) : present)));
  };

  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-end gap-x-4 gap-y-2">
        <label className="grid gap-0.5 text-sm">
          Measurement
          <select
            value={feature.key}
            onChange={(event) => {
              setText(null);
              setIndex(FEATURES.findIndex(({ key }) => key === event.target.value));
            }}
            className="min-h-8 rounded-field border border-ink-3 bg-surface px-2"
          >
            <MeasurementOptions />
          </select>
        </label>
        <label className="grid gap-0.5 text-sm">
          Value
          <input
            type="text"
            inputMode="decimal"
            autoComplete="off"
            value={text ?? String(value)}
            aria-invalid={wrong !== null}
            aria-describedby={`${id}-note`}
            onChange={(event) => {
              setText(event.target.value);
              const parsed = parseMeasurement(event.target.value, feature, null);
              if (parsed.ok) change(parsed.value);
            }}
            onBlur={() => wrong === null && setText(null)}
            className="min-h-8 w-28 rounded-field border border-ink-3 bg-surface px-2 text-right font-mono text-sm"
          />
        </label>
        <p id={`${id}-note`} className={`basis-full text-sm ${wrong === null ? "text-ink-2" : "text-ink"}`}>
          {wrong === null ? `Saved: ${before}. Training cases: ${min} to ${max}.` : `✕ ${wrong}`}
          {wrong === null && isOutside && (
            <strong className="block font-semibold text-ink">⚠ {value} is outside the training cases.</strong>
          )}
        </p>
      </div>
      <input
        type="range"
        aria-label={`${feature.label}, from ${min} to ${max}`}
        min={0}
        max={STEPS}
        value={Math.round(((value - min) / (max - min)) * STEPS)}
        aria-valuetext={String(value)}
        onChange={(event) => {
          setText(null);
          change(Number((min + ((max - min) * Number(event.target.value)) / STEPS).toPrecision(4)));
        }}
        className="w-full accent-[var(--ink)]"
      />
      {answer?.index === index ? (
        <Curve
          {...answer.value}
          threshold={saved.threshold}
          tried={{ value: answer.of[index] ?? value, probability: answer.value.probability }}
          saved={before}
          feature={feature}
        />
      ) : (
        <div className="aspect-[32/15] w-full" aria-hidden="true" />
      )}
      {changed.some((other) => other.index !== index) && (
        <p className="text-ink-2 text-sm">
          Other measurements are changed too. The thin curve with the ring is the saved case's.
        </p>
      )}
      {(isOutside || before < min || before > max) && (
        <p className="text-ink-2 text-sm">
          Shaded: outside the training cases, where nothing supports the curve.
        </p>
      )}
      <div aria-live="polite" aria-busy={!isCurrent && problem === null} className="grid gap-1">
        {problem !== null && typeof problem !== "string" ? (
          <>
            <RefusalNotice refusal={problem} kept="values" />
            {(problem.why === "unanswered" || problem.why === "failed") && (
              <p>
                <Button onClick={() => setAttempt(attempt + 1)}>Try again</Button>
              </p>
            )}
          </>
        ) : problem !== null ? (
          <p className="text-ink">
            ✕ {problem} <Button onClick={() => setAttempt(attempt + 1)}>Try again</Button>
          </p>
        ) : (
          <p className="flex flex-wrap items-baseline gap-x-3">
            <span>With these values:</span>
            {answer === null || !isCurrent ? (
              "asking the model…"
            ) : (
              <>
                <DiagnosisMark diagnosis={answer.value.diagnosis} label={answer.value.label} />
                <span className="tabular-nums">
                  {formatProbability(answer.value.probability, saved.threshold)}
                </span>
              </>
            )}
            <span className="text-ink-2 text-sm tabular-nums">
              saved: {formatProbability(saved.probability, saved.threshold)}
            </span>
          </p>
        )}
      </div>
      {changed.length > 0 && (
        <div className="flex flex-wrap items-center gap-2 text-sm">
          <span>Changed:</span>
          {changed.map((other) => (
            <Button key={other.key} onClick={() => reset([other.index])} aria-label={`Reset ${other.label}`}>
              {other.label} {String(values[other.index])} <span aria-hidden="true">✕</span>
            </Button>
          ))}
          {changed.length > 1 && (
            <Button kind="quiet" onClick={() => reset(changed.map((other) => other.index))}>
              Reset all
            </Button>
          )}
        </div>
      )}
      <p className="text-ink-2 text-sm">Nothing here is saved; the saved prediction stays as it is.</p>
    </div>
  );
}

const STEPS = 200;
const SIZE = { width: 320, height: 150, left: 28, right: 8, top: 8, bottom: 20 };

/**
 * The positive class's probability along one measurement: the last answered case on the curve of the other values tried,
 * and a ring for the saved one on that of the saved values. What lies outside the training range is shaded.
 */
function Curve({
  curve,
  savedCurve,
  threshold,
  tried,
  saved,
  feature,
}: Pick<Answer, "curve" | "savedCurve"> & {
  threshold: number | null;
  tried: CurvePoint;
  saved: number;
  feature: Feature;
}) {
  const [first, last] = [curve[0], curve.at(-1)];
  if (first === undefined || last === undefined) return null;
  const { width, height, left, right, top, bottom } = SIZE;
  const x = (v: number) => left + ((v - first.value) / (last.value - first.value)) * (width - left - right);
  const y = (p: number) => top + (1 - p) * (height - top - bottom);
  const { min, max } = feature.range;
  const outside = [
    [first.value, min],
    [max, last.value],
  ].flatMap(([from = 0, to = 0]) => (from < to ? [{ from, to }] : []));
  const ring = (savedCurve ?? curve).find(({ value }) => value === saved);
  const answer = formatProbability(tried.probability, threshold);
  const line = (points: readonly CurvePoint[]) =>
    `M${points.map(({ value, probability }) => `${x(value).toFixed(1)} ${y(probability).toFixed(1)}`).join("L")}`;
  return (
    <svg
      role="img"
      aria-label={`Probability of ${POSITIVE.word} along ${feature.label}: ${formatProbability(first.probability)} at ${first.value}, ${formatProbability(last.probability)} at ${last.value}; ${answer} at ${tried.value}.`}
      viewBox={`0 0 ${width} ${height}`}
      className="block w-full text-[11px]"
    >
      {outside.map(({ from, to }) => (
        <rect
          key={from}
          x={x(from)}
          width={x(to) - x(from)}
          y={top}
          height={height - top - bottom}
          className="fill-line"
        />
      ))}
      {[0, 0.5, 1].map((tick) => (
        <g key={tick}>
          <line x1={left} x2={width - right} y1={y(tick)} y2={y(tick)} className="stroke-line" />
          <text x={left - 4} y={y(tick) + 3} textAnchor="end" className="fill-ink-2">
            {tick}
          </text>
        </g>
      ))}
      {threshold !== null && (
        <line
          x1={left}
          x2={width - right}
          y1={y(threshold)}
          y2={y(threshold)}
          strokeDasharray="4 3"
          className="stroke-ink-2"
        />
      )}
      <text x={left} y={height - 6} className="fill-ink-2">
        {first.value}
      </text>
      <text x={width - right} y={height - 6} textAnchor="end" className="fill-ink-2">
        {last.value}
      </text>
      {savedCurve !== null && <path d={line(savedCurve)} className="fill-none stroke-ink-2" />}
      <path d={line(curve)} className="fill-none stroke-2 stroke-ink" />
      {ring !== undefined && (
        <circle
          cx={x(ring.value)}
          cy={y(ring.probability)}
          r="4.5"
          className="fill-surface stroke-2 stroke-ink-2"
        />
      )}
      <circle cx={x(tried.value)} cy={y(tried.probability)} r="4" className="fill-ink" />
      <text
        x={x(tried.value)}
        y={y(tried.probability) < 30 ? y(tried.probability) + 14 : y(tried.probability) - 8}
        textAnchor={x(tried.value) > width / 2 ? "end" : "start"}
        className="fill-ink stroke-4 stroke-surface font-semibold [paint-order:stroke]"
      >
        {answer}
      </text>
    </svg>
  );
}
