import "server-only";
import type { IncomingHttpHeaders } from "node:http";
import { v7 as uuidv7 } from "uuid";
import { SCOPES, type Scope } from "@/lib/access/roles";
import { homeDatabase } from "@/lib/server/database/db";
import { log } from "@/lib/server/log";
import { words } from "@/tables/current";
import { type Actor, idOf, requireRight, runAs } from "./actor";
import { audit } from "./audit";
import { hashOf, newSecret } from "./secret";

/**
 * Keys, by which programs act for a team. A key is 256 random bits, so that its plain SHA-256 is as good as any slow hash, and
 * a leaked table of them opens nothing.
 */

const PREFIX = `${words.app.slug}_`;
const KEY = new RegExp(`^${PREFIX}[A-Za-z0-9_-]{43}$`);

/** Characters that a list of keys shows, the prefix among them. */
const SHOWN = PREFIX.length + 6;

const USE_NOTED_EVERY_MS = 60_000;
const DAY_MS = 24 * 60 * 60_000;

/** What a request shows as its key, by either header; null where it shows none. */
export function shownKey(headers: IncomingHttpHeaders): string | null {
  const { authorization, "x-api-key": given } = headers;
  if (given !== undefined) return String(given);
  return authorization === undefined ? null : authorization.replace(/^bearer +/i, "");
}

/** The key that a program shows; null where it is none, has run out or was revoked. */
export async function programOfKey(key: string): Promise<Actor | null> {
  if (!KEY.test(key)) return null;
  const db = await homeDatabase();
  const found = await db.apiKey.findUnique({ where: { hash: hashOf(key) } });
  const now = new Date();
  if (found === null || found.revokedAt !== null || found.expiresAt <= now) return null;
  const { id, name, teamId: team, lastUsedAt } = found;
  const scopes = SCOPES.filter((scope) => found.scopes.split(" ").includes(scope));
  const program: Actor = { kind: "key", id, name, team, scopes };
  if (lastUsedAt === null || now.getTime() - lastUsedAt.getTime() >= USE_NOTED_EVERY_MS) {
    await runAs(program, () => audit("key_used", { object: "key", objectId: id }));
    db.apiKey
      .updateMany({ where: { id }, data: { lastUsedAt: now } })
      .catch((error: unknown) => log("warn", "key_use_not_noted", {}, error));
  }
  return program;
}

/** Makes a key for the team of who asks. What is returned is the only time that it can be read. */
export async function makeKey(
  name: string,
  scopes: readonly Scope[],
  days: number,
): Promise<{ id: string; key: string }> {
  const who = requireRight("administer");
  const key = PREFIX + newSecret();
  const now = new Date();
  const id = uuidv7();
  await audit("key_made", { object: "key", objectId: id, detail: { scopes: [...scopes] } });
  const db = await homeDatabase();
  await db.apiKey.create({
    data: {
      id,
      name,
      teamId: who.team,
      hash: hashOf(key),
      start: key.slice(0, SHOWN),
      scopes: scopes.join(" "),
      createdBy: idOf(who) ?? who.kind,
      createdAt: now,
      expiresAt: new Date(now.getTime() + days * DAY_MS),
    },
  });
  return { id, key };
}

/** The keys of the team of who asks, the newest first, without what opens anything. */
export async function listKeys() {
  const { team } = requireRight("administer");
  const db = await homeDatabase();
  return db.apiKey.findMany({
    where: { teamId: team },
    orderBy: { id: "desc" },
    omit: { hash: true, teamId: true },
  });
}

/** Whether a key of the team of who asks was there; from now on it opens nothing. */
export async function revokeKey(id: string): Promise<boolean> {
  const { team } = requireRight("administer");
  await audit("key_revoked", { object: "key", objectId: id });
  const db = await homeDatabase();
  const { count } = await db.apiKey.updateMany({
    where: { id, teamId: team, revokedAt: null },
    data: { revokedAt: new Date() },
  });
  return count > 0;
}
