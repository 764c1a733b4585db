import "server-only";
import Tinypool from "tinypool";
import { sqlitePath } from "@/lib/database-url";
import { openedFile } from "./db";
import { databaseUrl } from "./team-database";
import { runInPool, THREAD_LIMITS, threadFile } from "./threads";
import type { RebuildJob, Write, WriteJob } from "./write-worker";

/**
 * A thread with a SQLite connection that writes. The driver is synchronous: in the process's own thread a transaction
 * holds up every other request until the disk has it. docs/decisions/0020-saving-at-twice-django.md
 */

const IDLE_MS = 60_000;

// Next compiles pages and actions apart, so that a module variable would be several threads.
const shared = globalThis as typeof globalThis & { cytodeskWriteThread?: Tinypool };

function thread(): Tinypool {
  shared.cytodeskWriteThread ??= new Tinypool({
    filename: threadFile("write-worker"),
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: IDLE_MS,
    resourceLimits: THREAD_LIMITS,
  });
  return shared.cytodeskWriteThread;
}

/** Runs SQLite statements in one transaction; how many rows each has changed. Rejects where one fails: nothing is then written. */
export async function writeInThread(writes: readonly Write[]): Promise<number[]> {
  const path = sqlitePath(databaseUrl());
  return runInPool<WriteJob, number[]>(thread(), { path, file: await openedFile(), writes });
}

/**
 * Writes the team's SQLite file anew without what was deleted from it; whether nothing of that is left. Saves wait for it, and
 * it needs as much room on the disk as the file.
 */
export async function rebuildInThread(): Promise<boolean> {
  const path = sqlitePath(databaseUrl());
  const job: RebuildJob = { path, file: await openedFile() };
  return runInPool<RebuildJob, boolean>(thread(), job, { name: "rebuild" });
}
