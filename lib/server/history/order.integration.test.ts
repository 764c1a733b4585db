import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Cursor } from "@/lib/history/query";
import { Prisma } from "@/lib/server/generated/sqlite/client";
import { createThrowawayDatabase } from "@/test/throwaway";

const { url, remove } = createThrowawayDatabase();
process.env.DATABASE_URL = url;
const { database } = await import("@/lib/server/database/db");
const { beyondCursor, orderBy } = await import("./order");

type Row = { id: string; value: number | null };
const ROWS = Array.from(
  { length: 23 },
  (_, at): Row => ({ id: `row ${String(at).padStart(2, "0")}`, value: at % 4 === 1 ? null : (at * 7) % 5 }),
);

beforeAll(async () => {
  const db = await database();
  await db.$executeRaw`CREATE TABLE sorted (id TEXT PRIMARY KEY, value DOUBLE PRECISION)`;
  for (const { id, value } of ROWS) await db.$executeRaw`INSERT INTO sorted VALUES (${id}, ${value})`;
});

afterAll(async () => {
  await (await database()).$disconnect();
  remove();
});

/** As the history reads a page: at most `size` rows beyond a cursor, backwards towards "previous". */
async function readRows(isAscending: boolean, size: number, cursor: Cursor | null): Promise<Row[]> {
  const column = Prisma.raw("value");
  const towards = cursor?.towards ?? "next";
  const ascending = isAscending === (towards === "next");
  const beyond = cursor === null ? Prisma.sql`TRUE` : beyondCursor(column, cursor, ascending, true);
  return (await database()).$queryRaw<Row[]>`
    SELECT id, value FROM sorted WHERE ${beyond}
    ORDER BY ${orderBy(column, ascending, towards, true)} LIMIT ${size}`;
}

const sorted = (isAscending: boolean) => {
  const side = isAscending ? 1 : -1;
  return ROWS.toSorted((a, b) => {
    if (a.value === null || b.value === null) {
      if (a.value !== b.value) return a.value === null ? 1 : -1;
    } else if (a.value !== b.value) return side * (a.value - b.value);
    return side * a.id.localeCompare(b.id);
  });
};

it.each([true, false])("sorts what is not known last, ascending: %s", async (isAscending) => {
  expect(await readRows(isAscending, ROWS.length, null)).toEqual(sorted(isAscending));
});

it("goes on from any row, either way", async () => {
  const all = { true: sorted(true), false: sorted(false) };
  await fc.assert(
    fc.asyncProperty(
      fc.boolean(),
      fc.nat(ROWS.length - 1),
      fc.integer({ min: 1, max: 9 }),
      async (asc, at, size) => {
        const rows = all[`${asc}`];
        const { id, value } = rows[at] as Row;
        const next = await readRows(asc, size, { towards: "next", value, id });
        expect(next).toEqual(rows.slice(at + 1, at + 1 + size));
        const before = await readRows(asc, size, { towards: "previous", value, id });
        expect(before.toReversed()).toEqual(rows.slice(Math.max(0, at - size), at));
      },
    ),
  );
});
