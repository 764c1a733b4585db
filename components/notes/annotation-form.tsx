"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Field, fieldClass } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { TypedForm } from "@/components/ui/typed-form";
import type { FormState, Texts } from "@/lib/form-state";
import type { Annotation } from "@/lib/notes/annotation";
import { findPersonalData } from "@/lib/notes/personal-data";
import { LONGEST } from "@/lib/prediction/columns";
import { table } from "@/tables/current";

type State = FormState<"id" | keyof Annotation, string>;

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
  return (
    <TypedForm
      place={`notes-${id}`}
      saved={{ caseCode: annotation.caseCode ?? "", note: annotation.note ?? "" }}
      action={save}
      kept="notes"
      className="grid gap-3 print:hidden"
    >
      {({ texts, answer, isSending }) => (
        <>
          <input type="hidden" name="id" value={id} />
          <Fields texts={texts} answer={answer} isSending={isSending} />
        </>
      )}
    </TypedForm>
  );
}

function Fields({
  texts,
  answer,
  isSending,
}: {
  texts: Texts<keyof Annotation>;
  answer: State;
  isSending: boolean;
}) {
  const [edited, setEdited] = useState<Texts<keyof Annotation> | null>(null);
  const { caseCode = "", note = "" } = edited ?? texts;
  const edit = (change: Texts<keyof Annotation>) => setEdited({ caseCode, note, ...change });
  // What was said of an earlier text does not hold for this one.
  const isCurrent = answer !== null && answer.typed.caseCode === caseCode && answer.typed.note === note;
  const problems = answer?.ok === false ? answer.fields : {};
  return (
    <>
      <div>
        <Field
          label="Case code"
          htmlFor="case-code"
          help={{ id: "case-code-help", text: `Such as A-17. Nothing that names a ${table.nouns.person}.` }}
          error={problemOf("case-code", problems.caseCode)}
        >
          <input
            {...describedBy("case-code", problems.caseCode)}
            name="caseCode"
            value={caseCode}
            onChange={(event) => edit({ caseCode: event.target.value })}
            maxLength={LONGEST.case_code}
            autoComplete="off"
            className={fieldClass}
          />
        </Field>
        <PersonalDataWarning id="case-code-warning" text={caseCode} />
      </div>
      <div>
        <Field label="Note" htmlFor="note" error={problemOf("note", problems.note)}>
          <textarea
            {...describedBy("note", problems.note)}
            name="note"
            value={note}
            onChange={(event) => edit({ note: event.target.value })}
            maxLength={LONGEST.note}
            rows={4}
            className={`${fieldClass} h-auto! py-2`}
          />
        </Field>
        <PersonalDataWarning id="note-warning" text={note} />
      </div>
      <Button type="submit" disabled={isSending}>
        {isSending ? "Saving …" : "Save notes"}
      </Button>
      {answer?.ok && isCurrent && (
        <p role="status">
          <span aria-hidden="true">✓ </span>
          {answer.done}
        </p>
      )}
      {answer?.ok === false && <Notice kind="error" role="alert" title={answer.message} />}
    </>
  );
}

const problemOf = (id: string, problem: string | undefined) =>
  problem === undefined ? undefined : { id: `${id}-problem`, text: problem };

const describedBy = (id: string, problem: string | undefined) => ({
  id,
  "aria-describedby": `${id}-help ${id}-problem ${id}-warning`,
  ...(problem === undefined ? {} : { "aria-invalid": true as const }),
});

function PersonalDataWarning({ id, text }: { id: string; text: string }) {
  const found = findPersonalData(text);
  return (
    <div id={id} aria-live="polite">
      {found.length > 0 && (
        <Notice kind="caution" title="This may be personal data.">
          <p>
            {found.map(({ kind, text: match }, index) => (
              <span key={`${kind} ${match}`}>
                {index > 0 && ", "}
                <q>{match}</q> looks like {kind === "e-mail address" ? "an" : "a"} {kind}
              </span>
            ))}
            . Leave out everything by which a {table.nouns.person} could be known. It can be saved all the
            same.
          </p>
        </Notice>
      )}
    </div>
  );
}
