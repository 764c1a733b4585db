import { existsSync } from "node:fs";
import { databaseKind, shownDatabaseUrl, sqlitePath } from "../lib/database-url";
import { connectClient, connectionFailure } from "../lib/postgres/connect";
import { postgresSettings } from "../lib/server/database/settings";
import { type Env, parseEnv } from "../lib/server/env";
import { requireWritable } from "../scripts/database/writable";
import { words } from "../tables/current";

/**
 * What must hold before anything listens: settings that can be read and a database that takes writes. Bundled
 * (`npm run bundle:server`), since start.mjs and serve.mjs are plain JavaScript.
 */

/** What the server needs to know of the pages. */
export { FORM_KEY_COOKIE } from "../lib/predict/submitted-form";
export { REFUSED } from "../lib/refused";
export { exposureOf } from "../lib/server/exposure";
export { areLimitsOn, refusedBy, takeAll } from "../lib/server/limits/limits";
export { log } from "../lib/server/log";
export { loadMetrics, measured, ownMetrics, routeOf } from "../lib/server/metrics/metrics";
export { isTraced, traceRequest } from "../lib/server/metrics/tracing";
export { FIRST_SCRIPT } from "../lib/theme";
export const APP_NAME = words.app.name;

/** This process's settings. Throws an Error that names every bad variable and what it may be. */
export function readSettings(): Env {
  const parsed = parseEnv(process.env);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

/** Rejects with an Error that names DATABASE_URL where its migrated database is missing or takes no writes. */
export async function checkDatabase(url: string): Promise<void> {
  try {
    if (databaseKind(url) === "sqlite") checkFile(sqlitePath(url));
    else await checkPostgres(url);
  } catch (cause) {
    throw new Error(
      `${words.app.name} cannot start: the database of DATABASE_URL (${shownDatabaseUrl(url)}) cannot be used.\n  ${connectionFailure(cause)}`,
    );
  }
}

/** Touches no row, but takes the lock of a writer, needs the table, and fails where the database can only be read. */
const WRITES_NOTHING = "UPDATE prediction SET id = id WHERE 1 = 0";

function checkFile(path: string): void {
  if (!existsSync(path)) throw new Error(`There is no file ${path}; npm start makes one.`);
  requireWritable(path, WRITES_NOTHING);
}

async function checkPostgres(url: string): Promise<void> {
  const client = await connectClient(url, postgresSettings(url));
  try {
    await client.query(WRITES_NOTHING);
  } finally {
    await client.end();
  }
}
