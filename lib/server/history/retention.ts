import "server-only";
import type { BatchState } from "@/lib/batch/batch";
import { BIN_DAYS, daysBefore } from "@/lib/history/retention";
import { retentionDays } from "@/lib/history/retention-form";
import { minIdAt } from "@/lib/min-id";
import { ok, type Result } from "@/lib/result";
import { actor, asksForSignIn, HOME } from "@/lib/server/access/actor";
import { entriesOf, recorded } from "@/lib/server/access/audit";
import { ofRow } from "@/lib/server/access/audit-entry";
import { forgetRunOut } from "@/lib/server/access/run-out";
import { forEachTeam } from "@/lib/server/access/teams";
import { type Database, database } from "@/lib/server/database/db";
import { NOT_DELETED } from "@/lib/server/database/dialect";
import { administering, reading, type StoreError } from "@/lib/server/database/store";
import { Prisma } from "@/lib/server/generated/sqlite/client";
import { log } from "@/lib/server/log";
import { timeText } from "@/lib/time";

const SETTING = "retention_days";
const HOUR_MS = 60 * 60 * 1000;
const EVERY_MS = 6 * HOUR_MS;
/** By so much a clock was set, or the machine asleep. */
const CLOCK_SET_MS = HOUR_MS;

/** Rows per transaction, so that saves never wait long. */
const MOST_AT_ONCE = 500;

/** After how many days predictions go to the bin; null where they are kept. */
export async function findRetention(): Promise<Result<number | null, StoreError>> {
  return reading("retention_not_read", async ({ setting }) => {
    const row = await setting.findUnique({ where: { name: SETTING } });
    return row === null ? null : retentionDays.parse(Number(row.value));
  });
}

/** Sets after how many days predictions go to the bin, at the next `applyRetention`; null keeps them. */
export async function saveRetention(days: number | null): Promise<Result<void, StoreError>> {
  return administering("retention_not_set", async (db) => {
    const value = String(days);
    const where = { name: SETTING };
    const saving: Prisma.PrismaPromise<unknown> =
      days === null
        ? db.setting.deleteMany({ where })
        : db.setting.upsert({ where, create: { name: SETTING, value }, update: { value } });
    const about = { object: "setting", objectId: SETTING, detail: { days } } as const;
    await recorded(db, entriesOf("setting_changed", about), saving);
  });
}

// By id, whose order is that of time.
const expired = (now: Date, days: number) =>
  Prisma.sql`id < ${minIdAt(daysBefore(now, days))} AND ${NOT_DELETED}`;

/** How many predictions would go to the bin now. */
export async function countExpired(days: number, now = new Date()): Promise<Result<number, StoreError>> {
  return reading("retention_not_counted", async (db) => {
    const [{ count }] = await db.$queryRaw<[{ count: bigint }]>`
      SELECT count(*) AS count FROM prediction WHERE ${expired(now, days)}`;
    return Number(count);
  });
}

/** How many predictions were deleted for ever and moved to the bin, and how many batches were moved. */
type Applied = { purged: number; moved: number; batches: number };

/**
 * Deletes for ever what has been in the bin for 30 days, then moves what has expired to the bin. Of batches it does the second
 * only: lib/server/batch deletes them for ever, with their files.
 */
export async function applyRetention(now = new Date()): Promise<Result<Applied, StoreError>> {
  const purged = await administering("retention_failed", async (db) => {
    await forgetRecords(db, now);
    return purge(now);
  });
  if (!purged.ok) return purged;
  const found = await findRetention();
  if (!found.ok) return found;
  const days = found.value;
  if (days === null) return ok({ purged: purged.value, moved: 0, batches: 0 });
  const moved = await administering("retention_failed", () => moveExpired(now, days));
  if (!moved.ok) return moved;
  const batches = await administering("retention_failed", () => moveExpiredBatches(now, days));
  return batches.ok ? ok({ purged: purged.value, moved: moved.value, batches: batches.value }) : batches;
}

/** Deletes reports of imports and records of failures; who makes another deletes them too, but perhaps nobody does. */
async function forgetRecords(db: Database, now: Date): Promise<void> {
  const due = { lt: daysBefore(now, BIN_DAYS) };
  await db.importReport.deleteMany({ where: { at: due } });
  await db.failedPrediction.deleteMany({ where: { createdAt: due } });
}

/** Moves batches on which nobody works. */
async function moveExpiredBatches(now: Date, days: number): Promise<number> {
  const db = await database();
  const underway: BatchState[] = ["reading", "running"];
  const where = { deletedAt: null, createdAt: { lt: daysBefore(now, days) }, state: { notIn: underway } };
  const due = await db.batch.findMany({ where, select: { id: true } });
  const ids = due.map(({ id }) => id);
  const moving = db.batch.updateMany({ where: { ...where, id: { in: ids } }, data: { deletedAt: now } });
  const entries = entriesOf(
    "batch_deleted",
    ...ids.map((objectId) => ({ object: "batch", objectId }) as const),
  );
  return (await recorded(db, entries, moving, ofRow("batch", "deleted_at IS NULL"))).count;
}

const aboutRow = ({ id }: { id: string }) => ({ object: "prediction", objectId: id }) as const;

async function purge(now: Date): Promise<number> {
  const db = await database();
  const due = daysBefore(now, BIN_DAYS);
  return inBatches(async () => {
    const rows = await db.$queryRaw<{ id: string }[]>`
      SELECT id FROM prediction WHERE deleted_at <= ${due} LIMIT ${MOST_AT_ONCE}`;
    if (rows.length === 0) return null;
    const ids = Prisma.join(rows.map(({ id }) => id));
    const purging = db.$executeRaw`DELETE FROM prediction WHERE deleted_at <= ${due} AND id IN (${ids})`;
    const isDue = ofRow("prediction", `deleted_at <= '${timeText(due)}'`);
    return recorded(db, entriesOf("prediction_purged", ...rows.map(aboutRow)), purging, isDue);
  });
}

async function moveExpired(now: Date, days: number): Promise<number> {
  const db = await database();
  const limit = daysBefore(now, days);
  let after = "";
  return inBatches(async () => {
    // From where the last batch ended, or each would read again all that is in the bin already.
    const rows = await db.$queryRaw<{ id: string }[]>`
      SELECT id FROM prediction WHERE id > ${after} AND ${expired(now, days)} ORDER BY id LIMIT ${MOST_AT_ONCE}`;
    const last = rows.at(-1);
    if (last === undefined) return null;
    const start = after;
    after = last.id;
    // By the time itself too, so that nothing goes early whatever its id says.
    const moving = db.$executeRaw`
      UPDATE prediction SET deleted_at = ${now}
      WHERE id > ${start} AND id <= ${last.id} AND ${NOT_DELETED} AND created_at < ${limit}`;
    const isOld = ofRow("prediction", `deleted_at IS NULL AND created_at < '${timeText(limit)}'`);
    return recorded(db, entriesOf("prediction_deleted", ...rows.map(aboutRow)), moving, isOld);
  });
}

/** Adds up what batches did until one gives null, and lets requests in between them. */
async function inBatches(batch: () => Promise<number | null>): Promise<number> {
  for (let sum = 0; ; ) {
    const count = await batch();
    if (count === null) return sum;
    sum += count;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Applies the retention of each team, and deletes what ran out, now and every six hours, for as long as the process runs; failures go to the log. */
export function startRetention(): void {
  let offset = Date.now() - performance.now();
  const apply = () =>
    forEachTeam("retention_failed", async () => {
      if (asksForSignIn() && actor().team === HOME) await forgetRunOut();
      const done = await applyRetention();
      if (done.ok && Object.values(done.value).some((count) => count > 0)) {
        log("info", "retention_applied", done.value);
      }
    });
  setInterval(() => {
    const since = Date.now() - performance.now() - offset;
    offset += since;
    // By a wrong clock all would be due; who looks after the machine has six hours to set it right.
    if (Math.abs(since) > CLOCK_SET_MS) log("warn", "clock_was_set", { hours: Math.round(since / HOUR_MS) });
    else void apply();
  }, EVERY_MS).unref();
  void apply();
}
