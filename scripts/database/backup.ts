import { existsSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import Database from "better-sqlite3";
import { loadDotEnv } from "../setup.mjs";
import { checkDatabase, databasePath, runCommand, stamp, syncToDisk, UserError } from "./database-file";

/** `npm run backup -- [FILE]`: a consistent copy of the database while the server writes to it. */

/** More pages than any database has: in one step the copy is of one moment, and no writer can make it begin again. */
const ALL_PAGES = 0x7fffffff;

await runCommand(async () => {
  loadDotEnv();
  const begun = performance.now();
  const url = process.env.DATABASE_URL || "file:./data/cytodesk.db";
  const source = databasePath(url, 'pg_dump --format=custom --file=cytodesk.dump "$DATABASE_URL"');
  if (!existsSync(source)) throw new UserError(`There is no database at ${source}.`);
  const target = resolve(process.argv[2] ?? join(dirname(source), "backups", `cytodesk-${stamp()}.db`));
  if (existsSync(target)) throw new UserError(`${target} is there already, and is left as it is.`);
  mkdirSync(dirname(target), { recursive: true });
  // A backup that breaks off must not look like one.
  const partial = `${target}.partial`;
  rmSync(partial, { force: true });
  try {
    const database = new Database(source, { fileMustExist: true, timeout: 5_000 });
    try {
      await database.backup(partial, { progress: () => ALL_PAGES });
    } finally {
      database.close();
    }
    // One file, without a log beside it.
    const copy = new Database(partial);
    copy.pragma("journal_mode = DELETE");
    copy.close();
    const { predictions } = checkDatabase(partial);
    syncToDisk(partial);
    renameSync(partial, target);
    syncToDisk(target);
    const megabytes = (statSync(target).size / 1e6).toFixed(1);
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    console.log(`${target}\n${megabytes} MB, ${predictions} predictions, integrity ok, ${seconds} s`);
    const batches = countBatches(target);
    if (batches > 0) {
      console.log(
        `Of ${batches} batch(es) it has how far each is. Their files are not in it: now copy what BATCH_URL names (docs/database.md).`,
      );
    }
  } catch (error) {
    for (const suffix of ["", "-journal", "-wal", "-shm"]) rmSync(partial + suffix, { force: true });
    throw error;
  }
});

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
