import "server-only";

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

/** Rethrows as a plain Error: a SqliteError loses its message between threads. */
export function rethrow(cause: unknown): never {
  throw new Error(cause instanceof Error ? cause.message : String(cause));
}
