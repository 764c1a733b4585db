import "server-only";
import Database from "better-sqlite3";
import { BUSY_TIMEOUT_MS } from "./settings";
import { rethrow } from "./threads";

/** A thread that reads a SQLite database, for lib/server/database/read-threads.ts; an entry of its own (`npm run bundle:server`). */

export type ReadJob = { path: string; sql: string; values: readonly unknown[] };

const CACHE_KIB = 2_000;

/** By path: each team's history is a file of its own. */
const connections = new Map<string, Database.Database>();

/** The statement's rows, as arrays. */
export default function read(job: ReadJob | null): unknown[][] {
  if (job === null) return [];
  const { path, sql, values } = job;
  try {
    const connection = connections.get(path) ?? open(path);
    return connection
      .prepare<unknown[], unknown[]>(sql)
      .raw()
      .all(...values);
  } catch (cause) {
    return rethrow(cause);
  }
}

function open(path: string): Database.Database {
  const database = new Database(path, { readonly: true, timeout: BUSY_TIMEOUT_MS });
  // A scan reads each page once: copied into a small buffer, they are read faster than mapped.
  database.pragma(`cache_size = -${CACHE_KIB}`);
  connections.set(path, database);
  return database;
}
