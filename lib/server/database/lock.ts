import "server-only";
import { isDriverAdapterError } from "@prisma/driver-adapter-utils";
import { bulkhead, ConstantBackoff, handleWhen, retry } from "cockatiel";
import { LOCK_WAIT_MS } from "./settings";

/**
 * The line of statements that wait for another process's lock on the SQLite file. The driver would wait in the process's
 * own thread, where every request then waits too.
 */

const PAUSE_MS = 50;

/** SQLITE_BUSY, as Prisma's adapter calls it. */
const isBusy = (error: unknown) => isDriverAdapterError(error) && error.cause.kind === "SocketTimeout";

const asking = retry(handleWhen(isBusy), {
  maxAttempts: Number.POSITIVE_INFINITY,
  backoff: new ConstantBackoff(PAUSE_MS),
});

/** What takes no lock of a writer: readers and writers of a write-ahead log do not wait for each other. */
const READS = /^\s*SELECT\b/i;

/** What runs a database's statements, each again for up to LOCK_WAIT_MS where another process has the lock that it needs. */
export function lockLine() {
  // Only the first in line asks, so that what the others wait costs nothing.
  const line = bulkhead(1, Number.POSITIVE_INFINITY);
  return async function waitForLock<T>(run: () => Promise<T>, sql: string): Promise<T> {
    let refused: unknown = new Error("Another process has the database locked.");
    if (line.executionSlots > 0 || READS.test(sql)) {
      try {
        return await run();
      } catch (error) {
        if (!isBusy(error)) throw error;
        refused = error;
      }
    }
    const timeUp = AbortSignal.timeout(LOCK_WAIT_MS);
    return line.execute(() => {
      if (timeUp.aborted) throw refused;
      return asking.execute(run, timeUp);
    });
  };
}
