import { ColumnHead, ScrollTable } from "@/components/ui/table";
import type { BinRow } from "@/lib/contract";
import type { Locale } from "@/lib/locale";
import { DiagnosisMark, formatProbability } from "./diagnosis";
import { PredictionLink } from "./prediction-link";

type Row = Omit<BinRow, "deletedAt">;

/** The heads of `AnswerCells`. */
export function AnswerHeads() {
  return (
    <>
      <ColumnHead>Answer</ColumnHead>
      <ColumnHead numeric>Probability</ColumnHead>
    </>
  );
}

/** The answer of a row. */
export function AnswerCells({
  diagnosis,
  label,
  probability,
  threshold,
}: Omit<Row, "id" | "createdAt" | "caseCode">) {
  return (
    <>
      <td>
        <DiagnosisMark diagnosis={diagnosis} label={label} />
      </td>
      <td className="numeric">{formatProbability(probability, threshold)}</td>
    </>
  );
}

/** Case code, date and answer of some predictions, to see which they are. */
export function PredictionRows({
  rows,
  caption,
  locale,
}: {
  rows: readonly Row[];
  caption: string;
  locale: Locale;
}) {
  return (
    <ScrollTable id="prediction-rows" caption={caption}>
      <thead>
        <tr>
          <ColumnHead>Case code</ColumnHead>
          <ColumnHead>Date</ColumnHead>
          <AnswerHeads />
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <CodeCell code={row.caseCode} />
            <th scope="row" className="whitespace-nowrap">
              <PredictionLink {...row} locale={locale} />
            </th>
            <AnswerCells {...row} />
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}

export function CodeCell({ code }: { code: string | null }) {
  return <td className="max-w-60 truncate">{code ?? <None />}</td>;
}

/** An empty cell, said. */
export function None() {
  return (
    <span className="text-ink-2">
      <span aria-hidden="true">–</span>
      <span className="sr-only">none</span>
    </span>
  );
}
