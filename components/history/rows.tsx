"use client";

import { AnswerMark } from "@/components/prediction/answer-mark";
import { PredictionLink } from "@/components/prediction/prediction-link";
import type { Label } from "@/lib/contract";
import type { HistoryRow } from "@/lib/history/query";
import type { Locale } from "@/lib/locale";
import type { Answer } from "@/lib/prediction/words";
import { SelectBox } from "./select-box";

/**
 * The rows of the history's table, whose measurements have these `labels` and whose answers read as `answers` says. Nothing in here needs the browser; but what a
 * server component renders is sent twice, as HTML and as the calls that make it, and of up to 3,000 cells the calls
 * alone were two thirds of the page and half the time it took.
 */
export function HistoryRows({
  rows,
  labels,
  answers,
  locale,
}: {
  locale: Locale;
  rows: readonly (Pick<HistoryRow, "id" | "createdAt" | "diagnosis" | "label" | "modelVersion" | "values"> & {
    probability: string;
    caution: string;
  })[];
  labels: readonly string[];
  answers: Readonly<Record<Label, Answer>>;
}) {
  return rows.map((row) => (
    <tr key={row.id} className="border-line border-b last:border-b-0 hover:bg-canvas">
      <SelectBox id={row.id} at={row.createdAt} />
      <th scope="row" className="sticky left-0 bg-surface text-left font-normal">
        <PredictionLink {...row} locale={locale} />
      </th>
      <td data-label="Diagnosis">
        <AnswerMark {...answers[row.label ?? row.diagnosis]} />
        {row.caution !== "" && (
          <span className="ml-1.5" title={row.caution} role="img" aria-label={`caution: ${row.caution}`}>
            ⚠
          </span>
        )}
      </td>
      <td className="n" data-label="Probability">
        {row.probability}
      </td>
      {labels.map((label, index) => (
        <td key={label} className="n" data-label={label}>
          {String(row.values[index])}
        </td>
      ))}
      <td className="text-ink-2" data-label="Model">
        {row.modelVersion}
      </td>
    </tr>
  ));
}
