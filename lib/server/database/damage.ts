import "server-only";
import { Prisma } from "@/lib/server/generated/sqlite/client";
import { log } from "@/lib/server/log";
import { kindOfDatabase } from "./dialect";
import { readInThreads } from "./read-threads";
import { databaseUrl } from "./team-database";

/**
 * Damaged SQLite files. A page that a disk or another program has spoilt can be read around, but every change may spread
 * the damage: from then on the database is only read, until a backup takes its place. PostgreSQL looks after its own.
 */

/** What to do, as a sentence for a person. */
const ADVICE =
  "The database file is damaged, so that nothing more is saved in it; what can be read is still shown. Whoever runs this server stops it, keeps the file, and restores the last backup: docs/operations.md says how.";

// Next compiles pages and actions apart, so that a module variable would be one for each.
const shared = globalThis as { cytodeskDamage?: Map<string, string> };
shared.cytodeskDamage ??= new Map();
const damaged = shared.cytodeskDamage;

/** The database that who asks works in is damaged; the message says what to do. */
export class DatabaseDamaged extends Error {
  override readonly name = "DatabaseDamaged";
}

/** Next compiles a class once for each of its bundles, so that `instanceof` would not find it. */
export const isDatabaseDamaged = (error: unknown): error is DatabaseDamaged =>
  error instanceof Error && error.name === "DatabaseDamaged";

/** What SQLite says of a file that is no database any more where it was read. */
const MALFORMED = /database disk image is malformed|file is not a database/i;
const isMalformed = (cause: unknown): boolean =>
  cause instanceof Error && (MALFORMED.test(cause.message) || isMalformed(cause.cause));

/** The damage of the database of the team that asks, as a sentence for a person; null where none is known. */
export const damageOf = (): string | null => damaged.get(databaseUrl()) ?? null;

/** Keeps in mind that the team's database is damaged, where a failure says so. */
export function noteDamage(cause: unknown): void {
  if (kindOfDatabase() === "sqlite" && isMalformed(cause)) note(String(cause));
}

function note(found: string): void {
  if (damageOf() === null) log("error", "database_damaged", { found: found.slice(0, 500) });
  damaged.set(databaseUrl(), ADVICE);
}

/** Looks through every page of the team's file, in a thread. */
export async function lookForDamage(): Promise<void> {
  if (kindOfDatabase() !== "sqlite") return;
  try {
    const [[found] = []] = await readInThreads([Prisma.sql`PRAGMA quick_check(1)`]);
    if (found !== "ok") note(String(found));
  } catch (cause) {
    noteDamage(cause);
    throw cause;
  }
}
