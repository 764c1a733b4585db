import "server-only";
import { fail, ok, type Result } from "@/lib/result";
import { BIN_DAYS, daysBefore, retentionDays } from "@/lib/retention";
import { database } from "@/lib/server/db";
import { log } from "@/lib/server/log";
import { firstIdOf } from "@/lib/server/path-record";
import type { StoreError } from "@/lib/server/predictions";

const SETTING = "retention_days";
const EVERY_MS = 6 * 60 * 60 * 1000;

/** Rows a transaction, so that nothing that is saved meanwhile waits long for it. */
const MOST_AT_ONCE = 1_000;

/** After how many days predictions go to the bin; null where they are kept. */
export async function findRetention(): Promise<Result<number | null, StoreError>> {
  try {
    const row = await (await database()).setting.findUnique({ where: { name: SETTING } });
    return ok(row === null ? null : retentionDays.parse(Number(row.value)));
  } catch (cause) {
    return fail({ code: "not_read", cause });
  }
}

/** Sets after how many days predictions go to the bin, at the next `applyRetention`; null keeps them. */
export async function saveRetention(days: number | null): Promise<Result<void, StoreError>> {
  try {
    const { setting } = await database();
    if (days === null) {
      await setting.deleteMany({ where: { name: SETTING } });
    } else {
      const value = String(days);
      await setting.upsert({ where: { name: SETTING }, create: { name: SETTING, value }, update: { value } });
    }
    return ok(undefined);
  } catch (cause) {
    return fail({ code: "not_saved", cause });
  }
}

// By id, whose order is that of time, because its index is there; and by the time itself, so that nothing goes early.
const expired = (now: Date, days: number) => {
  const limit = daysBefore(now, days);
  return { id: { lt: firstIdOf(limit) }, createdAt: { lt: limit }, deletedAt: null };
};

/** How many predictions would go to the bin now. */
export async function countExpired(days: number, now = new Date()): Promise<Result<number, StoreError>> {
  try {
    return ok(await (await database()).prediction.count({ where: expired(now, days) }));
  } catch (cause) {
    return fail({ code: "not_read", cause });
  }
}

/** Deletes for ever what has been in the bin for 30 days, then moves what has expired to the bin; how many of each. */
export async function applyRetention(
  now = new Date(),
): Promise<Result<{ purged: number; moved: number }, StoreError>> {
  try {
    const purged = await purge(now);
    const days = await findRetention();
    if (!days.ok) return days;
    return ok({ purged, moved: days.value === null ? 0 : await moveExpired(now, days.value) });
  } catch (cause) {
    return fail({ code: "not_saved", cause });
  }
}

async function purge(now: Date): Promise<number> {
  const { prediction } = await database();
  const where = { deletedAt: { lte: daysBefore(now, BIN_DAYS) } };
  return inBatches(async () => {
    const rows = await prediction.findMany({ where, select: { id: true }, take: MOST_AT_ONCE });
    if (rows.length === 0) return null;
    // The condition again: one of them may have been restored meanwhile.
    return (await prediction.deleteMany({ where: { ...where, id: { in: rows.map(({ id }) => id) } } })).count;
  });
}

async function moveExpired(now: Date, days: number): Promise<number> {
  const { prediction } = await database();
  const { id, ...rest } = expired(now, days);
  let after = "";
  return inBatches(async () => {
    // From where the last batch ended, or each would read again all that is in the bin already.
    const rows = await prediction.findMany({
      where: { ...rest, id: { ...id, gt: after } },
      orderBy: { id: "asc" },
      select: { id: true },
      take: MOST_AT_ONCE,
    });
    const last = rows.at(-1);
    if (last === undefined) return null;
    after = last.id;
    const batch = { id: { in: rows.map((row) => row.id) }, deletedAt: null };
    return (await prediction.updateMany({ where: batch, data: { deletedAt: now } })).count;
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

/** Applies the retention now and every six hours, for as long as the process runs; failures go to the log. */
export function startRetention(): void {
  const apply = async () => {
    const done = await applyRetention();
    if (!done.ok) log("error", "retention_failed", { cause: String(done.error.cause) });
    else if (done.value.purged + done.value.moved > 0) log("info", "retention_applied", done.value);
  };
  setInterval(() => void apply(), EVERY_MS).unref();
  void apply();
}
