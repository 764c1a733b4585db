"use client";

import { type ReactNode, useActionState, useState } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { RefusalNotice } from "@/components/ui/refusal";
import { UnsavedMark } from "@/components/ui/unsaved";
import { useTypedForm } from "@/components/ui/use-action";
import type { FormState, Texts } from "@/lib/form-state";
import type { Annotation } from "@/lib/notes/annotation";
import { findPersonalData } from "@/lib/notes/personal-data";
import { LONGEST } from "@/lib/prediction/columns";

type State = FormState<"id" | keyof Annotation, string>;

const FIELD = "w-full rounded-field border border-ink-3 bg-surface px-2 py-1 aria-[invalid]:border-ink";

/** Case code and note of one prediction. Warns of what looks like personal data, and never blocks it. */
export function AnnotationForm({
  id,
  annotation,
  save,
}: {
  id: string;
  annotation: Annotation;
  save: (last: State, form: FormData) => Promise<State>;
}) {
  const saved = { caseCode: annotation.caseCode ?? "", note: annotation.note ?? "" };
  const {
    answer: state,
    refusal,
    isSending,
    unsaved,
    drop,
    form,
  } = useTypedForm(`notes-${id}`, saved, save, useActionState(save, null));
  const [edited, setEdited] = useState<Texts<keyof Annotation> | null>(null);
  const { caseCode = "", note = "" } = edited ?? unsaved ?? state?.typed ?? saved;
  const edit = (change: Texts<keyof Annotation>) => setEdited({ caseCode, note, ...change });
  // What was said of an earlier text does not hold for this one.
  const isCurrent = state !== null && state.typed.caseCode === caseCode && state.typed.note === note;
  const fields = state?.ok === false ? state.fields : undefined;
  return (
    <form {...form} className="grid gap-3 print:hidden">
      {unsaved !== null && (
        <UnsavedMark
          onDrop={() => {
            setEdited(null);
            drop();
          }}
        />
      )}
      <input type="hidden" name="id" value={id} />
      <Field
        id="case-code"
        label="Case code"
        hint="Opaque, such as A-17: nothing by which a patient is known."
        text={caseCode}
        error={fields?.caseCode}
      >
        {(aria) => (
          <input
            {...aria}
            name="caseCode"
            value={caseCode}
            onChange={(event) => edit({ caseCode: event.target.value })}
            maxLength={LONGEST.case_code}
            autoComplete="off"
            className={`${FIELD} max-w-80`}
          />
        )}
      </Field>
      <Field
        id="note"
        label="Note"
        hint={`Up to ${LONGEST.note.toLocaleString("en")} characters.`}
        text={note}
        error={fields?.note}
      >
        {(aria) => (
          <textarea
            {...aria}
            name="note"
            value={note}
            onChange={(event) => edit({ note: event.target.value })}
            maxLength={LONGEST.note}
            rows={4}
            className={FIELD}
          />
        )}
      </Field>
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" kind="primary" disabled={isSending}>
          {isSending ? "Saving …" : "Save notes"}
        </Button>
        {state?.ok && isCurrent && (
          <p role="status">
            <span aria-hidden="true">✓ </span>
            {state.done}
          </p>
        )}
      </div>
      {refusal !== null ? (
        <RefusalNotice refusal={refusal} kept="notes" />
      ) : (
        state?.ok === false && <Notice kind="error" role="alert" title={state.message} />
      )}
    </form>
  );
}

type Aria = { id: string; "aria-describedby": string; "aria-invalid"?: true };

function Field({
  id,
  label,
  hint,
  text,
  error,
  children,
}: {
  id: string;
  label: string;
  hint: string;
  text: string;
  error: string | undefined;
  children: (aria: Aria) => ReactNode;
}) {
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="font-semibold text-sm">
        {label}
      </label>
      {children({
        id,
        "aria-describedby": `${id}-hint ${id}-warning`,
        ...(error === undefined ? {} : { "aria-invalid": true }),
      })}
      {error !== undefined && (
        <p className="text-ink text-sm">
          <span aria-hidden="true">✕ </span>
          {error}
        </p>
      )}
      <p id={`${id}-hint`} className="text-ink-2 text-sm">
        {hint}
      </p>
      <div id={`${id}-warning`} aria-live="polite">
        <PersonalDataWarning text={text} />
      </div>
    </div>
  );
}

function PersonalDataWarning({ text }: { text: string }) {
  const found = findPersonalData(text);
  if (found.length === 0) return null;
  return (
    <Notice kind="caution" title="This may be personal data.">
      <p className="text-sm">
        {found.map(({ kind, text: match }, index) => (
          <span key={`${kind} ${match}`}>
            {index > 0 && ", "}
            <q>{match}</q> looks like {kind === "e-mail address" ? "an" : "a"} {kind}
          </span>
        ))}
        . Leave out everything by which a patient could be known. It can be saved all the same.
      </p>
    </Notice>
  );
}
