import "server-only";
import { type Diagnosis, diagnosis, label } from "@/lib/contract";
import { minIdAt } from "@/lib/min-id";
import { lastMonths } from "@/lib/monitoring/months";
import {
  confusionOf,
  type OutcomeGroup,
  type Performance,
  performanceOf,
  RELIABILITY_BINS,
  SUMMARISED,
  type Summary,
} from "@/lib/monitoring/performance";
import type { Result } from "@/lib/result";
import { NOT_DELETED } from "@/lib/server/database/dialect";
import { readOffThread } from "@/lib/server/database/read-threads";
import { reading, type StoreError } from "@/lib/server/database/store";
import { Prisma } from "@/lib/server/generated/sqlite/client";
import { TRAINING_PROBE, trainingRowOf } from "@/lib/server/model/training-rows";
import { FEATURE_KEYS, table } from "@/tables/current";

const { positive, negative } = table.classes;

const MONTHS = 12;

/**
 * How predictions made here fared: all, by model, and by the month they were made in, latest first; and how many were left
 * out because they are rows of the training data.
 */
export type PerformanceInUse = {
  trainingRows: number;
  all: Performance;
  byModel: { name: string; performance: Performance }[];
  byMonth: { name: string; performance: Performance }[];
};

/**
 * Figures of every confirmed prediction that is not deleted nor a row of the training data; from a query that groups, and
 * one for those rows, which are taken off again: only their values tell them, and no index holds those.
 */
export async function performanceInUse(now = new Date()): Promise<Result<PerformanceInUse, StoreError>> {
  return reading("performance_not_read", async (db) => {
    const months = lastMonths(MONTHS, now);
    const starts = months.map(({ from }) => from);
    const toGroup = ([
      outcome,
      diagnosis,
      label,
      count,
      modelId,
      month,
      bin,
      probabilities,
      squares,
    ]: Row) => ({
      ...toCount([outcome, diagnosis, label, count]),
      modelId: Number(modelId),
      month: months[Number(month)]?.name ?? "earlier",
      bin: Number(bin),
      probabilities: Number(probabilities),
      squares: Number(squares),
    });
    const [counted, probed] = await Promise.all([
      readOffThread(groupQuery(starts)),
      readOffThread(probedQuery(starts)),
    ]);
    const trainingRows = probed.filter(isTrainingRow).map(toGroup);
    const groups = [...counted.map(toGroup), ...trainingRows.map(takenOff)];
    const ids = [...new Set(groups.map(({ modelId }) => modelId))].sort((a, b) => b - a);
    const ofAny = ({ performance }: { performance: Performance }) => performance.confirmed > 0;
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
      trainingRows: trainingRows.length,
      all: performanceOf(groups),
      byModel: ids
        .map((id) => ({
          name: names.get(id) ?? String(id),
          performance: performanceOf(groups.filter(({ modelId }) => modelId === id)),
        }))
        .filter(ofAny),
      byMonth: [...months.map(({ name }) => name).reverse(), "earlier"]
        .map((name) => ({
          name,
          performance: performanceOf(groups.filter((group) => group.month === name)),
        }))
        .filter(ofAny),
    };
  });
}

/**
 * Counts of the latest SUMMARISED confirmed predictions without rows of the training data, for a page that has more to do
 * than to read all of them; null, and said in the log, where they cannot be read.
 */
export async function performanceSummary(): Promise<Summary | null> {
  const summary = await reading("performance_not_read", async (db) => {
    // Not worth a thread, which would have to be started where the history is small.
    const read = async (query: Prisma.Sql): Promise<Row[]> =>
      (await db.$queryRaw<object[]>(query)).map(Object.values);
    const counted = (await read(summaryQuery(SUMMARISED))).map(toCount);
    const probed = await read(probedSummaryQuery(SUMMARISED));
    const trainingRows = probed.filter(isTrainingRow).map(toCount);
    const found = counted.reduce((sum, { count }) => sum + count, 0);
    return {
      ...confusionOf([...counted, ...trainingRows.map((group) => ({ ...group, count: -group.count }))]),
      isAll: found < SUMMARISED,
    };
  });
  return summary.ok ? summary.value : null;
}

/** As the statements below select it; the values of a case alone follow. */
type Row = readonly unknown[];

const toCount = ([outcome, said, labelled, count]: Row) => ({
  outcome: diagnosis.parse(outcome),
  diagnosis: diagnosis.parse(said),
  label: label.nullable().parse(labelled),
  count: Number(count),
});

const isTrainingRow = (row: Row) => {
  const values = row
    .slice(-FEATURE_KEYS.length)
    .map((value) => (value === null ? Number.NaN : Number(value)));
  return trainingRowOf(values) !== null;
};

/** A group that takes its cases off the sums that hold them too. */
const takenOff = <G extends Pick<OutcomeGroup, "count" | "probabilities" | "squares">>(group: G): G => ({
  ...group,
  count: -group.count,
  probabilities: -group.probabilities,
  squares: -group.squares,
});

const CONFIRMED = Prisma.sql`${NOT_DELETED} AND source <> 'sample'`;

/** One measurement is a training row's: true of few other cases, and quicker to ask than all of them. */
const PROBED = probed(TRAINING_PROBE.key, [...TRAINING_PROBE.values]);

function probed(key: string, values: readonly number[]): Prisma.Sql {
  const column = Prisma.raw(key);
  const known = values.filter((value) => !Number.isNaN(value));
  const isOne = Prisma.sql`${column} IN (${Prisma.join(known)})`;
  return known.length === values.length ? isOne : Prisma.sql`(${isOne} OR ${column} IS NULL)`;
}

const MEASUREMENTS = Prisma.raw(FEATURE_KEYS.join(", "));

/** `starts`: the months' first moments, ascending; what is earlier has month -1. */
export function groupQuery(starts: readonly Date[]): Prisma.Sql {
  return Prisma.sql`
    SELECT outcome, diagnosis, label, count(*) AS count, model_id, month, bin,
      sum(probability) AS probabilities, sum(square) AS squares
    FROM (${confirmedQuery(starts)}) AS confirmed
    GROUP BY model_id, month, bin, outcome, diagnosis, label`;
}

/** The same of those that may be training rows, each alone and with its values. */
export function probedQuery(starts: readonly Date[]): Prisma.Sql {
  return Prisma.sql`
    SELECT outcome, diagnosis, label, 1 AS count, model_id, month, bin,
      probability AS probabilities, square AS squares, ${MEASUREMENTS}
    FROM (${confirmedQuery(starts, Prisma.sql`, ${MEASUREMENTS}`)} AND ${PROBED}) AS confirmed`;
}

function confirmedQuery(starts: readonly Date[], further = Prisma.empty): Prisma.Sql {
  // The id's order is that of time. A number in the text, since a bare parameter would be text to PostgreSQL.
  const month = starts.map(
    (start, i) => Prisma.sql`WHEN id >= ${minIdAt(start)} THEN ${Prisma.raw(String(i))}`,
  );
  const bin = Array.from(
    { length: RELIABILITY_BINS - 1 },
    (_, i) => Prisma.sql`WHEN probability < ${(i + 1) / RELIABILITY_BINS} THEN ${Prisma.raw(String(i))}`,
  );
  const truth = Prisma.sql`CASE outcome WHEN ${positive} THEN 1.0 ELSE 0.0 END`;
  return Prisma.sql`
    SELECT model_id, outcome, diagnosis, label, probability,
      (probability - ${truth}) * (probability - ${truth}) AS square,
      CASE ${Prisma.join(month.reverse(), " ")} ELSE -1 END AS month,
      CASE ${Prisma.join(bin, " ")} ELSE ${Prisma.raw(String(RELIABILITY_BINS - 1))} END AS bin${further}
    FROM prediction WHERE outcome IN (${positive}, ${negative}) AND ${CONFIRMED}`;
}

/** Counts of the latest confirmed, by outcome and answer. */
export function summaryQuery(latest: number): Prisma.Sql {
  return Prisma.sql`
    SELECT outcome, diagnosis, label, count(*) AS count FROM ${latestQuery(latest)}
    GROUP BY outcome, diagnosis, label`;
}

/** Those of them that may be training rows, each alone and with its values. */
export function probedSummaryQuery(latest: number): Prisma.Sql {
  return Prisma.sql`
    SELECT prediction.outcome, prediction.diagnosis, prediction.label, 1 AS count, ${MEASUREMENTS}
    FROM ${latestQuery(latest)}
    JOIN prediction ON prediction.id = latest.id AND ${PROBED}`;
}

/** Each outcome's are in the order of the index; both databases merge the two and stop at the last. */
function latestQuery(latest: number): Prisma.Sql {
  const confirmed = (outcome: Diagnosis) => Prisma.sql`
    SELECT id, outcome, diagnosis, label FROM prediction WHERE outcome = ${outcome} AND ${CONFIRMED}`;
  return Prisma.sql`
    (${confirmed(positive)} UNION ALL ${confirmed(negative)} ORDER BY id DESC LIMIT ${latest}) AS latest`;
}
