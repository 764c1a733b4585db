import "server-only";
import type Tinypool from "tinypool";

/** What the threads of lib/server have in common: batch-worker.ts (a process), export-worker.ts, import-worker.ts, read-worker.ts, write-worker.ts. */

/**
 * The file of a thread. `npm run bundle:server` makes them, since a thread starts from a file and not from what Next
 * compiles. Put together so that Next does not look for it.
 */
export const threadFile = (
  name: "batch-worker" | "export-worker" | "import-worker" | "read-worker" | "write-worker",
) => [process.cwd(), "dist", `${name}.cjs`].join("/");

/**
 * Megabytes. What a thread reads is garbage at once: a small young generation keeps the whole thread small,
 * docs/decisions/0015.
 */
export const THREAD_LIMITS = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 };

/**
 * Runs a job in a pool's thread; `null` does nothing. Rejects where the thread ends before the job does, as one that runs out
 * of memory: Tinypool 2.2 would give the jobs behind it another thread only with the next job, so that one is sent.
 */
export async function runInPool<Job, Done>(
  pool: Tinypool,
  job: Job | null,
  options?: Parameters<Tinypool["run"]>[1],
): Promise<Done> {
  try {
    return await pool.run(job, options);
  } catch (cause) {
    if (pool.queueSize > 0 && pool.threads.length === 0) runInPool(pool, null).catch(() => {});
    throw cause;
  }
}

/** Rethrows as a plain Error: a SqliteError loses its message between threads. */
export function rethrow(cause: unknown): never {
  throw new Error(cause instanceof Error ? cause.message : String(cause));
}
