import "server-only";
import { type Diagnosis, diagnosis, label } from "@/lib/contract";
import { minIdAt } from "@/lib/min-id";
import { lastMonths } from "@/lib/monitoring/months";
import {
  type Confusion,
  confusionOf,
  type OutcomeGroup,
  type Performance,
  performanceOf,
  RELIABILITY_BINS,
  SUMMARISED,
} from "@/lib/monitoring/performance";
import type { Result } from "@/lib/result";
import { NOT_DELETED } from "@/lib/server/database/dialect";
import { reading, type StoreError } from "@/lib/server/database/store";
import { Prisma } from "@/lib/server/generated/sqlite/client";
import { table } from "@/tables/current";

const { positive, negative } = table.classes;

const MONTHS = 12;

/** How predictions made here fared: all, by model, and by the month they were made in, latest first. */
export type PerformanceInUse = {
  all: Performance;
  byModel: { name: string; performance: Performance }[];
  byMonth: { name: string; performance: Performance }[];
};

/** Figures of every confirmed prediction that is not deleted nor a sample; from one query that groups. */
export async function performanceInUse(now = new Date()): Promise<Result<PerformanceInUse, StoreError>> {
  return reading("performance_not_read", async (db) => {
    const months = lastMonths(MONTHS, now);
    const rows = await db.$queryRaw<Row[]>(groupQuery(months.map(({ from }) => from)));
    const groups = rows.map((row) => ({
      ...toCount(row),
      modelId: Number(row.model_id),
      month: months[Number(row.month)]?.name ?? "earlier",
      bin: Number(row.bin),
      probabilities: row.probabilities,
      squares: row.squares,
    }));
    const ids = [...new Set(groups.map(({ modelId }) => modelId))].sort((a, b) => b - a);
    const models = await db.model.findMany({
      where: { id: { in: ids } },
      select: { id: true, name: true, version: true, hash: true },
    });
    const names = new Map(
      models.map(({ id, name, version, hash }) => [
        id,
        `${name} ${version}${hash === null ? "" : ` (${hash.slice(0, 8)})`}`,
      ]),
    );
    return {
      all: performanceOf(groups),
      byModel: ids.map((id) => ({
        name: names.get(id) ?? String(id),
        performance: performanceOf(groups.filter(({ modelId }) => modelId === id)),
      })),
      byMonth: [...months.map(({ name }) => name).reverse(), "earlier"]
        .map((name) => ({
          name,
          performance: performanceOf(groups.filter((group) => group.month === name)),
        }))
        .filter(({ performance }) => performance.confirmed > 0),
    };
  });
}

/**
 * Counts of the latest SUMMARISED confirmed predictions, for a page that has more to do than to read all of them; null,
 * and said in the log, where they cannot be read.
 */
export async function performanceSummary(): Promise<Confusion | null> {
  const summary = await reading("performance_not_read", async (db) => {
    const rows = await db.$queryRaw<CountRow[]>(summaryQuery(SUMMARISED));
    return confusionOf(rows.map(toCount));
  });
  return summary.ok ? summary.value : null;
}

type CountRow = { outcome: string; diagnosis: string; label: string | null; count: number | bigint };
type Row = CountRow & {
  model_id: number | bigint;
  month: number | bigint;
  bin: number | bigint;
} & Pick<OutcomeGroup, "probabilities" | "squares">;

const toCount = (row: CountRow) => ({
  outcome: diagnosis.parse(row.outcome),
  diagnosis: diagnosis.parse(row.diagnosis),
  label: label.nullable().parse(row.label),
  count: Number(row.count),
});

const CONFIRMED = Prisma.sql`${NOT_DELETED} AND source <> 'sample'`;

/** `starts`: the months' first moments, ascending; what is earlier has month -1. */
export function groupQuery(starts: readonly Date[]): Prisma.Sql {
  // The id's order is that of time. A number in the text, since a bare parameter would be text to PostgreSQL.
  const month = starts.map(
    (start, i) => Prisma.sql`WHEN id >= ${minIdAt(start)} THEN ${Prisma.raw(String(i))}`,
  );
  const bin = Array.from(
    { length: RELIABILITY_BINS - 1 },
    (_, i) => Prisma.sql`WHEN probability < ${(i + 1) / RELIABILITY_BINS} THEN ${Prisma.raw(String(i))}`,
  );
  return Prisma.sql`
    SELECT model_id, month, bin, outcome, diagnosis, label, count(*) AS count,
      sum(probability) AS probabilities, sum((probability - truth) * (probability - truth)) AS squares
    FROM (
      SELECT model_id, outcome, diagnosis, label, probability,
        CASE ${Prisma.join(month.reverse(), " ")} ELSE -1 END AS month,
        CASE ${Prisma.join(bin, " ")} ELSE ${Prisma.raw(String(RELIABILITY_BINS - 1))} END AS bin,
        CASE outcome WHEN ${positive} THEN 1.0 ELSE 0.0 END AS truth
      FROM prediction WHERE outcome IN (${positive}, ${negative}) AND ${CONFIRMED}
    ) AS confirmed
    GROUP BY model_id, month, bin, outcome, diagnosis, label`;
}

/** Each outcome's are in the order of the index; both databases merge the two and stop at the last. */
export function summaryQuery(latest: number): Prisma.Sql {
  const confirmed = (outcome: Diagnosis) => Prisma.sql`
    SELECT id, outcome, diagnosis, label FROM prediction WHERE outcome = ${outcome} AND ${CONFIRMED}`;
  return Prisma.sql`
    SELECT outcome, diagnosis, label, count(*) AS count
    FROM (${confirmed(positive)} UNION ALL ${confirmed(negative)} ORDER BY id DESC LIMIT ${latest}) AS latest
    GROUP BY outcome, diagnosis, label`;
}
