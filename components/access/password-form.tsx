"use client";

import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import { Field, fieldClass } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { RefusalNotice } from "@/components/ui/refusal";
import { useAnswer } from "@/components/ui/use-action";
import type { FormState } from "@/lib/form-state";

type State = FormState<"email", never>;

/** E-mail address and password; leads to `next`, a path of ours. */
export function PasswordForm({
  next,
  signIn,
}: {
  next: string;
  signIn: (last: State, form: FormData) => Promise<State>;
}) {
  const { answer, refusal, isSending, form } = useAnswer(signIn, useActionState(signIn, null));
  return (
    <form {...form} className="grid gap-3">
      <input type="hidden" name="next" value={next} />
      {answer?.ok === false && <Notice kind="error" role="alert" title={answer.message} />}
      <Field label="E-mail address" htmlFor="email">
        <input
          key={answer?.typed.email}
          id="email"
          name="email"
          type="email"
          required
          maxLength={254}
          autoComplete="username webauthn"
          defaultValue={answer?.typed.email}
          className={fieldClass}
        />
      </Field>
      <Field label="Password" htmlFor="password">
        <input
          id="password"
          name="password"
          type="password"
          required
          maxLength={128}
          autoComplete="current-password"
          className={fieldClass}
        />
      </Field>
      <Button type="submit" kind="primary" disabled={isSending} className="justify-self-start">
        {isSending ? "Signing in …" : "Sign in"}
      </Button>
      {refusal !== null && <RefusalNotice refusal={refusal} />}
    </form>
  );
}
