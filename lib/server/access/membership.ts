import "server-only";
import { fail, ok, type Result } from "@/lib/result";
import { homeDatabase } from "@/lib/server/database/db";
import { rewriteFile } from "@/lib/server/database/rewrite";
import { Prisma } from "@/lib/server/generated/sqlite/client";
import { HOME, requireRight, runForTeam } from "./actor";

/** In which teams somebody is, and how that ends, and with the last of them the account. */

export const GONE = "There is nobody with this name in your team any more. Reload the page.";
const ELSEWHERE = "They are in another team too. Ask an administrator of the whole installation.";

/** Whether who asks administers the whole installation. */
export const administersAll = () => requireRight("administer").team === HOME;

/** The rows of a team, from now to the end of a transaction: two who demote each other do it one after the other. */
export const lockTeam = (db: Awaited<ReturnType<typeof homeDatabase>>, team: string) =>
  db.$executeRaw`UPDATE team SET name = name WHERE id = ${team}`;

/**
 * The teams of somebody of the team of who asks. Of who is in another too, for the home team's administrators alone: else one
 * team's could read, or take, what is another's.
 */
export async function whollyOurs(userId: string): Promise<Result<string[], string>> {
  const { team } = requireRight("administer");
  const members = await (await homeDatabase()).member.findMany({ where: { userId } });
  const teams = members.map(({ teamId }) => teamId);
  if (!teams.includes(team)) return fail(GONE);
  if (teams.length > 1 && !administersAll()) return fail(ELSEWHERE);
  return ok(teams);
}

/**
 * Takes somebody out of these teams, of all or of none, where each keeps an administrator; whether it did. An account without a
 * team goes, and with it all that names its person: sessions, ways in, invitations.
 */
export async function endMemberships(userId: string, teams: readonly string[]): Promise<boolean> {
  const db = await homeDatabase();
  const email = (await db.user.findUnique({ where: { id: userId }, select: { email: true } }))?.email ?? null;
  const of = Prisma.join(teams.length === 0 ? [""] : teams);
  const isGone = Prisma.sql`NOT EXISTS (SELECT 1 FROM member WHERE user_id = ${userId})`;
  const done: unknown[] = await db.$transaction([
    // In one order, or two of them could wait for each other.
    ...[...teams].sort().map((team) => lockTeam(db, team)),
    db.$executeRaw`
      DELETE FROM member WHERE user_id = ${userId} AND team_id IN (${of}) AND NOT EXISTS (
        SELECT 1 FROM member AS own
        WHERE own.user_id = ${userId} AND own.team_id IN (${of}) AND own.role = 'administrator' AND NOT EXISTS (
          SELECT 1 FROM member AS other
          WHERE other.team_id = own.team_id AND other.role = 'administrator' AND other.user_id <> ${userId}))`,
    db.$executeRaw`DELETE FROM invitation WHERE (user_id = ${userId} OR email = ${email}) AND ${isGone}`,
    db.$executeRaw`DELETE FROM verification WHERE value LIKE ${`%${userId}%`} AND ${isGone}`,
    db.user.deleteMany({ where: { id: userId, members: { none: {} } } }),
  ]);
  const [removed, , , gone] = done.slice(teams.length) as [number, number, number, { count: number }];
  if (gone.count > 0) await runForTeam(HOME, rewriteFile);
  return removed > 0;
}
