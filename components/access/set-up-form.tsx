"use client";

import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import { Field, fieldClass } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { RefusalNotice } from "@/components/ui/refusal";
import { useAnswer } from "@/components/ui/use-action";
import { LONGEST_PASSWORD, SHORTEST_PASSWORD } from "@/lib/access/password";
import type { FormState } from "@/lib/form-state";

type Name = "name" | "email" | "password";
type State = FormState<Name, never>;

/** Name, e-mail address and password, of which a link knows some; `email`: null where it does not know that. */
export function SetUpForm({
  token,
  email,
  asksForName,
  send,
}: {
  token: string;
  email: string | null;
  asksForName: boolean;
  send: (last: State, form: FormData) => Promise<State>;
}) {
  const { answer, refusal, isSending, form } = useAnswer(send, useActionState(send, null));
  const problems = answer?.ok === false ? answer.fields : {};
  const told = (name: Name, ...help: string[]) => ({
    "aria-invalid": problems[name] === undefined ? undefined : true,
    "aria-describedby":
      [...(problems[name] === undefined ? [] : [`${name}-error`]), ...help].join(" ") || undefined,
  });
  const error = (name: Name) =>
    problems[name] === undefined ? undefined : { id: `${name}-error`, text: problems[name] };
  return (
    <form {...form} className="grid gap-3">
      <input type="hidden" name="token" value={token} />
      {answer?.ok === false && <Notice kind="error" role="alert" title={answer.message} />}
      {asksForName && (
        <Field label="Name" htmlFor="name" error={error("name")}>
          <input
            key={answer?.typed.name}
            id="name"
            name="name"
            required
            maxLength={80}
            autoComplete="name"
            defaultValue={answer?.typed.name}
            {...told("name")}
            className={fieldClass}
          />
        </Field>
      )}
      {email === null ? (
        <Field label="E-mail address" htmlFor="email" error={error("email")}>
          <input
            key={answer?.typed.email}
            id="email"
            name="email"
            type="email"
            required
            maxLength={254}
            autoComplete="username"
            defaultValue={answer?.typed.email}
            {...told("email")}
            className={fieldClass}
          />
        </Field>
      ) : (
        // For what keeps passwords, which has to know whose it is.
        <Field label="E-mail address" htmlFor="email">
          <input
            id="email"
            type="email"
            readOnly
            autoComplete="username"
            value={email}
            className={fieldClass}
          />
        </Field>
      )}
      <Field
        label="Password"
        htmlFor="password"
        error={error("password")}
        help={{
          id: "password-hint",
          text: `${SHORTEST_PASSWORD} to ${LONGEST_PASSWORD} characters; a few words that do not belong together are good.`,
        }}
      >
        <input
          id="password"
          name="password"
          type="password"
          required
          minLength={SHORTEST_PASSWORD}
          maxLength={LONGEST_PASSWORD}
          autoComplete="new-password"
          {...told("password", "password-hint")}
          className={fieldClass}
        />
      </Field>
      <Button type="submit" kind="primary" disabled={isSending} className="justify-self-start">
        {isSending ? "Saving …" : "Save and sign in"}
      </Button>
      {refusal !== null && <RefusalNotice refusal={refusal} />}
    </form>
  );
}
