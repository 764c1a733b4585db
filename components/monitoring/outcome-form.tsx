"use client";

import { useActionState, useEffect, useRef } from "react";
import { Button } from "@/components/ui/button";
import { RefusalNotice } from "@/components/ui/refusal";
import { UnsavedMark } from "@/components/ui/unsaved";
import { useTypedForm } from "@/components/ui/use-action";
import { diagnosis } from "@/lib/contract";
import type { FormState } from "@/lib/form-state";
import { EARLIEST_DAY } from "@/lib/monitoring/outcome-form";
import { dayText, type Outcome } from "@/lib/prediction/outcome";
import { answerOf } from "@/lib/prediction/words";
import { words } from "@/tables/current";

type State = FormState<"do" | "id" | "outcome" | "on", string>;

/** Records, changes or removes what a case was confirmed to be; `record` answers with what is wrong. A form, so that it needs no script. */
export function OutcomeForm({
  id,
  recorded,
  latestDay,
  record,
}: {
  id: string;
  recorded: Outcome | null;
  /** As "2026-11-24". */
  latestDay: string;
  record: (last: State, form: FormData) => Promise<State>;
}) {
  const saved = {
    outcome: recorded?.outcome,
    on: recorded?.on ? dayText(recorded.on) : undefined,
  };
  const {
    answer,
    refusal,
    isSending,
    unsaved,
    drop,
    form: sending,
  } = useTypedForm(`outcome-${id}`, saved, record, useActionState(record, null));
  const form = useRef<HTMLFormElement>(null);
  const status = useRef<HTMLParagraphElement>(null);
  const failed = answer?.ok === false ? answer : null;
  const shown = failed?.typed ?? unsaved ?? saved;

  useEffect(() => {
    if (answer?.ok === false) {
      form.current?.querySelector<HTMLElement>("[aria-invalid] input, input[aria-invalid]")?.focus();
    }
    // The button that was pressed is gone.
    if (answer?.ok && answer.typed.do === "remove") status.current?.focus();
  }, [answer]);

  return (
    <form ref={form} {...sending} noValidate className="grid gap-3 print:hidden">
      <input type="hidden" name="id" value={id} />
      {unsaved !== null && <UnsavedMark onDrop={drop} />}
      {/* Its fields have no state here: others take their place. */}
      <div
        key={unsaved === null ? "saved" : "unsaved"}
        className="flex flex-wrap items-start gap-x-6 gap-y-3"
      >
        <div
          role="radiogroup"
          aria-labelledby="outcome-said"
          {...invalid("outcome-problem", failed?.fields.outcome)}
        >
          <p id="outcome-said" className="text-ink-2 text-sm">
            What the {words.outcome.test} said
          </p>
          <div className="flex min-h-8 flex-wrap items-center gap-x-4">
            {diagnosis.options.map((option) => (
              <label key={option} className="flex min-h-8 items-center gap-1.5">
                <input
                  type="radio"
                  name="outcome"
                  value={option}
                  defaultChecked={shown.outcome === option}
                  className="size-4 accent-ink"
                />
                <span aria-hidden="true">{answerOf(option).shape}</span> {answerOf(option).word}
              </label>
            ))}
          </div>
          <Problem id="outcome-problem" text={failed?.fields.outcome} />
        </div>
        <div>
          <label htmlFor="outcome-on" className="block text-ink-2 text-sm">
            Confirmed on
          </label>
          <input
            id="outcome-on"
            type="date"
            name="on"
            min={EARLIEST_DAY}
            max={latestDay}
            defaultValue={shown.on}
            {...invalid("outcome-on-problem", failed?.fields.on)}
            className="min-h-8 rounded-field border border-ink-3 bg-surface px-2 tabular-nums"
          />
          <Problem id="outcome-on-problem" text={failed?.fields.on} />
        </div>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <Button type="submit" name="do" value="record" aria-disabled={isSending}>
          {recorded === null ? "Record outcome" : "Change outcome"}
        </Button>
        {recorded !== null && (
          <Button type="submit" name="do" value="remove" kind="quiet">
            Remove outcome
          </Button>
        )}
        <p ref={status} role="status" tabIndex={-1} className="text-sm">
          {answer?.ok && (
            <>
              <span aria-hidden="true">✓ </span>
              {answer.done}
            </>
          )}
        </p>
      </div>
      {refusal !== null && <RefusalNotice refusal={refusal} kept="entries" />}
      {refusal === null && failed !== null && Object.keys(failed.fields).length === 0 && (
        <p role="alert" className="text-ink text-sm">
          <span aria-hidden="true">✕ </span>
          {failed.message}
        </p>
      )}
    </form>
  );
}

const invalid = (problemId: string, problem: string | undefined) =>
  problem === undefined ? {} : { "aria-invalid": true, "aria-describedby": problemId };

function Problem({ id, text }: { id: string; text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <p id={id} className="text-ink text-sm">
      <span aria-hidden="true">✕ </span>
      {text}
    </p>
  );
}
