"use client";

import { useActionState, useEffect, useRef } from "react";
import { Button } from "@/components/ui/button";
import { Field, fieldClass } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { RefusalNotice } from "@/components/ui/refusal";
import { useAnswer } from "@/components/ui/use-action";
import type { MappingField } from "@/lib/batch/mapping-form";
import type { FormState, Texts } from "@/lib/form-state";

type State = FormState<MappingField, string>;

/** The most columns that a list offers; in a file with more, a person types a column's number. */
const MOST_LISTED = 100;

/**
 * What each column of the file is, for a person to change. `groups` are the measurements; `words` what the two classes are
 * called; `texts` what the form begins with.
 */
export function MappingForm({
  columns,
  groups,
  words,
  texts,
  action,
}: {
  columns: readonly string[];
  groups: readonly { name: string; fields: readonly { key: MappingField; label: string }[] }[];
  words: { positive: string; negative: string };
  texts: Texts<MappingField>;
  action: (last: State, form: FormData) => Promise<State>;
}) {
  const { answer, refusal, isSending, form } = useAnswer(action, useActionState(action, null));
  const typed = answer?.ok === false ? answer.typed : texts;
  const errors = answer?.ok === false ? answer.fields : {};
  const field = (key: MappingField, label: string) => (
    <ColumnField
      key={key}
      name={key}
      label={label}
      columns={columns}
      text={typed[key] ?? ""}
      error={errors[key]}
    />
  );
  const word = (key: "positive" | "negative") => (
    <Field
      label={`What says ${words[key]}`}
      htmlFor={key}
      className="content-start"
      error={errors[key] === undefined ? undefined : { id: `${key}-error`, text: errors[key] }}
    >
      <input
        id={key}
        name={key}
        defaultValue={typed[key]}
        maxLength={200}
        aria-invalid={errors[key] !== undefined}
        aria-describedby={errors[key] === undefined ? undefined : `${key}-error`}
        className={fieldClass}
      />
    </Field>
  );
  const shown = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (answer?.ok === false) shown.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [answer]);
  return (
    // Filled anew by what was sent: a browser that has sent a form empties it.
    <form ref={shown} key={JSON.stringify(typed)} {...form} className="grid gap-4">
      <input type="hidden" name="id" value={texts.id} />
      {answer?.ok === false && <Notice kind="error" role="alert" title={answer.message} />}
      {groups.map(({ name, fields }) => (
        <fieldset key={name} className="min-w-0">
          <legend className="pb-2 font-semibold">{name}</legend>
          <div className={GRID}>{fields.map(({ key, label }) => field(key, label))}</div>
        </fieldset>
      ))}
      <fieldset className="min-w-0">
        <legend className="pb-2 font-semibold">Beside them</legend>
        <div className={GRID}>
          {field("code", "Case code")}
          {field("truth", "Truth")}
          {word("positive")}
          {word("negative")}
          <Field label="Decimal mark" htmlFor="decimal" className="content-start">
            <select id="decimal" name="decimal" defaultValue={typed.decimal} className={fieldClass}>
              <option value=".">point</option>
              <option value=",">comma</option>
            </select>
          </Field>
        </div>
      </fieldset>
      <div>
        <Button type="submit" kind="primary" disabled={isSending}>
          Read the file like this
        </Button>
      </div>
      {refusal !== null && <RefusalNotice refusal={refusal} kept="columns" />}
    </form>
  );
}

const GRID = "grid grid-cols-[repeat(auto-fill,minmax(11rem,1fr))] gap-x-4 gap-y-3";

function ColumnField({
  name,
  label,
  columns,
  text,
  error,
}: {
  name: MappingField;
  label: string;
  columns: readonly string[];
  text: string;
  error: string | undefined;
}) {
  const common = {
    id: name,
    name,
    defaultValue: text,
    "aria-invalid": error !== undefined,
    "aria-describedby": error === undefined ? undefined : `${name}-error`,
    className: fieldClass,
  };
  return (
    <Field
      label={label}
      htmlFor={name}
      className="content-start"
      error={error === undefined ? undefined : { id: `${name}-error`, text: error }}
    >
      {columns.length > MOST_LISTED ? (
        <input type="number" min={1} max={columns.length} {...common} />
      ) : (
        <select {...common}>
          <option value="">none</option>
          {columns.map((column, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the columns of a file never change places, and two can have one name.
            <option key={at} value={at + 1}>
              {at + 1}: {column}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
