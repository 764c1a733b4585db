"use server";

import { refresh } from "next/cache";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import * as z from "zod";
import { keepCookies } from "@/app/sign-in/keep-cookies";
import { emailSchema, passwordProblem } from "@/lib/access/password";
import { textsOf } from "@/lib/form-state";
import { fail, ok } from "@/lib/result";
import { askingPerson } from "@/lib/server/access/actor";
import { leave } from "@/lib/server/access/enter";
import {
  beginSecondFactor,
  changePassword,
  confirmSecondFactor,
  endSecondFactor,
  endSession,
  removePasskey,
  switchTeam,
} from "@/lib/server/access/own-account";
import { eraseOwnAccount } from "@/lib/server/access/person-data";
import { toldAction } from "@/lib/server/access/told-action";

const password = z.string().max(1_000);

/** Changes the form's `password` to its `next`. */
export const changePasswordAction = toldAction(
  z.object({ password, next: password }),
  async ({ password: current, next }) => {
    const problem = passwordProblem(next, askingPerson()?.email ?? "");
    if (problem !== null) return fail(problem);
    const changed = await changePassword({ current, next }, await headers());
    if (!changed.ok) return changed;
    await keepCookies(changed.value);
    return ok({ says: "Your password is changed. Everywhere else you are signed out." });
  },
);

/** Begins a second factor, where the form's `password` is right. */
export const beginSecondFactorAction = toldAction(z.object({ password }), async (form) => {
  const begun = await beginSecondFactor(form.password, await headers());
  if (!begun.ok) return begun;
  const { uri, secret, backupCodes } = begun.value;
  return ok({
    says: "Enter the secret in your application, keep the backup codes, then confirm with a code below.",
    once: [
      { label: "Secret", value: secret },
      { label: "The same as a link", value: uri },
      { label: "Backup codes, each of which works once", value: backupCodes.join(" ") },
    ],
  });
});

/** Has a second factor asked for, where the form's `code` is right. */
export const confirmSecondFactorAction = toldAction(
  z.object({
    code: z
      .string()
      .trim()
      .regex(/^\d{6}$/, "Enter the six digits that your application shows."),
  }),
  async ({ code }) => {
    const confirmed = await confirmSecondFactor(code, await headers());
    if (!confirmed.ok) return confirmed;
    await keepCookies(confirmed.value);
    refresh();
    return ok({ says: "From now on a code is asked for after your password." });
  },
);

/** Takes the second factor off, where the form's `password` is right. */
export const endSecondFactorAction = toldAction(z.object({ password }), async (form) => {
  const ended = await endSecondFactor(form.password, await headers());
  if (!ended.ok) return ended;
  await keepCookies(ended.value);
  refresh();
  return ok({ says: "No code is asked for any more." });
});

/** Erases who asks, whose `email` is typed once more. */
export const eraseAccountAction = toldAction(z.object({ email: emailSchema }), async ({ email }) => {
  if (email !== askingPerson()?.email) return fail("That is not your address. Nothing was erased.");
  const erased = await eraseOwnAccount();
  if (!erased.ok) return erased;
  await keepCookies(await leave(await headers()));
  return redirect("/sign-in");
});

/** Ends the session of the form's `id`. */
export async function endSessionAction(form: FormData): Promise<void> {
  await endSession(textsOf(form).id ?? "");
  redirect("/account");
}

/** Forgets the passkey of the form's `id`. */
export async function removePasskeyAction(form: FormData): Promise<void> {
  await removePasskey(textsOf(form).id ?? "");
  redirect("/account");
}

/** Shows the history of the form's `team`. */
export async function switchTeamAction(form: FormData): Promise<void> {
  await switchTeam(textsOf(form).team ?? "");
  redirect("/");
}
