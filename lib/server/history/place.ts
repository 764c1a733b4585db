import "server-only";
import type { Place } from "@/lib/history/place";
import type { Cursor, HistoryQuery } from "@/lib/history/query";
import type { Result } from "@/lib/result";
import type { database } from "@/lib/server/database/db";
import { reading, type StoreError } from "@/lib/server/database/store";
import { whereClause } from "./conditions";
import { findRows, type ListedRow, orderedBefore, partsOf, SELECT_LISTED, sortedValue } from "./history";
import { oldestLookedAt } from "./tally";

const NOWHERE: Place = { previous: null, next: null, position: null };

/**
 * Where a prediction is in a list. It has neighbours there also when it no longer passes the list's filters, since an
 * outcome was just recorded; its position is told where no more than LOOKED_AT predictions are kept in all.
 */
export async function findPlace(id: string, query: HistoryQuery): Promise<Result<Place, StoreError>> {
  return reading("prediction_not_read", async (db) => {
    const [row] = await db.$queryRaw<ListedRow[]>`${SELECT_LISTED} FROM prediction WHERE id = ${id}`;
    if (row === undefined) return NOWHERE;
    const value = sortedValue(query.sort, row);
    const parts = await partsOf(db, query.filters);
    const beside = async (towards: Cursor["towards"]) => {
      const [found] = await findRows(db, { ...query, size: 1, cursor: { towards, value, id } }, parts);
      return found?.id ?? null;
    };
    const [previous, next] = [await beside("previous"), await beside("next")];
    return { previous, next, position: await positionOf(db, query, { value, id }) };
  });
}

async function positionOf(
  db: Awaited<ReturnType<typeof database>>,
  query: HistoryQuery,
  row: Omit<Cursor, "towards">,
): Promise<Place["position"]> {
  if ((await oldestLookedAt(db)) !== undefined) return null;
  const [counted] = await db.$queryRaw<Record<"here" | "before" | "all", number | bigint | null>[]>`
    SELECT count(*) AS "all", sum(CASE WHEN id = ${row.id} THEN 1 ELSE 0 END) AS here,
      sum(CASE WHEN ${orderedBefore(query, row)} THEN 1 ELSE 0 END) AS before
    FROM prediction WHERE ${whereClause(query.filters)}`;
  if (counted === undefined || Number(counted.here) === 0) return null;
  return { at: Number(counted.before) + 1, of: Number(counted.all) };
}
