import "server-only";
import { PrismaBetterSqlite3 } from "@prisma/adapter-better-sqlite3";
import type { SqlDriverAdapter } from "@prisma/driver-adapter-utils";
import { env } from "@/lib/server/env";
import { PrismaClient } from "@/lib/server/generated/client";

/** The driver is synchronous: waiting longer for another writer's lock would freeze every request. */
const BUSY_TIMEOUT_MS = 1000;

/**
 * Opens the SQLite database and makes it durable: write-ahead log, and a sync to disk at every commit.
 * Throws when the file cannot be opened or SQLite refuses a setting.
 */
export async function openDatabase(url: string): Promise<PrismaClient> {
  const client = new PrismaClient({ adapter: new PrismaBetterSqlite3({ url, timeout: BUSY_TIMEOUT_MS }) });
  const pragma = async (text: string) => {
    const rows = await client.$queryRawUnsafe<Record<string, unknown>[]>(`PRAGMA ${text}`);
    return rows[0] === undefined ? undefined : String(Object.values(rows[0])[0]);
  };
  await pragma("journal_mode = WAL");
  await pragma("synchronous = FULL");
  const found = {
    journal_mode: await pragma("journal_mode"),
    synchronous: await pragma("synchronous"),
    busy_timeout: await pragma("busy_timeout"),
  };
  const wanted = { journal_mode: "wal", synchronous: "2", busy_timeout: String(BUSY_TIMEOUT_MS) };
  for (const [name, value] of Object.entries(wanted)) {
    if (found[name as keyof typeof wanted] !== value) {
      await client.$disconnect();
      throw new Error(`SQLite at ${url}: ${name} is ${found[name as keyof typeof wanted]}, not ${value}.`);
    }
  }
  return client;
}

// Next compiles instrumentation and pages apart, so a module variable would open one connection for each.
const shared = globalThis as typeof globalThis & { cytodeskDatabase?: Promise<PrismaClient> };

/** The process's one connection, opened on first use; a failed opening is tried again by the next caller. */
export function database(): Promise<PrismaClient> {
  shared.cytodeskDatabase ??= openDatabase(env().DATABASE_URL).catch((error: unknown) => {
    delete shared.cytodeskDatabase;
    throw error;
  });
  return shared.cytodeskDatabase;
}

/**
 * A connection of its own, for reading at length: rows as the driver gives them, which is several times as fast as
 * through the client. Whoever opens it disposes of it.
 */
export function openReader(): Promise<SqlDriverAdapter> {
  return new PrismaBetterSqlite3({ url: env().DATABASE_URL, timeout: BUSY_TIMEOUT_MS }).connect();
}
