"use client";

import { type ComponentProps, Fragment, type ReactNode, useActionState } from "react";
import { RefusalNotice } from "@/components/ui/refusal";
import { UnsavedMark } from "@/components/ui/unsaved";
import { useTypedForm } from "@/components/ui/use-action";
import type { FormState, Texts } from "@/lib/form-state";

type Filled<Field extends string, Done> = {
  /** What the fields begin with: what was sent and is not settled, what an earlier page left unsaved, or what is saved. */
  texts: Texts<Field>;
  answer: FormState<Field, Done>;
  isSending: boolean;
};

/**
 * A form in which something is typed that stays in the tab, at `place`, until it is saved. It says where it holds what an
 * earlier page left, and where no answer came; `children` draws the fields and what was answered. `kept` names what is
 * typed: "notes".
 */
export function TypedForm<Field extends string, Done>({
  place,
  saved,
  action,
  kept,
  children,
  ...rest
}: Omit<ComponentProps<"form">, "action" | "onSubmit" | "onInput" | "children"> & {
  place: string;
  saved: Texts<Field>;
  action: (last: FormState<Field, Done>, form: FormData) => Promise<FormState<Field, Done>>;
  kept: string;
  children: (form: Filled<Field, Done>) => ReactNode;
}) {
  const { answer, refusal, isSending, unsaved, drop, form } = useTypedForm(
    place,
    saved,
    action,
    useActionState(action, null),
  );
  // Anything but a sentence asks for more.
  const isSettled = answer === null || (answer.ok && typeof answer.done === "string");
  const texts = isSettled ? (unsaved ?? saved) : answer.typed;
  return (
    <form {...rest} {...form}>
      {unsaved !== null && <UnsavedMark onDrop={drop} />}
      {/* Fields that begin with other texts are other fields. */}
      <Fragment key={unsaved === null ? "saved" : "unsaved"}>
        {children({ texts, answer, isSending })}
      </Fragment>
      {refusal !== null && <RefusalNotice refusal={refusal} kept={kept} />}
    </form>
  );
}
