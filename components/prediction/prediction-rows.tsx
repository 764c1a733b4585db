import type { ReactNode } from "react";
import type { BinRow } from "@/lib/contract";
import { DiagnosisMark, formatProbability } from "./diagnosis";
import { PredictionLink } from "./prediction-link";

/** A table that scrolls sideways in a region of its own; `id` is its caption's. */
export function ScrollingTable({
  id,
  caption,
  className = "",
  children,
}: {
  id: string;
  caption: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  return (
    <section
      aria-labelledby={id}
      // Scrolled with the arrow keys, so it takes the focus.
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable without a mouse
      tabIndex={0}
      className={`relative overflow-x-auto rounded-md border border-line bg-surface print:overflow-visible ${className}`}
    >
      <table className="w-full border-collapse text-sm">
        <caption id={id} className="px-3 py-2 text-left text-ink-muted">
          {caption}
        </caption>
        {children}
      </table>
    </section>
  );
}

/** The head of a column of such a table. */
export function ColumnHead({ children, numeric = false }: { children: ReactNode; numeric?: boolean }) {
  return (
    <th scope="col" className={`px-3 py-1.5 font-semibold ${numeric ? "text-right" : "text-left"}`}>
      {children}
    </th>
  );
}

type Row = Omit<BinRow, "deletedAt">;

/** The heads of `AnswerCells`. */
export function AnswerHeads() {
  return (
    <>
      <ColumnHead>Diagnosis</ColumnHead>
      <ColumnHead numeric>Probability</ColumnHead>
      <ColumnHead>Case code</ColumnHead>
    </>
  );
}

/** Answer and case code of a row. */
export function AnswerCells({
  diagnosis,
  label,
  probability,
  threshold,
  caseCode,
}: Omit<Row, "id" | "createdAt">) {
  return (
    <>
      <td className="px-3 py-1">
        <DiagnosisMark diagnosis={diagnosis} label={label} />
      </td>
      <td className="px-3 py-1 text-right font-mono text-[13px] tabular-nums">
        {formatProbability(probability, threshold)}
      </td>
      <td className="max-w-60 truncate px-3 py-1">{caseCode ?? <None />}</td>
    </>
  );
}

/** Date, answer and case code of some predictions, to see which they are. */
export function PredictionRows({ rows, caption }: { rows: readonly Row[]; caption: string }) {
  return (
    <ScrollingTable id="prediction-rows" caption={caption}>
      <thead>
        <tr className="border-line border-b align-bottom">
          <ColumnHead>Date</ColumnHead>
          <AnswerHeads />
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id} className="border-line border-b last:border-b-0">
            <th scope="row" className="px-3 py-1 text-left font-normal">
              <PredictionLink {...row} />
            </th>
            <AnswerCells {...row} />
          </tr>
        ))}
      </tbody>
    </ScrollingTable>
  );
}

/** An empty cell, said. */
export function None() {
  return (
    <span className="text-ink-muted">
      <span aria-hidden="true">–</span>
      <span className="sr-only">none</span>
    </span>
  );
}
