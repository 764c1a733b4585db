import { existsSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { performance } from "node:perf_hooks";
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
 * `npm run backup -- [FILE]`: a consistent copy of the database while the server writes to it, and of each team's database
 * in a folder beside the copy.
 */

/** More pages than any database has: in one step the copy is of one moment, and no writer can make it begin again. */
const ALL_PAGES = 0x7fffffff;

await runCommand(async () => {
  loadDotEnv(DOT_ENV);
  const begun = performance.now();
  const url = process.env.DATABASE_URL || "file:./data/cytodesk.db";
  const source = databasePath(url, 'pg_dump --format=custom --file=cytodesk.dump "$DATABASE_URL"');
  if (!existsSync(source)) throw new UserError(`There is no database at ${source}.`);
  const target = resolve(process.argv[2] ?? join(dirname(source), "backups", `cytodesk-${stamp()}.db`));
  const folder = teamFolder(target);
  for (const made of [target, folder]) {
    if (existsSync(made)) throw new UserError(`${made} is there already, and is left as it is.`);
  }
  mkdirSync(dirname(target), { recursive: true });
  // A backup that breaks off must not look like one.
  const partial = `${target}.partial`;
  rmSync(partial, { force: true });
  const lines: string[] = [];
  try {
    await copy(source, partial);
    const { predictions } = checkDatabase(partial);
    let batches = countBatches(partial);
    for (const team of teamsIn(partial)) {
      mkdirSync(folder, { recursive: true });
      const [from = "", to = ""] = [teamFolder(source), folder].map((place) => join(place, `${team}.db`));
      if (!existsSync(from)) throw new UserError(`There is no database of the team ${team} at ${from}.`);
      await copy(from, to);
      const ofTeam = checkDatabase(to);
      batches += countBatches(to);
      syncToDisk(to);
      lines.push(`Team ${team}: ${to}, ${sizeOf(to)}, ${ofTeam.predictions} predictions, integrity ok`);
    }
    syncToDisk(partial);
    renameSync(partial, target);
    syncToDisk(target);
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    console.log(`${target}\n${sizeOf(target)}, ${predictions} predictions, integrity ok, ${seconds} s`);
    for (const line of lines) console.log(line);
    if (batches > 0) {
      console.log(
        `Of ${batches} batch(es) it has how far each is. Their files are not in it: now copy what BATCH_URL names (docs/database.md).`,
      );
    }
  } catch (error) {
    for (const suffix of ["", "-journal", "-wal", "-shm"]) rmSync(partial + suffix, { force: true });
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
});

/** Copies a database as it is at one moment into one file, without a log beside it. */
async function copy(source: string, target: string): Promise<void> {
  const database = new Database(source, { fileMustExist: true, timeout: 5_000 });
  try {
    await database.backup(target, { progress: () => ALL_PAGES });
  } finally {
    database.close();
  }
  const made = new Database(target);
  made.pragma("journal_mode = DELETE");
  made.close();
}

function sizeOf(path: string): string {
  return `${(statSync(path).size / 1e6).toFixed(1)} MB`;
}

/** None in a database from before there were batches. */
function countBatches(path: string): number {
  const database = new Database(path, { readonly: true });
  try {
    const has = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'batch'").get() !== undefined;
    return has ? (database.prepare<[], number>("SELECT count(*) FROM batch").pluck().get() ?? 0) : 0;
  } finally {
    database.close();
  }
}
