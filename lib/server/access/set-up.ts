import "server-only";
import { v7 as uuidv7 } from "uuid";
import { passwordProblem } from "@/lib/access/password";
import { parseRole, type Role } from "@/lib/access/roles";
import { fail, ok, type Result } from "@/lib/result";
import { homeDatabase } from "@/lib/server/database/db";
import { env } from "@/lib/server/env";
import { words } from "@/tables/current";
import { HOME } from "./actor";
import { hashOf, newSecret } from "./secret";
import { openInvitation, recordJoin, recordNewPassword, signIn } from "./sign-in";

/** Links by which somebody sets a password: the first administrator, who is invited, and who lost theirs. */

const VALID_MS = 24 * 60 * 60_000;

/** What a link is for; `email`: null where whoever opens it says it. */
type Purpose = {
  teamId: string;
  role: Role;
  email: string | null;
  userId?: string;
  createdBy?: string;
};

/** Makes a link. It can be read this once: only its hash is kept. */
export async function makeLink(purpose: Purpose): Promise<string> {
  const token = newSecret();
  const now = new Date();
  const db = await homeDatabase();
  await db.invitation.create({
    data: {
      id: uuidv7(),
      tokenHash: hashOf(token),
      ...purpose,
      createdAt: now,
      expiresAt: new Date(now.getTime() + VALID_MS),
    },
  });
  return `${env().PUBLIC_URL}/set-up?token=${token}`;
}

/** The link of the first administrator, a new one in place of any before it; null once there is a person. */
export async function firstLink(): Promise<string | null> {
  const db = await homeDatabase();
  if ((await db.user.findFirst({ select: { id: true } })) !== null) return null;
  await db.invitation.deleteMany({ where: { email: null } });
  return makeLink({ teamId: HOME, role: "administrator", email: null });
}

/** What a link's token opens, for its page; null where it opens nothing, or no more. */
export async function findInvitation(token: string) {
  const db = await homeDatabase();
  const found = await db.invitation.findFirst({
    where: { tokenHash: hashOf(token), ...openInvitation() },
    select: { id: true, email: true, teamId: true, role: true, userId: true },
  });
  if (found === null) return null;
  const team = await db.team.findUnique({ where: { id: found.teamId }, select: { name: true } });
  const person =
    found.userId === null
      ? null
      : await db.user.findUnique({ where: { id: found.userId }, select: { name: true, email: true } });
  const role = parseRole(found.role);
  if (role === null || (found.userId !== null && person === null)) return null;
  return { ...found, role, email: person?.email ?? found.email, team: team?.name ?? words.app.name, person };
}

const USED = "This link is not valid any more. Ask for another.";

/** What is wrong with which field of the page, or with the link. */
export type SetUpProblem = { token?: string; email?: string; password?: string };

/**
 * Uses a link up: makes the person, or their new password, and gives the address to sign in with. Two that use it at once make
 * one person: its row is used up in the same transaction, by a statement that fails where it is already.
 */
export async function redeemLink(
  token: string,
  given: { name: string; email: string; password: string },
): Promise<Result<{ email: string }, SetUpProblem>> {
  const invitation = await findInvitation(token);
  if (invitation === null) return fail({ token: USED });
  const email = invitation.email ?? given.email;
  const problem = passwordProblem(given.password, email);
  if (problem !== null) return fail({ password: problem });
  const db = await homeDatabase();
  const context = await (await signIn()).$context;
  const password = await context.password.hash(given.password);
  const now = new Date();
  const used = db.invitation.update({
    where: { id: invitation.id, usedAt: null },
    data: { usedAt: now },
    select: { id: true },
  });
  const account = (userId: string) => ({
    id: uuidv7(),
    accountId: userId,
    providerId: "credential",
    userId,
    password,
    createdAt: now,
    updatedAt: now,
  });
  const { userId } = invitation;
  if (userId !== null) {
    await recordNewPassword(userId, invitation.teamId);
    return settle(
      email,
      db.$transaction([
        used,
        db.account.deleteMany({ where: { userId, providerId: "credential" } }),
        db.account.create({ data: account(userId) }),
        db.session.deleteMany({ where: { userId } }),
      ]),
    );
  }
  if ((await db.user.findUnique({ where: { email }, select: { id: true } })) !== null)
    return fail({ email: "Somebody with this address is here already. Ask an administrator to add them." });
  const id = uuidv7();
  const { teamId, role } = invitation;
  await recordJoin(id, teamId, role);
  return settle(
    email,
    db.$transaction([
      used,
      db.team.upsert({
        where: { id: teamId },
        create: { id: teamId, name: words.app.name, createdAt: now },
        update: {},
      }),
      db.user.create({
        data: { id, name: given.name, email, emailVerified: true, createdAt: now, updatedAt: now },
      }),
      db.account.create({ data: account(id) }),
      db.member.create({ data: { userId: id, teamId, role } }),
    ]),
  );
}

/** Prisma's codes for a link that another request has used up meanwhile, and an address that it took. */
const OVERTAKEN: readonly unknown[] = ["P2002", "P2025"];

async function settle(
  email: string,
  saved: Promise<unknown>,
): Promise<Result<{ email: string }, SetUpProblem>> {
  try {
    await saved;
    return ok({ email });
  } catch (error) {
    if (error instanceof Error && "code" in error && OVERTAKEN.includes(error.code))
      return fail({ token: USED });
    throw error;
  }
}
