import { chmodSync, copyFileSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import Database from "better-sqlite3";
import { loadDotEnv } from "../setup.mjs";
import { checkDatabase, databasePath, runCommand, stamp, syncToDisk, UserError } from "./database-file";

/**
 * `npm run restore -- FILE`: puts a backup in the place of the database, which is kept beside it. Everything is checked
 * on a copy in the same folder first; only then, in two renames, is anything changed.
 */

const USAGE = "npm run restore -- FILE [--server-is-stopped]";
const SIDE_FILES = ["", "-wal", "-shm"];

await runCommand(() => {
  loadDotEnv();
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
  if (!existsSync(backup)) throw new UserError(`There is no file ${backup}.`);
  if (existsSync(`${backup}-wal`) && statSync(`${backup}-wal`).size > 0) {
    throw new UserError(
      `${backup} has a log beside it, so it is a database in use. Make a backup of it and restore that.`,
    );
  }
  mkdirSync(dirname(target), { recursive: true });
  const copy = `${target}.restoring`;
  try {
    copyFileSync(backup, copy);
    // A copy has the rights of what it is copied from.
    chmodSync(copy, existsSync(target) ? statSync(target).mode : 0o600);
    const { predictions, pending } = checkDatabase(copy);
    syncToDisk(copy);
    const lock = existsSync(target) ? lockAlone(target, values["server-is-stopped"]) : null;
    const aside = `${target}.before-restore-${stamp()}`;
    try {
      for (const suffix of SIDE_FILES) {
        if (existsSync(target + suffix)) renameSync(target + suffix, aside + suffix);
      }
      renameSync(copy, target);
      syncToDisk(target);
    } finally {
      lock?.close();
    }
    console.log(`Restored ${target} from ${backup}: ${predictions} predictions.`);
    if (existsSync(aside)) console.log(`The database that was there is now ${aside}`);
    if (pending > 0) console.log(`It is ${pending} migrations behind; npm start applies them.`);
  } finally {
    for (const suffix of SIDE_FILES) rmSync(copy + suffix, { force: true });
  }
});

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
