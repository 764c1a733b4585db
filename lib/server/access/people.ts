import "server-only";
import { parseRole, type Role } from "@/lib/access/roles";
import { fail, ok, type Result } from "@/lib/result";
import { homeDatabase } from "@/lib/server/database/db";
import { idOf, requireRight } from "./actor";
import { audit } from "./audit";
import { administersAll, endMemberships, GONE, lockTeam, whollyOurs } from "./membership";
import { makeLink } from "./set-up";
import { openInvitation } from "./sign-in";

/** The people of a team, whom its administrators invite and remove. */

const LAST = "This is the team's last administrator. Make somebody else one first.";

/** The people of the team of who asks, by name, and who is invited and has not come yet. */
export async function listPeople() {
  const { team } = requireRight("administer");
  const db = await homeDatabase();
  const [members, invited] = await Promise.all([
    db.member.findMany({
      where: { teamId: team },
      orderBy: { user: { name: "asc" } },
      select: {
        role: true,
        user: {
          select: {
            id: true,
            name: true,
            email: true,
            twoFactorEnabled: true,
            passkeys: { select: { id: true } },
          },
        },
      },
    }),
    db.invitation.findMany({
      where: { teamId: team, userId: null, email: { not: null }, ...openInvitation() },
      orderBy: { createdAt: "desc" },
      select: { id: true, email: true, role: true, expiresAt: true },
    }),
  ]);
  const people = members.map(({ role, user: { id, name, email, twoFactorEnabled, passkeys } }) => ({
    ...{ id, name, email, role: parseRole(role) ?? "viewer" },
    hasSecondFactor: twoFactorEnabled === true || passkeys.length > 0,
  }));
  return { people, invited };
}

/** The teams that who asks may invite into: their own, and of the home team's administrators any. */
export async function teamsToInviteTo() {
  const { team } = requireRight("administer");
  const db = await homeDatabase();
  return db.team.findMany({
    where: administersAll() ? {} : { id: team },
    orderBy: { name: "asc" },
    select: { id: true, name: true },
  });
}

/** Invites somebody by a link; who is here already is added at once, and there is none. */
export async function invite(
  email: string,
  role: Role,
  teamId: string,
): Promise<Result<string | null, string>> {
  const who = requireRight("administer");
  if (teamId !== who.team && !administersAll()) return fail("You can only invite people into your own team.");
  const db = await homeDatabase();
  if ((await db.team.findUnique({ where: { id: teamId } })) === null)
    return fail("There is no such team any more.");
  const person = await db.user.findUnique({ where: { email }, select: { id: true } });
  if (person === null) {
    await audit("person_invited", { object: "team", objectId: teamId, detail: { role } });
    // The link before it is lost, or it would not be made again.
    await db.invitation.deleteMany({ where: { email, teamId, userId: null, usedAt: null } });
    return ok(await makeLink({ teamId, role, email, createdBy: idOf(who) ?? who.kind }));
  }
  const key = { userId: person.id, teamId };
  if ((await db.member.findUnique({ where: { userId_teamId: key } })) !== null)
    return fail("They are in this team already.");
  await audit("person_joined", { object: "person", objectId: person.id, detail: { role } });
  await db.member.create({ data: { ...key, role } });
  return ok(null);
}

/** Withdraws an invitation of the team of who asks. */
export async function withdrawInvitation(id: string): Promise<void> {
  const { team } = requireRight("administer");
  const db = await homeDatabase();
  await audit("invitation_withdrawn");
  await db.invitation.deleteMany({ where: { id, teamId: team, usedAt: null } });
}

/** Gives somebody of the team of who asks another role. */
export async function changeRole(userId: string, role: Role): Promise<Result<null, string>> {
  const { team } = requireRight("administer");
  const db = await homeDatabase();
  await audit("role_changed", { object: "person", objectId: userId, detail: { role } });
  const [, changed] = await db.$transaction([
    lockTeam(db, team),
    db.$executeRaw`
      UPDATE member SET role = ${role} WHERE user_id = ${userId} AND team_id = ${team}
      AND (${role} = 'administrator' OR role <> 'administrator' OR EXISTS (
        SELECT 1 FROM member AS other
        WHERE other.team_id = ${team} AND other.role = 'administrator' AND other.user_id <> ${userId}))`,
  ]);
  return changed > 0 ? ok(null) : fail((await isThere(userId, team)) ? LAST : GONE);
}

/** Removes somebody from the team of who asks; who is in no other then has no account any more. */
export async function removePerson(userId: string): Promise<Result<null, string>> {
  const { team } = requireRight("administer");
  await audit("person_removed", { object: "person", objectId: userId });
  if (await endMemberships(userId, [team])) return ok(null);
  return fail((await isThere(userId, team)) ? LAST : GONE);
}

async function isThere(userId: string, teamId: string): Promise<boolean> {
  const db = await homeDatabase();
  return (await db.member.findUnique({ where: { userId_teamId: { userId, teamId } } })) !== null;
}

/**
 * A link by which somebody of the team of who asks sets a new password. Of who is in another team too, the home team's
 * administrators alone: whoever opens the link could act there.
 */
export async function passwordLink(userId: string): Promise<Result<string, string>> {
  const who = requireRight("administer");
  const allowed = await whollyOurs(userId);
  if (!allowed.ok) return allowed;
  const db = await homeDatabase();
  const own = await db.member.findUniqueOrThrow({
    where: { userId_teamId: { userId, teamId: who.team } },
    select: { role: true },
  });
  await audit("password_link_made", { object: "person", objectId: userId });
  await db.invitation.deleteMany({ where: { userId, usedAt: null } });
  const createdBy = idOf(who) ?? who.kind;
  return ok(
    await makeLink({
      teamId: who.team,
      role: parseRole(own.role) ?? "viewer",
      email: null,
      userId,
      createdBy,
    }),
  );
}
