import "server-only";
import { availableParallelism } from "node:os";
import Tinypool from "tinypool";
import { sqlitePath } from "@/lib/database-url";
import type { Prisma } from "@/lib/server/generated/sqlite/client";
import { database } from "./db";
import { kindOfDatabase } from "./dialect";
import type { ReadJob } from "./read-worker";
import { databaseUrl } from "./team-database";
import { runInPool, THREAD_LIMITS, threadFile } from "./threads";

/**
 * Threads with a SQLite connection each. The driver is synchronous: what takes a tenth of a second in the process's own
 * thread holds up every other request, and uses one core of several.
 */

export const READ_THREADS = Math.min(4, availableParallelism());

/** Long enough for whoever turns the pages; after it the memory is the system's again. */
const IDLE_MS = 60_000;

// Next compiles pages and actions apart, so that a module variable would be several pools.
const shared = globalThis as typeof globalThis & { cytodeskReadThreads?: Tinypool };

function pool(): Tinypool {
  shared.cytodeskReadThreads ??= new Tinypool({
    filename: threadFile("read-worker"),
    minThreads: 0,
    maxThreads: READ_THREADS,
    idleTimeout: IDLE_MS,
    resourceLimits: THREAD_LIMITS,
  });
  return shared.cytodeskReadThreads;
}

/** The rows of a statement that takes long, as arrays of its columns' values; PostgreSQL runs it elsewhere anyway. */
export async function readOffThread(statement: Prisma.Sql): Promise<unknown[][]> {
  if (kindOfDatabase() === "sqlite") return readInThreads([statement]);
  const rows = await (await database()).$queryRaw<object[]>(statement);
  return rows.map(Object.values);
}

/** The rows of statements that run at the same time, statement by statement, as arrays; rejects where one fails. */
export async function readInThreads(statements: readonly Prisma.Sql[]): Promise<unknown[][]> {
  const path = sqlitePath(databaseUrl());
  const read = ({ sql, values }: Prisma.Sql) =>
    runInPool<ReadJob, unknown[][]>(pool(), { path, sql, values });
  return (await Promise.all(statements.map(read))).flat();
}
