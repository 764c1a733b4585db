"use client";

import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import { Field, fieldClass } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { RefusalNotice } from "@/components/ui/refusal";
import { useAnswer } from "@/components/ui/use-action";
import type { FormState } from "@/lib/form-state";

type State = FormState<"code", never>;

/** The code of a TOTP application, or a backup code; leads to `next`, a path of ours. */
export function CodeForm({
  next,
  send,
}: {
  next: string;
  send: (last: State, form: FormData) => Promise<State>;
}) {
  const { answer, refusal, isSending, form } = useAnswer(send, useActionState(send, null));
  return (
    <form {...form} className="grid gap-3">
      <input type="hidden" name="next" value={next} />
      {answer?.ok === false && <Notice kind="error" role="alert" title={answer.message} />}
      <Field
        label="Code"
        htmlFor="code"
        help={{ id: "code-hint", text: "Six digits; or one of your backup codes, each of which works once." }}
      >
        <input
          id="code"
          name="code"
          required
          maxLength={20}
          autoComplete="one-time-code"
          autoCapitalize="none"
          spellCheck={false}
          aria-describedby="code-hint"
          className={`${fieldClass} font-mono`}
        />
      </Field>
      <Button type="submit" kind="primary" disabled={isSending} className="justify-self-start">
        {isSending ? "Signing in …" : "Sign in"}
      </Button>
      {refusal !== null && <RefusalNotice refusal={refusal} />}
    </form>
  );
}
