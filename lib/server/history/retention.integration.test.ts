import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { daysBefore } from "@/lib/history/retention";
import { FEATURE_KEYS } from "@/tables/current";
import { createThrowawayDatabase } from "@/test/throwaway";

const { url, remove } = createThrowawayDatabase();
process.env.DATABASE_URL = url;
const { database } = await import("@/lib/server/database/db");
const { Prisma } = await import("@/lib/server/generated/sqlite/client");
const { applyRetention, countExpired, findRetention, saveRetention, startRetention } = await import(
  "./retention"
);

const now = new Date("2026-11-24T12:00:00Z");
/** Inserts `count` predictions of `days` ago, in the bin since `binned` days; gives their ids. */
async function insert(count: number, days: number, binned: number | null = null): Promise<string[]> {
  const db = await database();
  const createdAt = daysBefore(now, days);
  const ids = Array.from({ length: count }, () => uuidv7({ msecs: createdAt.getTime() }));
  const columns = ["id", "created_at", "deleted_at", "idempotency_key", ...FEATURE_KEYS].join(", ");
  const rest = Prisma.raw(
    `${FEATURE_KEYS.map(() => "1").join(", ")}, 0.5, 'M', 'form', 1, '1', 'embedded', 1`,
  );
  const binnedAt = binned === null ? null : daysBefore(now, binned);
  // `createMany` takes minutes for thousands of rows on a busy machine.
  for (let first = 0; first < ids.length; first += 1_000) {
    const rows = ids
      .slice(first, first + 1_000)
      .map((id) => Prisma.sql`(${id}, ${createdAt}, ${binnedAt}, ${id}, ${rest})`);
    await db.$executeRaw`
      INSERT INTO prediction (${Prisma.raw(columns)}, probability, diagnosis, source, model_id, model_version, backend,
        latency_ms) VALUES ${Prisma.join(rows)}`;
  }
  return ids;
}

beforeEach(async () => {
  const db = await database();
  await db.prediction.deleteMany();
  await db.setting.deleteMany();
  await db.model.upsert({
    where: { identity: "test" },
    create: { id: 1, name: "test", version: "1", identity: "test" },
    update: {},
  });
});

afterAll(async () => {
  await (await database()).$disconnect();
  remove();
});

describe("applyRetention", () => {
  it("deletes reports and records of failures after 30 days, whether it is off or on", async () => {
    const db = await database();
    for (const [id, days] of [
      ["kept", 29.9],
      ["gone", 30.1],
    ] as const) {
      const at = daysBefore(now, days);
      const report = { added: 0, present: 0, refused: 0, refusals: "[]" };
      await db.importReport.create({ data: { id, at, fileName: "f.csv", ...report } });
      const failure = { backend: "embedded", reason: "timeout", requestId: "r", latencyMs: 1 };
      await db.failedPrediction.create({ data: { id, createdAt: at, ...failure } });
    }
    expect(await applyRetention(now)).toMatchObject({ ok: true });
    const ids = (rows: { id: string }[]) => rows.map(({ id }) => id);
    expect(ids(await db.importReport.findMany())).toEqual(["kept"]);
    expect(ids(await db.failedPrediction.findMany())).toEqual(["kept"]);
  });

  it("deletes nothing but what has been in the bin for 30 days, where it is off", async () => {
    await insert(3, 5_000);
    const [due] = await insert(1, 400, 30);
    const [kept] = await insert(1, 400, 29.99);
    const db = await database();
    for (const predictionId of [due, kept] as [string, string]) {
      await db.annotation.create({ data: { predictionId, note: "a note" } });
      await db.predictionDetail.create({ data: { predictionId, contributions: "[]" } });
      await db.edit.create({ data: { id: uuidv7(), predictionId, at: now, field: "note", after: "a note" } });
    }
    expect(await applyRetention(now)).toEqual({ ok: true, value: { purged: 1, moved: 0, batches: 0 } });
    expect(await db.prediction.count()).toBe(4);
    expect((await db.annotation.findMany()).map(({ predictionId }) => predictionId)).toEqual([kept]);
    expect(await db.predictionDetail.count()).toBe(1);
    expect(await db.edit.count()).toBe(1);
    expect(await applyRetention(now)).toMatchObject({ value: { purged: 0, moved: 0 } });
  });

  it("moves what is older to the bin, in batches, and purges it 30 days later", async () => {
    const db = await database();
    await insert(2_345, 91);
    await insert(10, 400, 3);
    const young = await insert(5, 89);
    await saveRetention(90);
    expect(await countExpired(90, now)).toEqual({ ok: true, value: 2_345 });
    expect(await applyRetention(now)).toMatchObject({ value: { purged: 0, moved: 2_345 } });
    expect(await db.prediction.count({ where: { deletedAt: now } })).toBe(2_345);
    // What was in the bin already keeps its time.
    expect(await db.prediction.count({ where: { deletedAt: daysBefore(now, 3) } })).toBe(10);
    expect(await countExpired(90, now)).toEqual({ ok: true, value: 0 });

    expect(await applyRetention(daysBefore(now, -29))).toMatchObject({ value: { purged: 10, moved: 5 } });
    expect(await applyRetention(daysBefore(now, -30))).toMatchObject({ value: { purged: 2_345, moved: 0 } });
    expect((await db.prediction.findMany()).map(({ id }) => id).sort()).toEqual(young.sort());
  });

  it("moves batches that nobody works on, and leaves their purge to whoever has their files", async () => {
    const { batch } = await database();
    const one = (id: string, state: string, days: number, binned: number | null = null) => ({
      ...{
        id,
        state,
        createdAt: daysBefore(now, days),
        fileName: "cases.csv",
        bytes: 1n,
        backend: "embedded",
      },
      deletedAt: binned === null ? null : daysBefore(now, binned),
    });
    await batch.createMany({
      data: [
        ...[one("old", "finished", 91), one("unread", "unread", 91), one("young", "finished", 89)],
        ...[one("running", "running", 91), one("reading", "reading", 91), one("binned", "finished", 99, 40)],
      ],
    });
    expect(await applyRetention(now)).toMatchObject({ value: { batches: 0 } });
    await saveRetention(90);
    expect(await applyRetention(now)).toMatchObject({ value: { batches: 2 } });
    const deleted = await batch.findMany({ where: { deletedAt: now }, orderBy: { id: "asc" } });
    expect([deleted.map(({ id }) => id), await batch.count()]).toEqual([["old", "unread"], 6]);
    await batch.deleteMany();
  });

  it("keeps what was made lately, whatever its id says", async () => {
    const [id] = (await insert(1, 400)) as [string];
    await (await database()).prediction.update({ where: { id }, data: { createdAt: now } });
    await saveRetention(90);
    expect(await applyRetention(now)).toMatchObject({ value: { moved: 0 } });
  });

  it("may run twice at once", async () => {
    await insert(1_500, 91);
    await insert(1_500, 91, 31);
    await saveRetention(90);
    const both = await Promise.all([applyRetention(now), applyRetention(now)]);
    const sum = (key: "purged" | "moved") =>
      both.reduce((total, done) => total + (done.ok ? done.value[key] : Number.NaN), 0);
    expect([sum("purged"), sum("moved")]).toEqual([1_500, 1_500]);
  });

  it("tells what happened when a table is gone, as a value", async () => {
    const db = await database();
    await db.$executeRawUnsafe("ALTER TABLE prediction RENAME TO elsewhere");
    expect(await applyRetention(now)).toMatchObject({ ok: false, error: { code: "not_saved" } });
    await db.$executeRawUnsafe("ALTER TABLE elsewhere RENAME TO prediction");
  });
});

it("waits six hours for a clock that was set far ahead to be set right", async () => {
  const SIX_HOURS_MS = 6 * 60 * 60 * 1000;
  const { prediction } = await database();
  await insert(1, 400, 10);
  /** Longer than it takes where it is done. */
  const pass = async () => {
    for (let turn = 0; turn < 50; turn++) await prediction.count();
  };
  vi.useFakeTimers({ now, toFake: ["setInterval", "Date", "performance"] });
  try {
    startRetention();
    await pass();
    vi.setSystemTime(daysBefore(now, -60));
    vi.advanceTimersByTime(SIX_HOURS_MS);
    await pass();
    expect(await prediction.count()).toBe(1);
    vi.advanceTimersByTime(SIX_HOURS_MS);
    while ((await prediction.count()) > 0);
  } finally {
    vi.useRealTimers();
  }
});

describe("the setting", () => {
  it("is off until it is set, and off again", async () => {
    expect(await findRetention()).toEqual({ ok: true, value: null });
    await saveRetention(365);
    await saveRetention(30);
    expect(await findRetention()).toEqual({ ok: true, value: 30 });
    await saveRetention(null);
    await saveRetention(null);
    expect(await findRetention()).toEqual({ ok: true, value: null });
  });

  it("is not guessed where somebody else wrote it", async () => {
    await (await database()).setting.create({ data: { name: "retention_days", value: "1" } });
    await insert(1, 91);
    expect(await applyRetention(now)).toMatchObject({ ok: false, error: { code: "not_read" } });
    expect(await (await database()).prediction.count({ where: { deletedAt: null } })).toBe(1);
  });
});
