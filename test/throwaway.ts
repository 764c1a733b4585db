import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type DatabaseKind, sqlitePath } from "../lib/database-url";
import { runSql, startPostgres } from "../scripts/database/postgres.mjs";

/** A database and what deletes it. */
type Throwaway = { url: string; remove: () => void };

/** The kind of database that TEST_DATABASE asks tests to use; SQLite where it is not set. */
export const TEST_DATABASE: DatabaseKind =
  process.env.TEST_DATABASE === "postgresql" ? "postgresql" : "sqlite";

const TEMPLATE = "template_cytodesk";

/** A migrated database of its own, of the kind that TEST_DATABASE asks for. */
export function createThrowawayDatabase(): Throwaway {
  return TEST_DATABASE === "postgresql" ? createPostgres() : createSqlite();
}

/** A migrated SQLite database in a folder of its own; in tests a copy, since migrating takes a second. */
export function createSqlite(): Throwaway {
  const folder = mkdtempSync(join(tmpdir(), "cytodesk-"));
  const path = join(folder, "throwaway.db");
  const url = `file:${path}`;
  const template = process.env.TEST_SQLITE_TEMPLATE;
  if (template === undefined) runMigrate("deploy", url);
  else copyFileSync(template, path);
  return { url, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A database on the server that `startDatabases` started; `options` are those of CREATE DATABASE. */
export function createPostgres(options = `TEMPLATE ${TEMPLATE}`): Throwaway {
  const server = process.env.TEST_POSTGRES_URL;
  if (server === undefined) throw new Error("No PostgreSQL server was started for these tests.");
  const name = `cytodesk_${crypto.randomUUID().replaceAll("-", "")}`;
  runSql(server, `CREATE DATABASE ${name} ${options}`);
  const remove = () => {
    runSql(server, `DROP DATABASE ${name} WITH (FORCE)`);
    rmSync(join(tmpdir(), `${name}-batches`), { recursive: true, force: true });
  };
  return { url: databaseOf(server, name), remove };
}

/**
 * Set-up of Vitest and Playwright: a migrated SQLite file to copy and, where TEST_DATABASE asks for it, a PostgreSQL
 * server. Returns what ends both.
 */
export default async function startDatabases(): Promise<() => void> {
  const { url, remove } = createSqlite();
  process.env.TEST_SQLITE_TEMPLATE = sqlitePath(url);
  if (TEST_DATABASE !== "postgresql") return remove;
  const server = await startPostgres();
  process.env.TEST_POSTGRES_URL = server.url;
  runSql(server.url, `CREATE DATABASE ${TEMPLATE}`);
  runMigrate("deploy", databaseOf(server.url, TEMPLATE));
  return () => {
    server.stop();
    remove();
  };
}

function databaseOf(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

/** Runs `scripts/database/migrate.ts` and returns what it printed; throws when it fails. */
export function runMigrate(command: "deploy" | "check", url: string): string {
  const script = fileURLToPath(new URL("../scripts/database/migrate.ts", import.meta.url));
  return execFileSync(process.execPath, ["--import", "tsx", script, command], {
    env: { ...process.env, DATABASE_URL: url },
    encoding: "utf8",
  }).trim();
}
