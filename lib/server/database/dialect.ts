import "server-only";
import { type DatabaseKind, databaseKind } from "@/lib/database-url";
import { env } from "@/lib/server/env";
import { Prisma } from "@/lib/server/generated/sqlite/client";

/** What SQL of our own must say differently to SQLite and to PostgreSQL. */

/** The kind of database that this process keeps its history in. */
export function kindOfDatabase(): DatabaseKind {
  return databaseKind(env().DATABASE_URL) ?? "sqlite";
}

/** The placeholders of rows of values, for `INSERT … VALUES` by `$executeRawUnsafe`. */
export function placeholders(rows: readonly (readonly unknown[])[]): string {
  let parameter = 0;
  const placeholder = kindOfDatabase() === "postgresql" ? () => `$${++parameter}` : () => "?";
  return rows.map((row) => `(${row.map(placeholder).join(", ")})`).join(", ");
}

/**
 * That a prediction is not deleted, for statements that go by the id or another index: of the bare comparison SQLite
 * would take the index that begins with deleted_at, and look up and sort every row.
 */
export const NOT_DELETED = Prisma.sql`coalesce(deleted_at, NULL) IS NULL`;

/**
 * Behind a table's name: read it row by row. SQLite has no statistics, and would look up every row by the index that
 * begins with deleted_at; PostgreSQL has them.
 */
export const unindexed = () => (kindOfDatabase() === "postgresql" ? Prisma.empty : Prisma.sql`NOT INDEXED`);
