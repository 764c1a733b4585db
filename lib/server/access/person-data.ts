import "server-only";
import type { Act } from "@/lib/access/audit";
import { parseRole } from "@/lib/access/roles";
import { fail, ok, type Result } from "@/lib/result";
import { database, homeDatabase } from "@/lib/server/database/db";
import { words } from "@/tables/current";
import { type Actor, askedAs, askingPerson, NotAllowed, requireRight, runAs } from "./actor";
import { audit } from "./audit";
import { endMemberships, whollyOurs } from "./membership";

/**
 * Everything of one person: as a JSON document without what would let anybody in, or erased. Who asks for themselves gets what
 * they did in all of their teams; an administrator, in the administrator's own.
 */

type Pieces = AsyncGenerator<string, void>;

/** Everything of who asks. */
export async function exportOwnData(): Promise<Pieces> {
  const who = askingPerson();
  if (who === null) throw new NotAllowed("Nobody is signed in.");
  await audit("person_exported", { object: "person", objectId: who.id });
  const members = await (await homeDatabase()).member.findMany({ where: { userId: who.id } });
  const inTeams = members.map(
    ({ teamId, role }): Actor => ({
      ...who,
      ...{ team: teamId, role: parseRole(role) ?? "viewer" },
    }),
  );
  return pieces(who.id, inTeams);
}

/** Everything of somebody of the team of who asks. */
export async function exportPerson(userId: string): Promise<Result<Pieces, string>> {
  const who = requireRight("administer");
  const allowed = await whollyOurs(userId);
  if (!allowed.ok) return allowed;
  await audit("person_exported", { object: "person", objectId: userId });
  return ok(pieces(userId, [who]));
}

async function* pieces(id: string, inTeams: readonly Actor[]): Pieces {
  const requestId = askedAs() ?? undefined;
  const account = await accountOf(id);
  const head = { application: words.app.name, exportedAt: new Date(), ...account };
  yield `${JSON.stringify(head).slice(0, -1)},"inTeams":[`;
  for (const [at, who] of inTeams.entries()) {
    const own = (work: () => Promise<string | null>) => runAs(who, work, requestId);
    yield `${at === 0 ? "" : ","}{"team":${JSON.stringify(who.team)},"wrote":${await own(() => wrote(id))},"audit":[`;
    for (let after = 0n, isFirst = true; ; isFirst = false) {
      const from = after;
      const entries = await runAs(who, () => entriesBeyond(id, from), requestId);
      const texts = entries.map(({ place, ...entry }) => JSON.stringify({ place: Number(place), ...entry }));
      if (texts.length > 0) yield (isFirst ? "" : ",") + texts.join(",");
      const last = entries.at(-1);
      if (last === undefined || entries.length < PIECE) break;
      after = last.place;
    }
    yield "]}";
  }
  yield "]}\n";
}

async function accountOf(userId: string) {
  const db = await homeDatabase();
  const person = await db.user.findUniqueOrThrow({ where: { id: userId } });
  const [waysIn, sessions, passkeys, teams, keysMade, invitationsMade, invitations] = await Promise.all([
    db.account.findMany({
      where: { userId },
      select: { providerId: true, accountId: true, createdAt: true, updatedAt: true },
    }),
    db.session.findMany({ where: { userId }, omit: { token: true, userId: true } }),
    db.passkey.findMany({
      where: { userId },
      select: { name: true, deviceType: true, backedUp: true, createdAt: true },
    }),
    db.member.findMany({
      where: { userId },
      select: { role: true, team: { select: { id: true, name: true } } },
    }),
    db.apiKey.findMany({ where: { createdBy: userId }, omit: { hash: true, createdBy: true } }),
    // Whom they invited is somebody else's address.
    db.invitation.findMany({
      where: { createdBy: userId },
      select: { teamId: true, role: true, createdAt: true, expiresAt: true, usedAt: true },
    }),
    db.invitation.findMany({
      where: { OR: [{ userId }, { email: person.email }] },
      omit: { tokenHash: true, createdBy: true },
    }),
  ]);
  return { person, waysIn, sessions, passkeys, teams, keysMade, invitationsMade, invitations };
}

const PIECE = 1_000;

/** What they did, and what was done to their account. */
async function entriesBeyond(id: string, place: bigint) {
  const { auditEntry } = await database();
  return auditEntry.findMany({
    where: { place: { gt: place }, OR: [{ actorId: id }, { object: "person", objectId: id }] },
    orderBy: { place: "asc" },
    take: PIECE,
  });
}

const NOTED: readonly Act[] = ["prediction_noted", "outcome_recorded"];
/** An edit and its entry have a time each, taken in the same request. */
const SAME_ACT_MS = 2_000;

/** The texts that they wrote beside predictions, as JSON: edits name nobody, and are theirs by the audit. */
async function wrote(id: string): Promise<string> {
  const { auditEntry, edit } = await database();
  const entries = await auditEntry.findMany({
    where: { actorId: id, act: { in: [...NOTED] } },
    select: { objectId: true, at: true },
  });
  const times = new Map<string, number[]>();
  for (const { objectId, at } of entries) {
    if (objectId !== null) times.set(objectId, [...(times.get(objectId) ?? []), at.getTime()]);
  }
  const edits: object[] = [];
  const ids = [...times.keys()];
  for (let from = 0; from < ids.length; from += PIECE) {
    const found = await edit.findMany({ where: { predictionId: { in: ids.slice(from, from + PIECE) } } });
    edits.push(
      ...found.filter(({ predictionId, at }) =>
        times.get(predictionId)?.some((time) => Math.abs(time - at.getTime()) < SAME_ACT_MS),
      ),
    );
  }
  return JSON.stringify(edits);
}

const LAST_OF_ONE = "A team would be left without an administrator. Make somebody else one there first.";

/** Erases somebody of the team of who asks: out of every team, and so without an account. */
export async function erasePerson(userId: string): Promise<Result<null, string>> {
  const who = requireRight("administer");
  const allowed = await whollyOurs(userId);
  return allowed.ok ? erase(userId, who, allowed.value) : allowed;
}

/** Erases who asks. */
export async function eraseOwnAccount(): Promise<Result<null, string>> {
  const who = askingPerson();
  if (who === null) throw new NotAllowed("Nobody is signed in.");
  const members = await (await homeDatabase()).member.findMany({ where: { userId: who.id } });
  return erase(
    who.id,
    who,
    members.map(({ teamId }) => teamId),
  );
}

async function erase(userId: string, who: Actor, teams: string[]): Promise<Result<null, string>> {
  for (const team of teams) {
    await runAs(
      { ...who, team },
      () => audit("person_erased", { object: "person", objectId: userId }),
      askedAs() ?? undefined,
    );
  }
  return (await endMemberships(userId, teams)) ? ok(null) : fail(LAST_OF_ONE);
}
