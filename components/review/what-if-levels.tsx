"use client";

import { formatProbability } from "@/components/prediction/diagnosis";
import { Shape } from "@/components/ui/shape";
import type { UncertainBand } from "@/lib/contract";
import { fieldText } from "@/lib/predict/measurements";
import { valueText } from "@/lib/prediction/value";
import { answerOf } from "@/lib/prediction/words";
import { isSameValue } from "@/lib/review/curve";
import type { WhatIf } from "@/lib/review/review";
import type { Feature } from "@/tables/current";

const ROW = 28;
const percent = (share: number) => `${100 * share}%`;

/**
 * The answer for each level of a column with the other values as tried: a line from 0 to 1 with a dot at the probability, and
 * a ring at the saved case's where other values were changed. Choosing a level tries it.
 */
export function WhatIfLevels({
  answer: { curve, savedCurve },
  feature,
  value,
  saved,
  threshold,
  uncertain,
  onChoose,
}: {
  answer: WhatIf;
  feature: Feature;
  value: number;
  saved: number;
  threshold: number | null;
  uncertain: UncertainBand | null;
  onChoose: (value: number) => void;
}) {
  return (
    <fieldset>
      <legend className="pb-1 font-medium text-ink-2 text-xs">{feature.label}</legend>
      {curve.map(([level, probability, said], at) => {
        const answer = answerOf(said);
        const before = savedCurve?.[at]?.[1];
        return (
          <label
            key={fieldText(feature, level)}
            className="grid min-h-control grid-cols-[auto_minmax(0,9rem)_minmax(0,1fr)_4.5rem] items-center gap-x-2.5 border-line border-t first-of-type:border-t-0"
          >
            <input
              type="radio"
              name="value"
              value={fieldText(feature, level)}
              checked={isSameValue(level, value)}
              onChange={() => onChoose(level)}
              className="size-4 accent-ink"
            />
            <span className="leading-tight">
              {valueText(feature, level)}
              {isSameValue(level, saved) && <span className="text-ink-2 text-xs"> (saved)</span>}
            </span>
            <svg aria-hidden="true" width="100%" height={ROW} className="block overflow-visible">
              {uncertain !== null && (
                <foreignObject
                  x={percent(uncertain.from)}
                  y="6"
                  width={percent(uncertain.to - uncertain.from)}
                  height={ROW - 12}
                  className="opacity-30"
                >
                  <div className="hatch-uncertain size-full" />
                </foreignObject>
              )}
              <line x1="0" x2="100%" y1={ROW / 2} y2={ROW / 2} className="stroke-line" />
              {before !== undefined && (
                <circle
                  cx={percent(before)}
                  cy={ROW / 2}
                  r="6"
                  className="fill-surface stroke-2 stroke-ink-2"
                />
              )}
              <circle cx={percent(probability)} cy={ROW / 2} r="5" className="fill-ink" />
            </svg>
            <span
              className={`inline-flex items-baseline justify-end gap-1.5 whitespace-nowrap ${answer.colour}`}
            >
              <Shape shape={answer.shape} />
              {formatProbability(probability, threshold)}
              <span className="sr-only">, {answer.word}</span>
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}
