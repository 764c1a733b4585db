import "server-only";

/** How the drivers are opened: by db.ts, and by threads that read without the client. */

/** SQLite's driver is synchronous: waiting longer for another writer's lock would freeze every request. */
export const BUSY_TIMEOUT_MS = 1000;

/** Connections per process; the server's `max_connections`, 100 by default, is for all of them. */
const POOL_SIZE = 10;
/** Also how long to wait for a free connection of the pool; replaces Prisma's own 2 seconds. */
export const CONNECT_TIMEOUT_MS = 10_000;
const LOCK_TIMEOUT_MS = 5_000;
export const STATEMENT_TIMEOUT_MS = 15_000;

export const postgresSettings = (url: string) => ({
  connectionString: url,
  application_name: "cytodesk",
  max: POOL_SIZE,
  connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  statement_timeout: STATEMENT_TIMEOUT_MS,
  lock_timeout: LOCK_TIMEOUT_MS,
  // The adapter writes moments without their zone and reads them as if in UTC.
  options: "-c TimeZone=UTC -c synchronous_commit=on",
});
