import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import Database from "better-sqlite3";
import { teamFolder } from "../../lib/database-url";
import { loadDotEnv } from "../setup.mjs";
import {
  checkDatabase,
  DOT_ENV,
  databasePath,
  runCommand,
  stamp,
  syncToDisk,
  teamsIn,
  UserError,
} from "./database-file";

/**
 * `npm run restore -- FILE`: puts a backup in the place of the database, which is kept beside it; the teams' databases
 * with it. Everything is checked on copies in the same folder first; only then, by renames, is anything changed.
 */

const USAGE = "npm run restore -- FILE [--server-is-stopped]";
const SIDE_FILES = ["", "-wal", "-shm"];

await runCommand(() => {
  loadDotEnv(DOT_ENV);
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { "server-is-stopped": { type: "boolean", default: false } },
  });
  const [given] = positionals;
  const url = process.env.DATABASE_URL || "file:./data/cytodesk.db";
  const target = resolve(
    databasePath(
      url,
      'pg_restore --clean --if-exists --single-transaction --dbname="$DATABASE_URL" cytodesk.dump',
    ),
  );
  if (given === undefined || positionals.length > 1) throw new UserError(USAGE);
  const backup = resolve(given);
  requireFile(backup);
  mkdirSync(dirname(target), { recursive: true });
  const copy = `${target}.restoring`;
  const mode = existsSync(target) ? statSync(target).mode : 0o600;
  const counts: string[] = [];
  try {
    const { predictions, pending } = copyChecked(backup, copy, mode);
    for (const team of teamsIn(copy)) {
      const from = join(teamFolder(backup), `${team}.db`);
      requireFile(from);
      mkdirSync(teamFolder(copy), { recursive: true });
      const ofTeam = copyChecked(from, join(teamFolder(copy), `${team}.db`), mode);
      counts.push(`Team ${team}: ${ofTeam.predictions} predictions.`);
    }
    const isStopped = values["server-is-stopped"];
    const locks: (Database.Database | null)[] = [];
    const aside = `${target}.before-restore-${stamp()}`;
    try {
      for (const path of [target, ...filesOfTeams(target)]) {
        if (existsSync(path)) locks.push(lockAlone(path, isStopped));
      }
      for (const suffix of SIDE_FILES) {
        if (existsSync(target + suffix)) renameSync(target + suffix, aside + suffix);
      }
      // All of them, as the list of teams is replaced as a whole too.
      if (existsSync(teamFolder(target))) renameSync(teamFolder(target), teamFolder(aside));
      if (existsSync(teamFolder(copy))) renameSync(teamFolder(copy), teamFolder(target));
      renameSync(copy, target);
      syncToDisk(target);
    } finally {
      for (const lock of locks) lock?.close();
    }
    console.log(`Restored ${target} from ${backup}: ${predictions} predictions.`);
    for (const count of counts) console.log(count);
    if (existsSync(aside)) console.log(`The database that was there is now ${aside}`);
    if (pending > 0) console.log(`It is ${pending} migrations behind; npm start applies them.`);
  } finally {
    for (const suffix of SIDE_FILES) rmSync(copy + suffix, { force: true });
    rmSync(teamFolder(copy), { recursive: true, force: true });
  }
});

/** Throws unless there is a backup of this name. */
function requireFile(backup: string): void {
  if (!existsSync(backup)) throw new UserError(`There is no file ${backup}.`);
  if (existsSync(`${backup}-wal`) && statSync(`${backup}-wal`).size > 0) {
    throw new UserError(
      `${backup} has a log beside it, so it is a database in use. Make a backup of it and restore that.`,
    );
  }
}

/** Copies a backup, and throws where the copy cannot be used; a copy would have the rights of what it is copied from. */
function copyChecked(backup: string, copy: string, mode: number): ReturnType<typeof checkDatabase> {
  copyFileSync(backup, copy);
  chmodSync(copy, mode);
  const checked = checkDatabase(copy);
  syncToDisk(copy);
  return checked;
}

/** The databases of teams beside one. */
function filesOfTeams(path: string): string[] {
  const folder = teamFolder(path);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".db"))
    .map((name) => join(folder, name));
}

/**
 * Opens a database so that nobody else has it, or can have it before the connection is closed; its log is written into
 * it by that. Leaving write-ahead logging needs it alone, which an idle server prevents too.
 */
function lockAlone(path: string, isStopped: boolean): Database.Database | null {
  const database = new Database(path, { fileMustExist: true, timeout: 0 });
  try {
    database.pragma("journal_mode = DELETE");
    database.exec("BEGIN EXCLUSIVE");
    return database;
  } catch (error) {
    database.close();
    if (!(error instanceof Database.SqliteError)) throw error;
    if (error.code.startsWith("SQLITE_BUSY")) {
      throw new UserError(`${path} is in use. Stop the server first; nothing was changed.`);
    }
    if (isStopped) return null;
    throw new UserError(
      `${path} is damaged (${error.message}), so it does not show whether the server is running on it. Stop the server, and repeat with --server-is-stopped; nothing was changed.`,
    );
  }
}
