"use client";

import { useEffect, useRef } from "react";
import { Button } from "@/components/ui/button";
import { Field, fieldClass } from "@/components/ui/field";
import { Shape } from "@/components/ui/shape";
import { TypedForm } from "@/components/ui/typed-form";
import type { Diagnosis } from "@/lib/contract";
import type { FormState, Texts } from "@/lib/form-state";
import { answerOf } from "@/lib/prediction/words";
import { table, words } from "@/tables/current";

type Name = "do" | "id" | "outcome" | "on";
type State = FormState<Name, string>;

/** As "2026-11-24": the day that stands in the form at first, and the first and the last that it takes. */
type Days = { today: string; earliest: string; latest: string };

/** Records, changes or removes what a case was confirmed to be; `record` answers with what is wrong. A form, so that it needs no script. */
export function OutcomeForm({
  id,
  recorded,
  days,
  record,
}: {
  id: string;
  /** `on` as a day too; null where it is not known. */
  recorded: { outcome: Diagnosis; on: string | null } | null;
  days: Days;
  record: (last: State, form: FormData) => Promise<State>;
}) {
  const saved: Texts<Name> = {
    outcome: recorded?.outcome,
    on: recorded === null ? days.today : (recorded.on ?? undefined),
  };
  return (
    <TypedForm
      place={`outcome-${id}`}
      saved={saved}
      action={record}
      kept="entries"
      noValidate
      className="grid gap-3 print:hidden"
    >
      {({ texts, answer, isSending }) => (
        <>
          <input type="hidden" name="id" value={id} />
          <Fields texts={texts} answer={answer} days={days} />
          <Buttons answer={answer} isSending={isSending} isRecorded={recorded !== null} />
        </>
      )}
    </TypedForm>
  );
}

function Fields({ texts, answer, days }: { texts: Texts<Name>; answer: State; days: Days }) {
  const fields = useRef<HTMLDivElement>(null);
  const failed = answer?.ok === false ? answer.fields : {};
  useEffect(() => {
    if (answer?.ok === false)
      fields.current?.querySelector<HTMLElement>("[aria-invalid] input, input[aria-invalid]")?.focus();
  }, [answer]);
  return (
    <div ref={fields} className="grid gap-3">
      <div
        role="radiogroup"
        aria-label={`What the ${words.outcome.test} said`}
        className="grid gap-2"
        {...invalid("outcome-problem", failed.outcome)}
      >
        {[table.classes.negative, table.classes.positive].map((option) => {
          const { word, shape, colour } = answerOf(option);
          return (
            <label
              key={option}
              className="flex min-h-control items-center gap-2 rounded-field border border-ink-3 px-2.5 has-checked:border-ink"
            >
              <input
                type="radio"
                name="outcome"
                value={option}
                defaultChecked={texts.outcome === option}
                className="size-4 accent-ink"
              />
              <span className={`inline-flex items-baseline gap-1.5 font-medium ${colour}`}>
                <Shape shape={shape} /> {word}
              </span>
            </label>
          );
        })}
        {failed.outcome !== undefined && (
          <p id="outcome-problem" className="font-medium text-xs">
            {failed.outcome}
          </p>
        )}
      </div>
      <Field
        label="Confirmed on"
        htmlFor="outcome-on"
        error={failed.on === undefined ? undefined : { id: "outcome-on-problem", text: failed.on }}
      >
        <input
          id="outcome-on"
          type="date"
          name="on"
          min={days.earliest}
          max={days.latest}
          defaultValue={texts.on}
          {...invalid("outcome-on-problem", failed.on)}
          className={fieldClass}
        />
      </Field>
    </div>
  );
}

function Buttons({
  answer,
  isSending,
  isRecorded,
}: {
  answer: State;
  isSending: boolean;
  isRecorded: boolean;
}) {
  const status = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    // The button that was pressed is gone.
    if (answer?.ok && answer.typed.do === "remove") status.current?.focus();
  }, [answer]);
  return (
    <>
      <div className="grid gap-1">
        <Button type="submit" name="do" value="record" kind="primary" aria-disabled={isSending}>
          {isRecorded ? "Change outcome" : "Record outcome"}
        </Button>
        {isRecorded && (
          <Button type="submit" name="do" value="remove" kind="quiet">
            Remove outcome
          </Button>
        )}
      </div>
      <p ref={status} role="status" tabIndex={-1} className="empty:hidden">
        {answer?.ok && (
          <>
            <span aria-hidden="true">✓ </span>
            {answer.done}
          </>
        )}
      </p>
      {answer?.ok === false && Object.keys(answer.fields).length === 0 && (
        <p role="alert" className="font-medium">
          {answer.message}
        </p>
      )}
    </>
  );
}

const invalid = (problemId: string, problem: string | undefined) =>
  problem === undefined ? {} : { "aria-invalid": true, "aria-describedby": problemId };
