"use server";

import { headers } from "next/headers";
import { redirect } from "next/navigation";
import * as z from "zod";
import { emailSchema, nameSchema } from "@/lib/access/password";
import type { ToldState } from "@/lib/access/told";
import { textsOf } from "@/lib/form-state";
import { enterByPassword } from "@/lib/server/access/enter";
import { redeemLink } from "@/lib/server/access/set-up";
import { keepCookies } from "../sign-in/keep-cookies";

const form = z.object({
  token: z.string().max(100),
  // The link knows the name of somebody who has lost a password, and the address of somebody who is invited.
  name: nameSchema.optional(),
  email: emailSchema.optional(),
  password: z.string().max(1_000),
});

/** Makes the person, or their new password, that the form's link is for, and signs them in. */
export async function setUpAction(_: ToldState, data: FormData): Promise<ToldState> {
  const { name, email, ...rest } = textsOf(data);
  // The password is not sent back.
  const typed = { name, email };
  const parsed = form.safeParse({ ...typed, ...rest });
  if (!parsed.success) {
    const fields = Object.fromEntries(parsed.error.issues.map(({ path, message }) => [path[0], message]));
    return { ok: false, typed, message: "Nothing was saved: see what is marked.", fields };
  }
  const { token, password } = parsed.data;
  const used = await redeemLink(token, {
    name: parsed.data.name ?? "",
    email: parsed.data.email ?? "",
    password,
  });
  if (!used.ok) {
    const { token: message, ...fields } = used.error;
    return { ok: false, typed, message: message ?? "Nothing was saved: see what is marked.", fields };
  }
  const entered = await enterByPassword({ email: used.value.email, password }, await headers());
  if (!entered.ok) redirect("/sign-in");
  await keepCookies(entered.value.cookies);
  redirect(entered.value.next === "in" ? "/" : "/sign-in/second");
}
