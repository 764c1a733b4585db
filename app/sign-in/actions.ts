"use server";

import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { ownPath } from "@/lib/access/own-path";
import type { ToldState } from "@/lib/access/told";
import { textsOf } from "@/lib/form-state";
import { enterByCode, enterByPassword, leave } from "@/lib/server/access/enter";
import { keepCookies } from "./keep-cookies";

/** Signs in by the form's `email` and `password`, and leads to its `next`. */
export async function signInAction(_: ToldState, form: FormData): Promise<ToldState> {
  const { email = "", password = "", next } = textsOf(form);
  const entered = await enterByPassword({ email: email.trim().toLowerCase(), password }, await headers());
  // The password is not sent back.
  if (!entered.ok) return { ok: false, typed: { email }, message: entered.error, fields: {} };
  await keepCookies(entered.value.cookies);
  const path = ownPath(next);
  redirect(entered.value.next === "in" ? path : `/sign-in/second?next=${encodeURIComponent(path)}`);
}

/** Signs in by the form's `code`, where a password was right before, and leads to its `next`. */
export async function secondFactorAction(_: ToldState, form: FormData): Promise<ToldState> {
  const { code = "", next } = textsOf(form);
  const entered = await enterByCode(code.replaceAll(/\s/g, ""), await headers());
  if (!entered.ok) return { ok: false, typed: {}, message: entered.error, fields: {} };
  await keepCookies(entered.value.cookies);
  redirect(ownPath(next));
}

/** Ends the session of this browser. */
export async function signOutAction(): Promise<void> {
  await keepCookies(await leave(await headers()));
  redirect("/sign-in");
}
