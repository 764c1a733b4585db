import "server-only";
import { hash } from "node:crypto";
import type Database from "better-sqlite3";

/** Gives a connection to SQLite the function `sha256(text)`, hexadecimal, by which the audit's entries are chained. */
export function addSha256(connection: Pick<Database.Database, "function">): void {
  connection.function("sha256", { deterministic: true, directOnly: true }, (text) =>
    hash("sha256", String(text)),
  );
}
