import Database from "better-sqlite3";

/** For another process's write, at a start. */
const LOCK_WAIT_MS = 5_000;

/**
 * Checks that a SQLite file can be written, by `statement` or by a transaction that holds nothing.
 * @throws Error of the driver or the file system
 */
export function requireWritable(path: string, statement = ""): void {
  const database = new Database(path, { fileMustExist: true, timeout: LOCK_WAIT_MS });
  try {
    database.exec(`BEGIN IMMEDIATE; ${statement}; ROLLBACK`);
  } finally {
    database.close();
  }
}
