"use client";

import { useEffect, useId, useState } from "react";
import { DiagnosisMark, formatProbability } from "@/components/prediction/diagnosis";
import { MeasurementOptions } from "@/components/prediction/measurement-options";
import { Button } from "@/components/ui/button";
import { fieldClass } from "@/components/ui/field";
import { keepInTab, keptInTab } from "@/components/ui/in-tab";
import { type Refusal, RefusalNotice, refusalOf } from "@/components/ui/refusal";
import type { SavedPrediction } from "@/lib/contract";
import { fieldText, parseField, UNKNOWN } from "@/lib/predict/measurements";
import { isOutside } from "@/lib/prediction/measurement-text";
import { valueText } from "@/lib/prediction/value";
import { NEGATIVE, POSITIVE } from "@/lib/prediction/words";
import type { Result } from "@/lib/result";
import { isSameValue } from "@/lib/review/curve";
import type { WhatIf as Answer, WhatIfQuestion } from "@/lib/review/review";
import { FEATURES, table } from "@/tables/current";
import { WhatIfLevels } from "./what-if-levels";
import { WhatIfPlot } from "./what-if-plot";

type Saved = Pick<
  SavedPrediction,
  "id" | "values" | "diagnosis" | "label" | "probability" | "threshold" | "uncertain"
>;

/** What is tried, and what the model said of it: `null` where it was not asked yet. */
export type Tried = { index: number; values: readonly number[]; answer: Answer | null };

type Props = {
  saved: Saved;
  /** What the page begins with. */
  first: Tried;
  /** What a form without script sends on: the list that the page is of. */
  list: string | undefined;
  ask: (question: WhatIfQuestion) => Promise<Result<Answer, { message: string }>>;
};

/** A value that is still being moved is asked for when it has rested this long. */
const REST_MS = 200;

/**
 * Tries other values on the saved case: the curve of one measurement with a handle on it, and the answer beside the saved
 * one. Saves nothing. Without JavaScript it is a form that shows one measurement at one value.
 */
export function WhatIf({ saved, first, list, ask }: Props) {
  const [index, setIndex] = useState(first.index);
  const [values, setValues] = useState(first.values);
  const [text, setText] = useState<string | null>(null);
  const [asked, setAsked] = useState<Tried>(first);
  const [problem, setProblem] = useState<string | Refusal | null>(null);
  const [attempt, setAttempt] = useState(0);
  const id = useId();
  const before = saved.values[index];
  const place = `what-if-${saved.id}`;
  const known = answerFor(asked, index, values);

  // What was asked when the page had to be loaded again.
  useEffect(() => {
    const { index, values } = keptInTab(place) ?? {};
    keepInTab(place, null);
    const kept = Array.isArray(values) ? values.map((value) => value ?? Number.NaN) : [];
    const numbers = kept.filter((value) => typeof value === "number");
    if (numbers.length !== FEATURES.length) return;
    setValues(numbers);
    setIndex(FEATURES.find((feature) => feature.index === index)?.index ?? 0);
  }, [place]);

  const isKnown = known !== null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` asks again for the same values.
  useEffect(() => {
    // Along a curve every point is answered already.
    if (isKnown) return;
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
      if (result.ok) setAsked({ values, index, answer: result.value });
    }, REST_MS);
    return () => {
      dropped = true;
      clearTimeout(timer);
    };
  }, [ask, values, index, saved.values, attempt, place, isKnown]);

  const feature = FEATURES[index];
  const value = values[index];
  if (feature === undefined || value === undefined || before === undefined) return null;
  const isChoice = feature.type !== "number";
  const isNotKnown = Number.isNaN(value);
  const typed = text === null ? null : parseField(text, feature, null);
  const wrong = typed !== null && !typed.ok ? typed.error : null;
  const changed = FEATURES.filter((other) => !isSameValue(values[other.index], saved.values[other.index]));
  const { min, max } = feature.range;
  const shown = asked.index === index ? asked : null;

  const change = (next: number) => {
    setProblem(null);
    setValues(values.with(index, next));
  };
  const reset = (which: readonly number[]) => {
    setText(null);
    setProblem(null);
    setValues(values.map((present, i) => (which.includes(i) ? (saved.values[i] ?? present) : present)));
  };

  return (
    <div className="grid gap-3">
      <form
        action="#what-if"
        className="grid grid-cols-[minmax(0,1fr)_8rem] gap-x-3 gap-y-1"
        onSubmit={(event) => event.preventDefault()}
      >
        {list !== undefined && <input type="hidden" name="in" value={list} />}
        <label className="grid gap-1">
          <span className="font-medium text-ink-2 text-xs">{table.nouns.heading}</span>
          <select
            name="measure"
            value={feature.key}
            onChange={(event) => {
              setText(null);
              setProblem(null);
              setIndex(FEATURES.findIndex(({ key }) => key === event.target.value));
            }}
            className={fieldClass}
          >
            <MeasurementOptions />
          </select>
        </label>
        {!isChoice && (
          <label className="grid gap-1">
            <span className="font-medium text-ink-2 text-xs">Value</span>
            <input
              type="text"
              name="value"
              inputMode="decimal"
              autoComplete="off"
              value={text ?? fieldText(feature, value)}
              aria-invalid={wrong !== null ? true : undefined}
              aria-describedby={`${id}-note`}
              onChange={(event) => {
                setText(event.target.value);
                const parsed = parseField(event.target.value, feature, null);
                if (parsed.ok) change(parsed.value);
              }}
              onBlur={() => wrong === null && setText(null)}
              className={`${fieldClass} text-right font-mono`}
            />
          </label>
        )}
        <noscript className="col-span-2 justify-self-end">
          <Button type="submit">Show</Button>
        </noscript>
        <p id={`${id}-note`} className="col-span-2 text-ink-2 text-xs">
          {wrong ??
            `Saved: ${valueText(feature, before)}.${isChoice ? "" : ` Training cases: ${min} to ${max}.`}`}
          {wrong === null && !isChoice && feature.mayMiss && ` “${UNKNOWN}” is a value that is not known.`}
          {wrong === null && isOutside(value, feature) && (
            <strong className="block font-semibold text-ink">
              {value} is outside the training cases: nothing supports the curve where it is shaded.
            </strong>
          )}
        </p>
      </form>
      {shown?.answer == null ? (
        <div className="h-81.5" aria-hidden="true" />
      ) : isChoice ? (
        <WhatIfLevels
          answer={shown.answer}
          feature={feature}
          value={value}
          saved={before}
          threshold={saved.threshold}
          uncertain={saved.uncertain}
          onChoose={change}
        />
      ) : isNotKnown ? (
        <p className="text-ink-2">Not known: the curve is there once the field above has a number.</p>
      ) : (
        <WhatIfPlot
          answer={shown.answer}
          feature={feature}
          tried={
            known === null
              ? [shown.values[index] as number, shown.answer.probability, shown.answer.answer]
              : [value, known.probability, known.answer]
          }
          saved={before}
          threshold={saved.threshold}
          uncertain={saved.uncertain}
          onMove={(next) => {
            setText(null);
            change(next);
          }}
        />
      )}
      {!isChoice && !isNotKnown && (
        <p className="text-ink-2 text-xs">
          Short lines: the training cases, {POSITIVE.word} in the first row and {NEGATIVE.word} in the second.
          {changed.some((other) => other.index !== index) &&
            ` Other ${table.nouns.values} are changed too; the thin curve with the ring is the saved case's.`}
        </p>
      )}
      <div aria-live="polite" aria-busy={known === null && problem === null} className="grid gap-1">
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
          <p>
            <strong className="font-semibold">{problem}</strong>{" "}
            <Button onClick={() => setAttempt(attempt + 1)}>Try again</Button>
          </p>
        ) : (
          <p className="flex flex-wrap items-baseline gap-x-3">
            <span>With these values:</span>
            {known === null ? (
              "asking the model…"
            ) : (
              <>
                <DiagnosisMark diagnosis={saved.diagnosis} label={known.answer} />
                <span>{formatProbability(known.probability, saved.threshold)}</span>
              </>
            )}
            <span className="text-ink-2">saved: {formatProbability(saved.probability, saved.threshold)}</span>
          </p>
        )}
      </div>
      {changed.length > 0 && (
        <div className="flex flex-wrap items-center gap-2 noscript:hidden">
          <span>Changed:</span>
          {changed.map((other) => (
            <Button key={other.key} onClick={() => reset([other.index])} aria-label={`Reset ${other.label}`}>
              {other.label} {valueText(other, values[other.index] ?? Number.NaN)}{" "}
              <span aria-hidden="true">✕</span>
            </Button>
          ))}
          {changed.length > 1 && (
            <Button kind="quiet" onClick={() => reset(changed.map((other) => other.index))}>
              Reset all
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

/** What the model said of these values, where they are a point of the curve that it was asked for last. */
function answerFor({ answer, ...asked }: Tried, index: number, values: readonly number[]) {
  if (answer === null || asked.index !== index) return null;
  if (values.some((value, other) => other !== index && !isSameValue(value, asked.values[other]))) return null;
  if (isSameValue(values[index], asked.values[index])) return answer;
  const point = answer.curve.find(([value]) => isSameValue(value, values[index]));
  return point === undefined ? null : { probability: point[1], answer: point[2] };
}
