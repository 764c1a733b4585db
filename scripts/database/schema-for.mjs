import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The one source of tables and columns, written for SQLite. Plain JavaScript: it runs before anything is installed. */
export const SCHEMA_PATH = fileURLToPath(new URL("../../prisma/schema.prisma", import.meta.url));

/**
 * The schema for one kind of database.
 * @param {"sqlite" | "postgresql"} kind
 * @returns {string}
 */
export function schemaFor(kind) {
  const sqlite = readFileSync(SCHEMA_PATH, "utf8");
  if (kind === "sqlite") return sqlite;
  return (
    sqlite
      .replace('provider = "sqlite"', 'provider = "postgresql"')
      // scripts/setup.mjs writes this schema beside the folder of its client.
      .replace(/output {3}= ".*"/, 'output   = "./postgresql"')
      // A plain timestamp would mean another moment to a session in another time zone.
      .replace(/^( {2}\w+ +DateTime\??)/gm, "$1 @db.Timestamptz(3)")
  );
}
