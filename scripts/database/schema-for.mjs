import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The one source of tables and columns, written for SQLite. Plain JavaScript: it runs before anything is installed. */
export const SCHEMA_PATH = fileURLToPath(new URL("../../prisma/schema.prisma", import.meta.url));

/** The line that picks the table, and what it says of it. */
export const CURRENT_PATH = fileURLToPath(new URL("../../tables/current.ts", import.meta.url));

/** @returns {string} the path of the present table's description */
export function tablePath() {
  const [, name = ""] = /"\.\/([^/]+)\/index"/.exec(readFileSync(CURRENT_PATH, "utf8")) ?? [];
  return fileURLToPath(new URL(`../../tables/${name}/table.json`, import.meta.url));
}

/**
 * The schema with a column for each of the present table in place of those that it was written with: the one that the
 * clients are made for. `npm run migrate -- deploy` gives an empty database these columns.
 * @param {"sqlite" | "postgresql"} kind
 * @returns {string}
 */
export function clientSchemaFor(kind) {
  const { columns } = JSON.parse(readFileSync(tablePath(), "utf8"));
  const width = Math.max(...columns.map(({ key }) => key.length));
  const lines = columns.map(
    ({ key, missing = 0 }) => `  ${key.padEnd(width)} Float${missing > 0 ? "?" : ""}\n`,
  );
  return schemaFor(kind)
    .replace(/(\n {2}\/\/\/ Measurements:.*\n)(?: {2}\w+ +Float\n)*/, (_, above) => above + lines.join(""))
    .replace(/output {3}= ".*"/, `output   = "./${kind}"`);
}

/**
 * The schema for one kind of database, as the migrations make it.
 * @param {"sqlite" | "postgresql"} kind
 * @returns {string}
 */
export function schemaFor(kind) {
  const sqlite = readFileSync(SCHEMA_PATH, "utf8");
  if (kind === "sqlite") return sqlite;
  return (
    sqlite
      .replace('provider = "sqlite"', 'provider = "postgresql"')
      // A plain timestamp would mean another moment to a session in another time zone.
      .replace(/^( {2}\w+ +DateTime\??)/gm, "$1 @db.Timestamptz(3)")
  );
}
