import "server-only";
import { schemaOf } from "@/lib/database-url";

/** How the drivers are opened: by db.ts, and by threads that read without the client. */

/** How long a thread that nobody waits in waits for another's lock on a SQLite file; the driver is synchronous. */
export const BUSY_TIMEOUT_MS = 1000;
/** … and the process's own thread, where every request waits: enough for a transaction of the thread that writes. */
export const OWN_BUSY_TIMEOUT_MS = 20;
/** How long it then tries again. */
export const LOCK_WAIT_MS = 1_000;

/** Connections per process; the server's `max_connections`, 100 by default, is for all of them. */
const POOL_SIZE = 10;
/** Also how long to wait for a free connection of the pool; replaces Prisma's own 2 seconds. */
export const CONNECT_TIMEOUT_MS = 10_000;
const LOCK_TIMEOUT_MS = 5_000;
export const STATEMENT_TIMEOUT_MS = 15_000;

/** What each connection is opened with, beside its address. */
export const postgresSettings = (url: string) => ({
  application_name: "cytodesk",
  max: POOL_SIZE,
  connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  statement_timeout: STATEMENT_TIMEOUT_MS,
  lock_timeout: LOCK_TIMEOUT_MS,
  options: postgresOptions(url),
});

/** A team's schema alone, so that a table which it lacks is not looked for in another's. */
function postgresOptions(url: string): string {
  const schema = schemaOf(url);
  // The adapter writes moments without their zone and reads them as if in UTC.
  return `-c TimeZone=UTC -c synchronous_commit=on${schema === null ? "" : ` -c search_path=${schema}`}`;
}
