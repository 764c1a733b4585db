import "server-only";
import {
  type Act,
  type AuditDetail,
  type AuditFields,
  type AuditObject,
  auditDetail,
} from "@/lib/access/audit";
import { type Database, database } from "@/lib/server/database/db";
import { kindOfDatabase } from "@/lib/server/database/dialect";
import { databaseUrl } from "@/lib/server/database/team-database";
import { writeInThread } from "@/lib/server/database/write-thread";
import type { Write } from "@/lib/server/database/write-worker";
import type { Prisma } from "@/lib/server/generated/sqlite/client";
import { actor, askedAs, asksForSignIn, idOf } from "./actor";
import { insertEntries, LOCK } from "./audit-entry";

/**
 * Writes the audit of the team that asks, where people sign in; without sign-in it does nothing. An act that cannot be
 * recorded is refused, reading too. docs/decisions/0031-audit.md
 */

/** What an act was done to, and what else is to be known of it. */
export type About = {
  object?: AuditObject;
  objectId?: string | null;
  modelHash?: string | null;
  detail?: AuditDetail;
};

/** Entries of an act by who asks, one for each of what it is done to; none where nobody signs in. */
export function entriesOf(act: Act, ...about: readonly About[]): AuditFields[] {
  if (!asksForSignIn()) return [];
  const who = actor();
  const by = {
    at: new Date(),
    actorKind: who.kind,
    actorId: idOf(who),
    act,
    requestId: askedAs(),
  };
  return about.map(({ object = null, objectId = null, modelHash = null, detail }) => ({
    ...by,
    ...{ object, objectId, modelHash },
    detail: detail === undefined ? null : JSON.stringify(auditDetail.parse(detail)),
  }));
}

/** Statements that write entries for which `condition` (`ofRow`) holds, to be in one transaction with their act. */
export function record(
  db: Database,
  entries: readonly AuditFields[],
  condition?: string,
): Prisma.PrismaPromise<number>[] {
  if (entries.length === 0) return [];
  const kind = kindOfDatabase();
  const { sql, parameters } = insertEntries(kind, entries, condition);
  const inserts = parameters.map((parameter) => db.$executeRawUnsafe(sql, parameter));
  return kind === "sqlite" ? inserts : [db.$executeRawUnsafe(LOCK), ...inserts];
}

/** The same for the thread that writes to SQLite. */
export function recordInThread(entries: readonly AuditFields[], condition?: string): Write {
  const { sql, parameters } = insertEntries("sqlite", entries, condition);
  return { sql, rows: parameters.map((parameter) => [parameter]) };
}

/** Does `act` in one transaction with its entries, which come first: `condition` is asked of what was there before it. */
export async function recorded<T>(
  db: Database,
  entries: readonly AuditFields[],
  act: Prisma.PrismaPromise<T>,
  condition?: string,
): Promise<T> {
  const recording = record(db, entries, condition);
  if (recording.length === 0) return act;
  const done: unknown[] = await db.$transaction([...recording, act]);
  return done.at(-1) as T;
}

/** By DATABASE_URL: entries that wait until those before them are written, and when they will be. */
const waiting = new Map<string, { entries: AuditFields[]; written: Promise<void> }>();
const underway = new Map<string, Promise<void>>();

/**
 * Records an act that changes nothing in this database itself, such as a view, an export or a sign-in, by who asks, durably.
 * Throws where it cannot be recorded: then the act is not to be done. Those of requests that are handled at the same time are
 * written together.
 */
export async function audit(act: Act, ...about: readonly About[]): Promise<void> {
  const entries = entriesOf(act, ...(about.length === 0 ? [{}] : about));
  if (entries.length === 0) return;
  const url = databaseUrl();
  const known = waiting.get(url);
  if (known !== undefined) {
    known.entries.push(...entries);
    return known.written;
  }
  const before = underway.get(url) ?? Promise.resolve();
  const written = before
    .catch(() => {})
    .then(() => {
      waiting.delete(url);
      return write(entries);
    });
  waiting.set(url, { entries, written });
  underway.set(url, written);
  return written;
}

async function write(entries: readonly AuditFields[]): Promise<void> {
  try {
    if (kindOfDatabase() === "sqlite") {
      await writeInThread([recordInThread(entries)]);
    } else {
      const db = await database();
      await db.$transaction(record(db, entries));
    }
  } catch (cause) {
    throw new Error("It could not be recorded in the audit, so it is not done.", { cause });
  }
}
