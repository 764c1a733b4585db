import "server-only";
import * as z from "zod";
import { label } from "@/lib/contract";
import { chipsOf, type HistoryFilters } from "@/lib/history/filters";
import { AXIS, AXIS_SPAN, AXIS_START, BINS, OUTCOME_STATES, type Tally } from "@/lib/prediction/tally";
import type { database } from "@/lib/server/database/db";
import { kindOfDatabase, unindexed } from "@/lib/server/database/dialect";
import { readInThreads } from "@/lib/server/database/read-threads";
import { Prisma } from "@/lib/server/generated/sqlite/client";
import { DISAGREES, whereClause } from "./conditions";

/** Counts of the history, bounded at any size: docs/decisions/0013-history-at-a-million-rows.md. */

type Database = Awaited<ReturnType<typeof database>>;

/** Counting a million rows takes longer than everything else the page does. */
export const COUNT_BOUND = 10_000;
/** How many of the latest predictions a count with filters looks at. */
export const LOOKED_AT = 100_000;

/** Beside the ends of the axis a database's logarithm may round to the bin beyond. */
const bin = z.coerce.number().transform((at) => Math.min(BINS - 1, Math.max(0, at)));
const row = z.tuple([z.enum(OUTCOME_STATES), label, bin, z.coerce.number()]);

/**
 * The predictions that pass the filters, counted by answer, outcome and probability: the latest COUNT_BOUND of them, with
 * filters among the latest LOOKED_AT predictions only. `inThread`: where a scan would hold up the process.
 */
export async function tallyPredictions(
  db: Database,
  filters: HistoryFilters,
  inThread: boolean,
): Promise<Tally> {
  const oldest = chipsOf(filters).length > 0 ? await oldestLookedAt(db) : undefined;
  const isAmongLatest = oldest !== undefined;
  const query = tallyQuery(filters, isAmongLatest ? latestRows(oldest) : Prisma.sql`TRUE`);
  const found = inThread
    ? await readInThreads([query])
    : (await db.$queryRaw<object[]>(query)).map(Object.values);
  const groups = found.map((values) => {
    const [outcome, answer, bin, count] = row.parse(values);
    return { outcome, answer, bin, count };
  });
  const count = groups.reduce((sum, group) => sum + group.count, 0);
  return { groups, exact: !isAmongLatest && count <= COUNT_BOUND };
}

/** The id behind which the LOOKED_AT latest predictions are; undefined where there are no others. */
export async function oldestLookedAt(db: Database): Promise<string | undefined> {
  const [oldest] = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM prediction ORDER BY id DESC LIMIT 1 OFFSET ${LOOKED_AT}`;
  return oldest?.id;
}

/** Selects outcome state, answer, bin and count of the latest COUNT_BOUND + 1 rows that a condition and the filters hold for. */
function tallyQuery(filters: HistoryFilters, latest: Prisma.Sql): Prisma.Sql {
  const order = Prisma.raw(kindOfDatabase() === "sqlite" ? "rowid" : "id");
  const bins = BINS / AXIS_SPAN;
  return Prisma.sql`
    SELECT state, answer, bin, count(*) AS count FROM (
      SELECT CASE WHEN outcome IS NULL THEN 'unknown' WHEN ${DISAGREES} THEN 'disagrees' ELSE 'known' END AS state,
        coalesce(label, diagnosis) AS answer,
        CASE WHEN probability <= ${AXIS.from} THEN 0 WHEN probability >= ${AXIS.to} THEN ${Prisma.raw(String(BINS - 1))}
          ELSE floor((ln(probability / (1 - probability)) - ${AXIS_START}) * ${bins}) END AS bin
      FROM prediction ${unindexed()} WHERE ${latest} AND ${whereClause(filters)}
      ORDER BY ${order} DESC LIMIT ${COUNT_BOUND + 1}) AS counted
    GROUP BY state, answer, bin`;
}

/** That a row is one of the LOOKED_AT latest; SQLite numbers rows as they are saved, and reads them in that order. */
const latestRows = (oldest: string) =>
  kindOfDatabase() === "sqlite"
    ? Prisma.sql`rowid > (SELECT max(rowid) FROM prediction) - ${LOOKED_AT}`
    : Prisma.sql`id > ${oldest}`;

/**
 * About how many predictions the history holds, to two digits, without counting them: null where very many are in the
 * bin, which would have to be counted.
 */
export async function estimateSize(db: Database): Promise<number | null> {
  const [size] =
    kindOfDatabase() === "sqlite"
      ? await db.$queryRaw<{ kept: number | bigint }[]>`
          SELECT (SELECT max(rowid) FROM prediction) - (SELECT min(rowid) FROM prediction) + 1 AS kept`
      : await db.$queryRaw<{ kept: number | bigint }[]>`
          SELECT CAST(reltuples AS bigint) AS kept FROM pg_class WHERE oid = CAST('prediction' AS regclass)`;
  const [bin] = await db.$queryRaw<{ deleted: number | bigint }[]>`
    SELECT count(*) AS deleted FROM
      (SELECT 1 FROM prediction WHERE deleted_at IS NOT NULL LIMIT ${COUNT_BOUND + 1}) AS bin`;
  const deleted = Number(bin?.deleted ?? 0);
  const kept = Number(size?.kept ?? 0) - deleted;
  return deleted > COUNT_BOUND || kept <= COUNT_BOUND ? null : Number(kept.toPrecision(2));
}
