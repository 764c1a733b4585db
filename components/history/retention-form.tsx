"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Field, fieldClass } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { TypedForm } from "@/components/ui/typed-form";
import type { FormState, Texts } from "@/lib/form-state";
import { countPredictions } from "@/lib/format";
import {
  BIN_DAYS,
  LEAST_RETENTION,
  MOST_RETENTION,
  type RetentionDone,
  retentionText,
} from "@/lib/history/retention";

type State = FormState<"days" | "confirmed", RetentionDone>;

/** After how many days predictions go to the bin; asks again where that would delete some now. */
export function RetentionForm({
  days,
  save,
}: {
  /** Null where it is off. */
  days: number | null;
  save: (last: State, form: FormData) => Promise<State>;
}) {
  return (
    <TypedForm
      place="retention"
      saved={{ days: days?.toString() ?? "" }}
      action={save}
      kept="entries"
      className="grid justify-items-start gap-3"
    >
      {(form) => <Fields days={days} {...form} />}
    </TypedForm>
  );
}

function Fields({
  days,
  texts,
  answer: last,
  isSending,
}: {
  days: number | null;
  texts: Texts<"days">;
  answer: State;
  isSending: boolean;
}) {
  const [edited, setEdited] = useState<string | null>(null);
  const typed = edited ?? texts.days ?? "";
  // What was answered about another number does not hold for this one.
  const answer = last?.typed.days === typed ? last : null;
  const toConfirm = answer?.ok && typeof answer.done !== "string" ? answer.done : null;
  return (
    <>
      <p>{retentionText(days)}</p>
      <Field
        label="Days after which predictions are deleted"
        htmlFor="retention-days"
        help={{
          id: "retention-hint",
          text: `Leave it empty to delete none, or enter ${LEAST_RETENTION} to ${MOST_RETENTION.toLocaleString("en")}.`,
        }}
      >
        <input
          id="retention-days"
          name="days"
          value={typed}
          onChange={(event) => setEdited(event.target.value)}
          inputMode="numeric"
          autoComplete="off"
          aria-describedby="retention-hint"
          aria-invalid={answer?.ok === false ? true : undefined}
          className={`${fieldClass} max-w-32 text-right font-mono`}
        />
      </Field>
      {toConfirm !== null ? (
        <Notice
          kind="caution"
          role="alert"
          title={`This moves ${countPredictions(toConfirm.wouldMove)} to the bin now.`}
        >
          <p className="mb-2">
            All that are older than {toConfirm.days} days, and from now on every prediction that becomes so.
            After {BIN_DAYS} days in the bin they are deleted for ever. Nothing has been changed yet.
          </p>
          <input type="hidden" name="confirmed" value={toConfirm.days} />
          <Button type="submit" kind="primary" disabled={isSending}>
            Delete after {toConfirm.days} days, {countPredictions(toConfirm.wouldMove)} now
          </Button>
        </Notice>
      ) : (
        <Button type="submit" disabled={isSending}>
          {isSending ? "Saving …" : "Save"}
        </Button>
      )}
      {answer?.ok === false && (
        <Notice kind="error" role="alert" title={answer.fields.days ?? answer.message} />
      )}
      {answer?.ok && typeof answer.done === "string" && (
        <p role="status">
          <span aria-hidden="true">✓ </span>
          {answer.done}
        </p>
      )}
    </>
  );
}
