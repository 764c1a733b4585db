"use server";

import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { ownPath } from "@/lib/access/own-path";
import type { FormState } from "@/lib/form-state";
import { enterByCode, enterByPassword, leave } from "@/lib/server/access/enter";
import { keepCookies } from "./keep-cookies";

/** A field of a form as text; a file is none. */
const text = (form: FormData, name: string) => {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
};

/** Signs in by the form's `email` and `password`, and leads to its `next`. */
export async function signInAction(
  _: FormState<"email", never>,
  form: FormData,
): Promise<FormState<"email", never>> {
  const email = text(form, "email").trim().toLowerCase();
  const next = ownPath(text(form, "next"));
  const entered = await enterByPassword({ email, password: text(form, "password") }, await headers());
  // The password is not sent back.
  if (!entered.ok) return { ok: false, typed: { email }, message: entered.error, fields: {} };
  await keepCookies(entered.value.cookies);
  redirect(entered.value.next === "in" ? next : `/sign-in/second?next=${encodeURIComponent(next)}`);
}

/** Signs in by the form's `code`, where a password was right before, and leads to its `next`. */
export async function secondFactorAction(
  _: FormState<"code", never>,
  form: FormData,
): Promise<FormState<"code", never>> {
  const entered = await enterByCode(text(form, "code").replaceAll(/\s/g, ""), await headers());
  if (!entered.ok) return { ok: false, typed: {}, message: entered.error, fields: {} };
  await keepCookies(entered.value.cookies);
  redirect(ownPath(text(form, "next")));
}

/** Ends the session of this browser. */
export async function signOutAction(): Promise<void> {
  await keepCookies(await leave(await headers()));
  redirect("/sign-in");
}
