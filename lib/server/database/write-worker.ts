import "server-only";
import Database from "better-sqlite3";
import { assertSameFile, type FileIdentity } from "./file";
import { BUSY_TIMEOUT_MS } from "./settings";
import { addSha256 } from "./sha256";
import { rethrow } from "./threads";

/** A thread that writes to a SQLite database, for lib/server/database/write-thread.ts; an entry of its own (`npm run bundle:server`). */

/** A statement, and the values of each row that it is run for. */
export type Write = { sql: string; rows: readonly (readonly unknown[])[] };

/** `file` is the one that the process has open at this path, so that it reads what is written here. */
export type WriteJob = { path: string; file: FileIdentity; writes: readonly Write[] };

export type RebuildJob = Omit<WriteJob, "writes">;

type Connection = { database: Database.Database; statements: Map<string, Database.Statement<unknown[]>> };
/** By path: each team's history is a file of its own. */
const connections = new Map<string, Connection>();

/** Runs the statements in one transaction, synced to disk; how many rows each has changed. */
export default function write(job: WriteJob | null): number[] {
  if (job === null) return [];
  const { path, file, writes } = job;
  try {
    assertSameFile(path, file);
    const connection = connections.get(path) ?? open(path);
    const changes = connection.database
      .transaction(() => writes.map((write) => run(connection, write)))
      .immediate();
    assertSameFile(path, file);
    return changes;
  } catch (cause) {
    return rethrow(cause);
  }
}

/** Tries to have the log for itself, while others read by it. */
const TRIES = 5;

/**
 * Writes the file anew without what was deleted from it, which else stays in free pages until they are used again, and empties
 * the write-ahead log. Whether that could be emptied: a reader that goes on holds it.
 */
export function rebuild({ path, file }: RebuildJob): boolean {
  try {
    assertSameFile(path, file);
    const { database } = connections.get(path) ?? open(path);
    database.exec("VACUUM");
    for (let tries = 0; tries < TRIES; tries++) {
      const [done] = database.pragma("wal_checkpoint(TRUNCATE)") as { busy: number }[];
      if (done?.busy === 0) return true;
    }
    return false;
  } catch (cause) {
    return rethrow(cause);
  }
}

function open(path: string): Connection {
  const database = new Database(path, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  database.pragma("synchronous = FULL");
  addSha256(database);
  const connection = { database, statements: new Map() };
  connections.set(path, connection);
  return connection;
}

function run({ database, statements }: Connection, { sql, rows }: Write): number {
  const statement = statements.get(sql) ?? database.prepare<unknown[]>(sql);
  statements.set(sql, statement);
  return rows.reduce<number>((changes, row) => changes + statement.run(...row).changes, 0);
}
