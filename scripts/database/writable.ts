import { accessSync, constants, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import Database from "better-sqlite3";

/** For another process's write, at a start. */
const LOCK_WAIT_MS = 5_000;

/**
 * Checks that a SQLite file can be written, by `statement` or by a transaction that holds nothing.
 * @throws Error whose message is a sentence for the user
 */
export function requireWritable(path: string, statement = ""): void {
  withFile(path, (database) => database.exec(`BEGIN IMMEDIATE; ${statement}; ROLLBACK`));
}

/**
 * Checks that no other process has a SQLite file open, even idle.
 * @throws Error whose message is a sentence for the user
 */
export function requireAlone(path: string): void {
  withFile(path, (database) => {
    database.pragma("locking_mode = EXCLUSIVE");
    database.exec("BEGIN EXCLUSIVE; ROLLBACK");
  });
}

/**
 * Opens a SQLite file that is there, and closes it after `act`.
 * @throws Error whose message is a sentence for the user
 */
export function withFile<T>(path: string, act: (database: Database.Database) => T): T {
  if (statSync(path).isDirectory()) throw new Error("It is a folder.");
  let database: Database.Database | undefined;
  try {
    for (const needed of [path, dirname(resolve(path))]) accessSync(needed, constants.W_OK);
    database = new Database(path, { fileMustExist: true, timeout: LOCK_WAIT_MS });
    return act(database);
  } catch (error) {
    throw inWords(error);
  } finally {
    database?.close();
  }
}

function inWords(error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const sentence = SENTENCES.find(([start]) => code.startsWith(start))?.[1];
  return sentence === undefined ? error : new Error(sentence, { cause: error });
}

const NOT_WRITABLE = "This user may not write the file or its folder.";
const SENTENCES = [
  ["SQLITE_BUSY", "Another process has it, and keeps others out: stop that one, or wait until it is done."],
  ["SQLITE_NOTADB", "It is not a SQLite database."],
  ["SQLITE_READONLY", NOT_WRITABLE],
  ["SQLITE_CANTOPEN", NOT_WRITABLE],
  ["EACCES", NOT_WRITABLE],
  ["EROFS", NOT_WRITABLE],
] as const;
