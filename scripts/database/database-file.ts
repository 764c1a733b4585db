import { closeSync, existsSync, fsyncSync, openSync, readdirSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { databaseKind, SQLITE_FORM, sqlitePath } from "../../lib/database-url";
import { isFormer } from "./former-migrations";

/** What a backup and its restoring need of the SQLite file itself. */

// Paths in scripts/database hold for dist/database too, where its commands are bundled for machines without their sources.
export const DOT_ENV = fileURLToPath(new URL("../../.env", import.meta.url));

/** A failure that the user can do something about; the message says what. */
export class UserError extends Error {}

/**
 * The path of the SQLite database that a DATABASE_URL names.
 * @throws UserError for PostgreSQL, which has commands of its own: `instead` is the one to use.
 */
export function databasePath(url: string, instead: string): string {
  if (databaseKind(url) === "sqlite") return sqlitePath(url);
  if (/^postgres(?:ql)?:/.test(url))
    throw new UserError(`The database is PostgreSQL. Use its own command:\n  ${instead}`);
  throw new UserError(`DATABASE_URL must be ${SQLITE_FORM}.`);
}

/** `YYYYMMDD-HHMMSS` in UTC. */
export const stamp = (now = new Date()) =>
  now.toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");

/** Waits until a file and its name are on the disk. */
export function syncToDisk(path: string): void {
  for (const target of [path, dirname(path)]) {
    const descriptor = openSync(target, "r");
    fsyncSync(descriptor);
    closeSync(descriptor);
  }
}

/** The names of the migrations that this code knows, oldest first. */
export function knownMigrations(): string[] {
  const folder = fileURLToPath(new URL("../../prisma/migrations/sqlite", import.meta.url));
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** The migrations that a database has had, by name; null where its tables are those of another program, or none. */
export function appliedMigrations(
  database: Database.Database,
): { name: string; finished: string | null }[] | null {
  const tables = database
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'")
    .pluck()
    .all();
  if (!tables.includes("_prisma_migrations") || !tables.includes("prediction")) return null;
  return database
    .prepare<[], { name: string; finished: string | null }>(
      `SELECT migration_name AS name, finished_at AS finished FROM _prisma_migrations
        WHERE rolled_back_at IS NULL ORDER BY migration_name`,
    )
    .all();
}

/**
 * Checks that a file is a whole Cytodesk database that this code can open; gives its number of predictions.
 * @throws UserError that says what is wrong with it.
 */
export function checkDatabase(path: string): { predictions: number; pending: number } {
  if (!existsSync(path)) throw new UserError(`There is no file ${path}.`);
  let database: Database.Database | undefined;
  try {
    database = new Database(path, { readonly: true, fileMustExist: true });
    const integrity = database.pragma("integrity_check(1)", { simple: true });
    if (integrity !== "ok") throw new UserError(`${path} is damaged: ${integrity}`);
    const [orphan] = database.pragma("foreign_key_check") as { table: string }[];
    if (orphan !== undefined) {
      throw new UserError(`${path} is damaged: a row of ${orphan.table} refers to one that is not there.`);
    }
    const applied = appliedMigrations(database);
    if (applied === null) throw new UserError(`${path} is not a database of Cytodesk.`);
    const unfinished = applied.find(({ finished }) => finished === null);
    if (unfinished !== undefined)
      throw new UserError(`${path}: the migration ${unfinished.name} is not finished.`);
    const known = knownMigrations();
    const unknown = applied.find(({ name }) => !known.includes(name) && !isFormer(name));
    if (unknown !== undefined) {
      throw new UserError(
        `${path} was written by a newer Cytodesk: it has the migration ${unknown.name}, which this one does not know.`,
      );
    }
    const predictions = database.prepare<[], number>("SELECT count(*) FROM prediction").pluck().get() ?? 0;
    return { predictions, pending: known.length - applied.length };
  } catch (error) {
    if (error instanceof Database.SqliteError)
      throw new UserError(`${path} is not a readable database: ${error.message}`);
    throw error;
  } finally {
    database?.close();
  }
}

/** The ids of the teams that a home team's database has, besides its own; none in one that is older than teams. */
export function teamsIn(path: string): string[] {
  const database = new Database(path, { readonly: true, fileMustExist: true });
  try {
    const has = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'team'").get() !== undefined;
    if (!has) return [];
    return database.prepare<[], string>("SELECT id FROM team WHERE id <> 'home' ORDER BY id").pluck().all();
  } finally {
    database.close();
  }
}

/** The owner's, as is what a database holds. Side files of SQLite have the rights of their database. */
const PRIVATE = 0o077;

/** Runs a command's work, whose files others cannot read; a refusal ends the process with its message and code 1. */
export async function runCommand(work: () => Promise<void> | void): Promise<void> {
  process.umask(PRIVATE);
  try {
    await work();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
