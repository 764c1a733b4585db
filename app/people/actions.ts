"use server";

import { refresh } from "next/cache";
import { redirect } from "next/navigation";
import * as z from "zod";
import { emailSchema } from "@/lib/access/password";
import { ROLES, SCOPES } from "@/lib/access/roles";
import { textsOf } from "@/lib/form-state";
import { withNotice } from "@/lib/notices";
import { fail, ok } from "@/lib/result";
import { isNotAllowed } from "@/lib/server/access/actor";
import { makeKey, revokeKey } from "@/lib/server/access/api-key";
import {
  changeRole,
  invite,
  passwordLink,
  removePerson,
  withdrawInvitation,
} from "@/lib/server/access/people";
import { erasePerson } from "@/lib/server/access/person-data";
import { createTeam, renameTeam, type TeamError } from "@/lib/server/access/teams";
import { toldAction } from "@/lib/server/access/told-action";
import { whyNotSaved } from "@/lib/server/form-action";

const role = z.enum(ROLES, "Choose a role.");
const userId = z.string().max(64);

/** Invites the form's `email` as its `role` into its `team`. */
export const inviteAction = toldAction(
  z.object({ email: emailSchema, role, team: z.string().max(64) }),
  async ({ email, role, team }) => {
    const invited = await invite(email, role, team);
    if (!invited.ok) return invited;
    refresh();
    const link = invited.value;
    return ok(
      link === null
        ? { says: `${email} has an account already, and is in the team now.` }
        : {
            says: `Hand this link to ${email}: it works once, within 24 hours, and cannot be read again here.`,
            once: [{ label: "Link", value: link }],
          },
    );
  },
);

/** Gives the form's `user` its `role`. */
export const changeRoleAction = toldAction(z.object({ user: userId, role }), async ({ user, role }) => {
  const changed = await changeRole(user, role);
  if (!changed.ok) return changed;
  refresh();
  return ok({ says: "The role is changed." });
});

/** Removes the form's `user` from the team. */
export const removePersonAction = toldAction(z.object({ user: userId }), async ({ user }) => {
  const removed = await removePerson(user);
  if (!removed.ok) return removed;
  return redirect("/people");
});

/** Erases the form's `user`, whose `email` is typed once more. */
export const erasePersonAction = toldAction(
  z.object({ user: userId, email: emailSchema, theirs: z.string() }),
  async ({ user, email, theirs }) => {
    if (email !== theirs) return fail("That is another address. Nothing was erased.");
    const erased = await erasePerson(user);
    if (!erased.ok) return erased;
    return redirect("/people");
  },
);

/** Makes a link by which the form's `user` sets a new password. */
export const passwordLinkAction = toldAction(z.object({ user: userId }), async ({ user }) => {
  const link = await passwordLink(user);
  if (!link.ok) return link;
  return ok({
    says: "Hand this link to them: it works once, within 24 hours, and cannot be read again here.",
    once: [{ label: "Link", value: link.value }],
  });
});

/** Does what the form of one row asks for, and shows the people; who may not do it any more is told on a page of theirs. */
async function onPeople(act: () => Promise<unknown>): Promise<never> {
  try {
    await act();
  } catch (error) {
    if (isNotAllowed(error)) redirect(withNotice("/history", "not_administrator"));
    throw error;
  }
  return redirect("/people");
}

/** Withdraws the invitation of the form's `id`. */
export async function withdrawAction(form: FormData): Promise<void> {
  await onPeople(() => withdrawInvitation(textsOf(form).id ?? ""));
}

const name = z.string().trim().min(1, "Enter a name.").max(60, "Enter at most 60 characters.");

/** Makes a team of the form's `name`. */
export const makeTeamAction = toldAction(z.object({ name }), async (form) => {
  const made = await createTeam(form.name);
  if (!made.ok) return fail(whyNotTeam(made.error));
  refresh();
  return ok({ says: `The team ${form.name} is made, with an empty history. Invite its people into it.` });
});

/** Gives the form's `team` its `name`. */
export const renameTeamAction = toldAction(
  z.object({ team: z.string().max(64), name }),
  async ({ team, ...form }) => {
    const renamed = await renameTeam(team, form.name);
    if (!renamed.ok) return fail(whyNotTeam(renamed.error));
    if (!renamed.value) return fail("There is no such team any more. Reload the page.");
    refresh();
    return ok({ says: `It is called ${form.name} now.` });
  },
);

const whyNotTeam = (error: TeamError) =>
  error.code === "taken" ? "Another team has this name." : whyNotSaved(error);

const MOST_DAYS = 365;

/** Makes a key of the form's `name` and `scopes`, for its `days`. */
export const makeKeyAction = toldAction(
  z.object({
    name,
    scopes: z.enum(["read", "read predict"], "Choose what it is for."),
    days: z.coerce
      .number<string>()
      .int("Enter a whole number.")
      .min(1, "Enter at least 1.")
      .max(MOST_DAYS, `Enter at most ${MOST_DAYS}.`),
  }),
  async ({ scopes, days, ...form }) => {
    const { key } = await makeKey(
      form.name,
      SCOPES.filter((scope) => scopes.split(" ").includes(scope)),
      days,
    );
    refresh();
    return ok({ says: "Keep this key: it cannot be read again.", once: [{ label: "Key", value: key }] });
  },
);

/** Revokes the key of the form's `id`. */
export async function revokeKeyAction(form: FormData): Promise<void> {
  await onPeople(() => revokeKey(textsOf(form).id ?? ""));
}
