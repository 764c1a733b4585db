"use client";

import { type ComponentProps, useActionState } from "react";
import { Button } from "@/components/ui/button";
import { Field, fieldClass } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { RefusalNotice } from "@/components/ui/refusal";
import { useAnswer } from "@/components/ui/use-action";
import type { ToldState } from "@/lib/access/told";

type FieldOfForm = {
  name: string;
  label: string;
  help?: string;
  /** A choice instead of a text. */
  options?: readonly { value: string; text: string }[];
} & Pick<
  ComponentProps<"input">,
  "type" | "autoComplete" | "maxLength" | "minLength" | "min" | "max" | "readOnly" | "defaultValue"
>;

/**
 * A form of a few fields, all of them needed, about who somebody is. What is typed is not kept in the tab: it can be a password.
 * `id` tells apart several on one page.
 */
export function FieldsForm({
  id,
  fields,
  hidden = {},
  action,
  submit,
  isPrimary = false,
}: {
  id: string;
  fields: readonly FieldOfForm[];
  hidden?: Readonly<Record<string, string>>;
  action: (last: ToldState, form: FormData) => Promise<ToldState>;
  submit: string;
  isPrimary?: boolean;
}) {
  const { answer, refusal, isSending, form } = useAnswer(action, useActionState(action, null));
  const problems = answer?.ok === false ? answer.fields : {};
  const typed = answer?.ok === false ? answer.typed : {};
  return (
    <form {...form} className="grid max-w-md gap-3">
      {Object.entries(hidden).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {answer?.ok === false && <Notice kind="error" role="alert" title={answer.message} />}
      {fields.map(({ name, label, help, options, defaultValue, ...input }) => {
        const problem = problems[name];
        const own = `${id}-${name}`;
        const described = [
          ...(problem === undefined ? [] : [`${own}-error`]),
          ...(help === undefined ? [] : [`${own}-help`]),
        ];
        const shared = {
          // What came back is another field, which begins with it.
          key: typed[name],
          id: own,
          name,
          required: true,
          defaultValue: typed[name] ?? defaultValue,
          "aria-invalid": problem === undefined ? undefined : true,
          "aria-describedby": described.join(" ") || undefined,
          className: fieldClass,
        };
        const { key, ...rest } = shared;
        return (
          <Field
            key={name}
            label={label}
            htmlFor={own}
            error={problem === undefined ? undefined : { id: `${own}-error`, text: problem }}
            help={help === undefined ? undefined : { id: `${own}-help`, text: help }}
          >
            {options === undefined ? (
              <input key={key} {...rest} {...input} />
            ) : (
              <select key={key} {...rest}>
                {options.map(({ value, text }) => (
                  <option key={value} value={value}>
                    {text}
                  </option>
                ))}
              </select>
            )}
          </Field>
        );
      })}
      <Button
        type="submit"
        kind={isPrimary ? "primary" : "secondary"}
        disabled={isSending}
        className="justify-self-start"
      >
        {isSending ? "Sending …" : submit}
      </Button>
      {answer?.ok && (
        <Notice kind="done" role="status" title={answer.done.says}>
          {answer.done.once !== undefined && (
            <dl className="grid w-full gap-1">
              {answer.done.once.map(({ label, value }) => (
                <div key={label}>
                  <dt className="text-ink-2 text-xs">{label}</dt>
                  <dd className="select-all break-all font-mono">{value}</dd>
                </div>
              ))}
            </dl>
          )}
        </Notice>
      )}
      {refusal !== null && <RefusalNotice refusal={refusal} />}
    </form>
  );
}
