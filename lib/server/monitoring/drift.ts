import "server-only";
import { daysBefore } from "@/lib/history/retention";
import { minIdAt } from "@/lib/min-id";
import {
  type DriftWindow,
  type FeatureDrift,
  type InputDrift,
  LEAST_CASES,
  smoothedShares,
  stabilityIndex,
} from "@/lib/monitoring/drift";
import { lastMonths } from "@/lib/monitoring/months";
import type { Result } from "@/lib/result";
import { NOT_DELETED } from "@/lib/server/database/dialect";
import { readOffThread } from "@/lib/server/database/read-threads";
import { reading, type StoreError } from "@/lib/server/database/store";
import { Prisma } from "@/lib/server/generated/sqlite/client";
import { countsOfBins, TRAINING_BINS, TRAINING_CASES } from "@/lib/server/model/training-deciles";
import { trainingRowOf } from "@/lib/server/model/training-rows";
import { FEATURE_KEYS, type FeatureKey } from "@/tables/current";

const MONTHS = 12;

/**
 * Beyond so many cases a random part is binned: the training cases are fewer and make the index uncertain by far
 * more, and the measurements of a million cases would hold up the process for seconds.
 */
const MOST_CASES = 5_000;
const MOST_CASES_OF_A_MONTH = 1_000;

/** Population stability index of every measurement over the last `window` days, and by month of the last 12. */
export async function inputDrift(
  window: DriftWindow,
  now = new Date(),
): Promise<Result<InputDrift, StoreError>> {
  return reading("drift_not_read", async () => {
    const months = lastMonths(MONTHS, now);
    const whole = await binned({ from: daysBefore(now, window), to: null }, MOST_CASES);
    const { indexes, ...counts } = whole;
    const shown = {
      window,
      ...counts,
      training: TRAINING_CASES,
      months: months.map(({ name }) => name),
    };
    if (indexes === null) return { ...shown, features: null };
    // One after the other, so that a thread is left to the history.
    const monthly: (Indexes | null)[] = [];
    for (const month of months) monthly.push((await binned(month, MOST_CASES_OF_A_MONTH)).indexes);
    const features = [...indexes].map(
      ([key, index]): FeatureDrift => ({
        key,
        index,
        bins: TRAINING_BINS.find((bins) => bins.key === key)?.counts.length ?? 0,
        months: monthly.map((indexes) => indexes?.get(key) ?? null),
      }),
    );
    features.sort((a, b) => b.index - a.index);
    return { ...shown, features };
  });
}

type Span = { from: Date; to: Date | null };
type Indexes = ReadonlyMap<FeatureKey, number>;

/** The indexes of a span's cases, of at most about `most` of them; null where it would use fewer than LEAST_CASES. */
async function binned(
  { from, to }: Span,
  most: number,
): Promise<Pick<InputDrift, "cases" | "drawn" | "used"> & { indexes: Indexes | null }> {
  // By id, whose order is that of time. A sample is not a case.
  const inSpan = Prisma.sql`id >= ${minIdAt(from)} ${to === null ? Prisma.empty : Prisma.sql`AND id < ${minIdAt(to)}`}
    AND ${NOT_DELETED} AND source <> 'sample'`;
  const [[counted] = []] = await readOffThread(
    Prisma.sql`SELECT count(*) AS cases FROM prediction WHERE ${inSpan}`,
  );
  const cases = Number(counted);
  const sample = cases <= most ? Prisma.empty : Prisma.sql`AND ${drawnById(most / cases)}`;
  const all = (await readOffThread(
    Prisma.sql`SELECT ${MEASUREMENTS} FROM prediction WHERE ${inSpan} ${sample}`,
  )) as (number | null)[][];
  const values = all.map((row) => row.map((value) => value ?? Number.NaN));
  const rows = values.filter((values) => trainingRowOf(values) === null);
  const counts = { cases, drawn: all.length, used: rows.length };
  if (rows.length < LEAST_CASES) return { ...counts, indexes: null };
  const indexes = new Map<FeatureKey, number>();
  for (const [place, bins] of TRAINING_BINS.entries()) {
    const values = rows.map((row) => row[place] as number);
    const actual = countsOfBins(bins, values);
    indexes.set(bins.key, stabilityIndex(smoothedShares(bins.counts), smoothedShares(actual)));
  }
  return { ...counts, indexes };
}

const MEASUREMENTS = Prisma.raw(FEATURE_KEYS.join(", "));

const TAIL_DIGITS = 4;

/** True of about `share` of the rows, always the same ones: an id ends in random hexadecimal digits. */
function drawnById(share: number): Prisma.Sql {
  const bound = Math.round(share * 16 ** TAIL_DIGITS);
  return Prisma.sql`substr(id, ${Prisma.raw(String(36 - TAIL_DIGITS + 1))}) < ${bound.toString(16).padStart(TAIL_DIGITS, "0")}`;
}
