import "server-only";
import { isAPIError } from "better-auth/api";
import { fail, ok, type Result } from "@/lib/result";
import { homeDatabase } from "@/lib/server/database/db";
import { askingPerson, NotAllowed } from "./actor";
import { audit } from "./audit";
import { OIDC, signIn } from "./sign-in";

/** What people do about their own account. */

const WRONG_PASSWORD = "That is not your password.";

function self() {
  const who = askingPerson();
  if (who === null) throw new NotAllowed("Nobody is signed in.");
  return who;
}

/** Everything that the page of one's own account shows. */
export async function ownAccount() {
  const who = self();
  const db = await homeDatabase();
  const userId = who.id;
  const [accounts, user, sessions, passkeys, members] = await Promise.all([
    db.account.findMany({ where: { userId }, select: { providerId: true } }),
    db.user.findUniqueOrThrow({ where: { id: userId }, select: { twoFactorEnabled: true } }),
    db.session.findMany({
      where: { userId, expiresAt: { gt: new Date() } },
      orderBy: { updatedAt: "desc" },
      select: { id: true, userAgent: true, ipAddress: true, createdAt: true, updatedAt: true },
    }),
    db.passkey.findMany({
      where: { userId },
      orderBy: { createdAt: "asc" },
      select: { id: true, name: true, createdAt: true },
    }),
    db.member.findMany({
      where: { userId },
      orderBy: { team: { name: "asc" } },
      select: { role: true, team: { select: { id: true, name: true } } },
    }),
  ]);
  return {
    who,
    hasPassword: accounts.some(({ providerId }) => providerId !== OIDC),
    hasSecondFactor: user.twoFactorEnabled === true,
    sessions: sessions.map(({ id, ...rest }) => ({ id, isThis: id === who.session, ...rest })),
    passkeys,
    teams: members.map(({ team, role }) => ({ ...team, role, isShown: team.id === who.team })),
  };
}

/** What better-auth refuses is a wrong password or code here; anything else is a fault. */
async function refusedAs<T>(sentence: string, work: () => Promise<T>): Promise<Result<T, string>> {
  try {
    return ok(await work());
  } catch (error) {
    if (!isAPIError(error) || error.status === "INTERNAL_SERVER_ERROR") throw error;
    return fail(sentence);
  }
}

/** Changes the password and ends every other session; gives Set-Cookie headers. */
export async function changePassword(
  { current, next }: { current: string; next: string },
  headers: Headers,
): Promise<Result<string[], string>> {
  const who = self();
  return refusedAs(WRONG_PASSWORD, async () => {
    const { api } = await signIn();
    await api.verifyPassword({ body: { password: current }, headers });
    await audit("password_changed", { object: "person", objectId: who.id });
    const { headers: answered } = await api.changePassword({
      body: { currentPassword: current, newPassword: next, revokeOtherSessions: true },
      headers,
      returnHeaders: true,
    });
    const db = await homeDatabase();
    await db.session.updateMany({ where: { userId: who.id }, data: { teamId: who.team } });
    return answered.getSetCookie();
  });
}

/** Begins a second factor: what an application is told, and backup codes. It is asked for once a code of it was right. */
export async function beginSecondFactor(
  password: string,
  headers: Headers,
): Promise<Result<{ uri: string; secret: string; backupCodes: string[] }, string>> {
  self();
  return refusedAs(WRONG_PASSWORD, async () => {
    const { api } = await signIn();
    const begun = await api.enableTwoFactor({ body: { password, method: "totp" }, headers });
    if (begun.method !== "totp") throw new Error("There is no secret.");
    const secret = new URL(begun.totpURI).searchParams.get("secret") ?? "";
    return { uri: begun.totpURI, secret, backupCodes: begun.backupCodes };
  });
}

/** Has the second factor asked for from now on; gives Set-Cookie headers. */
export async function confirmSecondFactor(code: string, headers: Headers): Promise<Result<string[], string>> {
  self();
  return refusedAs("The code is wrong. Look whether the clock of your device is right.", async () => {
    const { api } = await signIn();
    const { headers: answered } = await api.verifyTOTP({ body: { code }, headers, returnHeaders: true });
    await audit("second_factor_added", { detail: { factor: "totp" } });
    return answered.getSetCookie();
  });
}

/** Takes the second factor off; gives Set-Cookie headers. */
export async function endSecondFactor(password: string, headers: Headers): Promise<Result<string[], string>> {
  self();
  return refusedAs(WRONG_PASSWORD, async () => {
    const { api } = await signIn();
    const { headers: answered } = await api.disableTwoFactor({
      body: { password },
      headers,
      returnHeaders: true,
    });
    await audit("second_factor_removed", { detail: { factor: "totp" } });
    return answered.getSetCookie();
  });
}

/** Ends one of one's own sessions. */
export async function endSession(id: string): Promise<void> {
  const { id: userId } = self();
  await audit("sessions_ended", { detail: { count: 1 } });
  const db = await homeDatabase();
  await db.session.deleteMany({ where: { id, userId } });
}

/** Forgets one of one's own passkeys. */
export async function removePasskey(id: string): Promise<void> {
  const { id: userId } = self();
  await audit("second_factor_removed", { detail: { factor: "passkey" } });
  const db = await homeDatabase();
  await db.passkey.deleteMany({ where: { id, userId } });
}

/** Shows another team's history from now on, where one belongs to it. */
export async function switchTeam(teamId: string): Promise<boolean> {
  const { id: userId, session } = self();
  const db = await homeDatabase();
  const member = await db.member.findUnique({ where: { userId_teamId: { userId, teamId } } });
  if (member === null) return false;
  await audit("team_chosen", { object: "team", objectId: teamId });
  await db.session.updateMany({ where: { id: session, userId }, data: { teamId } });
  return true;
}
