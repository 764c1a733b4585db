import "server-only";
import type { Cursor } from "@/lib/history/query";
import { Prisma } from "@/lib/server/generated/sqlite/client";

/**
 * The order of a page that is sorted by a column, and then by the id, and where it goes on; towards "previous" it is read
 * backwards, and `ascending` is of what is read. What is not known (`mayMiss`) is last whatever the order, which the two
 * databases would each do in their own way.
 */

type Towards = Cursor["towards"];

export function orderBy(
  column: Prisma.Sql,
  ascending: boolean,
  towards: Towards,
  mayMiss: boolean,
): Prisma.Sql {
  const order = Prisma.raw(ascending ? "ASC" : "DESC");
  const nulls = Prisma.sql`${column} IS NULL ${Prisma.raw(towards === "next" ? "ASC" : "DESC")}, `;
  return Prisma.sql`${mayMiss ? nulls : Prisma.empty}${column} ${order}, id ${order}`;
}

/** The condition that a row is beyond the cursor's, by the ids alone. */
export const beyondId = ({ id }: Cursor, ascending: boolean) =>
  Prisma.sql`id ${Prisma.raw(ascending ? ">" : "<")} ${id}`;

/** The same by a column. */
export function beyondCursor(
  column: Prisma.Sql,
  { towards, value, id }: Cursor,
  ascending: boolean,
  mayMiss: boolean,
): Prisma.Sql {
  const side = Prisma.raw(ascending ? ">" : "<");
  if (value === null) {
    const nulls = Prisma.sql`${column} IS NULL AND id ${side} ${id}`;
    return towards === "next" ? nulls : Prisma.sql`(${nulls} OR ${column} IS NOT NULL)`;
  }
  const known = Prisma.sql`${column} ${side}= ${value} AND (${column} ${side} ${value} OR id ${side} ${id})`;
  return mayMiss && towards === "next" ? Prisma.sql`(${known} OR ${column} IS NULL)` : known;
}
