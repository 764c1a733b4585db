import { memo, type ReactNode } from "react";
import { AnswerMark } from "@/components/prediction/answer-mark";
import { CaseThumb } from "@/components/prediction/drawing";
import { Kbd } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { hasGrid } from "@/lib/prediction/layout";
import { answerOf } from "@/lib/prediction/words";
import { FEATURES } from "@/tables/current";
import type { SessionCase } from "./session-cases";

/** The latest cases of this tab; before the first of them, the ways to fill in the form. */
export const SessionList = memo(function SessionList({ cases }: { cases: readonly SessionCase[] }) {
  if (cases.length === 0) return <WaysIn />;
  return (
    <Card title="This session">
      <ul>
        {cases.map(({ id, name, label, probability, values }) => (
          <li key={id} className="flex flex-wrap items-center gap-x-3 border-line border-t py-1.5">
            <CaseThumb values={values} size={28} />
            <a href={`/history/${id}`} className="min-w-0 break-words font-medium underline decoration-ink-3">
              {name}
            </a>
            <AnswerMark {...answerOf(label)} />
            <span className="ml-auto">{probability}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
});

function WaysIn() {
  return (
    <Card title="Three ways in" className="in-data-seen:hidden">
      <ol className="grid">
        <Way number={1} title="Type.">
          <Kbd>Tab</Kbd> or <Kbd>Enter</Kbd> moves on, {hasGrid ? "row by row" : "field by field"};{" "}
          <Kbd>Ctrl ↵</Kbd> asks the model. Both decimal points and decimal commas are read.
        </Way>
        <Way number={2} title="Paste.">
          {hasGrid
            ? `Anywhere in the grid: a row of ${FEATURES.length} values or the whole grid, with or without names.`
            : `Anywhere in the form: a row of ${FEATURES.length} values, with or without names.`}{" "}
          Where it is not certain how to read it, you choose.
        </Way>
        <Way number={3} title="Take a training case.">
          What it was is known, and so is what models that had not seen it said about it.
        </Way>
      </ol>
    </Card>
  );
}

function Way({ number, title, children }: { number: number; title: string; children: ReactNode }) {
  return (
    <li className="grid grid-cols-[1.25rem_1fr] gap-2 border-line border-t py-2.5 first:border-t-0">
      <span aria-hidden="true" className="text-ink-2">
        {number}
      </span>
      <span>
        <strong className="font-semibold">{title}</strong> {children}
      </span>
    </li>
  );
}
