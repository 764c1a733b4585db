import "server-only";
import { v7 as uuidv7 } from "uuid";
import { daysBefore } from "@/lib/history/retention";
import { minIdAt } from "@/lib/min-id";
import type { Result } from "@/lib/result";
import { actor, runForTeam } from "@/lib/server/access/actor";
import { reading, type StoreError, writing } from "@/lib/server/database/store";

const KEPT_DAYS = 30;

export type FailedRequest = { backend: string; reason: string; requestId: string; latencyMs: number };

/** Records a request that got no answer; deletes records older than 30 days. */
export async function recordFailure({
  backend,
  reason,
  requestId,
  latencyMs,
}: FailedRequest): Promise<Result<void, StoreError>> {
  // The application's own record, whoever met the failure.
  return runForTeam(actor().team, () =>
    writing("failure_not_recorded", async ({ failedPrediction }) => {
      const createdAt = new Date();
      await failedPrediction.create({
        data: { id: uuidv7(), createdAt, backend, reason, requestId, latencyMs },
      });
      await failedPrediction.deleteMany({ where: { createdAt: { lt: daysBefore(createdAt, KEPT_DAYS) } } });
    }),
  );
}

/** The last 24 hours of one backend; latencies in milliseconds, null where nothing was answered. */
export type LastDay = {
  answered: { count: number; exact: boolean };
  latency: { p50: number; p95: number } | null;
  failures: { reason: string; count: number; latest: Date; requestId: string }[];
};

/** Latencies are of the latest so many, which are enough for a percentile and quick to read. */
const MOST_LATENCIES = 10_000;

/** How predictions fared in the last 24 hours; those that were taken out of the history count too. */
export async function lastDay(backend: string, now = new Date()): Promise<Result<LastDay, StoreError>> {
  return reading("record_not_read", async (db) => {
    const since = daysBefore(now, 1);
    // By id, whose order is that of time, so that the key of the table finds the latest.
    const answered = await db.prediction.findMany({
      where: { id: { gte: minIdAt(since) }, backend },
      orderBy: { id: "desc" },
      select: { latencyMs: true },
      take: MOST_LATENCIES,
    });
    const failed = await db.failedPrediction.findMany({
      where: { createdAt: { gte: since }, backend },
      orderBy: { createdAt: "desc" },
      select: { reason: true, createdAt: true, requestId: true },
    });
    const byReason = new Map<string, LastDay["failures"][number]>();
    for (const { reason, createdAt, requestId } of failed) {
      const seen = byReason.get(reason);
      if (seen === undefined) byReason.set(reason, { reason, count: 1, latest: createdAt, requestId });
      else seen.count += 1;
    }
    const latencies = answered.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b);
    const percentile = (share: number) =>
      latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))];
    const p50 = percentile(0.5);
    const p95 = percentile(0.95);
    return {
      answered: { count: latencies.length, exact: latencies.length < MOST_LATENCIES },
      latency: p50 === undefined || p95 === undefined ? null : { p50, p95 },
      failures: [...byReason.values()],
    };
  });
}
