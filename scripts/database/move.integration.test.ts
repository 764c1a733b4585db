import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync } from "node:fs";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sqlitePath, teamDatabaseUrl, teamFolder } from "@/lib/database-url";
import { openDatabase } from "@/lib/server/database/db";
import { FEATURE_KEYS, type FeatureKey } from "@/tables/current";
import { createPostgres, createSqlite, runMigrate, TEST_DATABASE } from "@/test/throwaway";

/** More than two batches. */
const ROWS = 2100;
/** What is changed when handled as text, as a decimal, or as an integer. */
const NUMBERS = [0.006193, 0.1 + 0.2, 2.5e15, 1e-7, 5e-324, 1.7976931348623157e308, 1001, 0, 1 / 3];
/** What is changed by a careless array, another order of text or another encoding. */
const TEXTS = ["é", "a", "B", 'quote " and \\', "{NULL}", "NULL", "", "1,2", "🔬", "line\nbreak", " padded "];
const at = <T>(values: readonly T[], index: number) => values[index % values.length] as T;

const run = promisify(execFile);

async function move(from: string, to: string) {
  try {
    const { stdout } = await run(process.execPath, [
      "--import",
      "tsx",
      "scripts/database/move.ts",
      "--from",
      from,
      "--to",
      to,
    ]);
    return { code: 0, output: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, output: stdout + stderr };
  }
}

// Needs the server that only the tests on PostgreSQL have.
describe.runIf(TEST_DATABASE === "postgresql")("npm run move", () => {
  let source: ReturnType<typeof createSqlite>;
  const targets: ReturnType<typeof createPostgres>[] = [];
  const newTarget = (options?: string) => {
    const target = createPostgres(options);
    targets.push(target);
    return target.url;
  };

  beforeAll(async () => {
    source = createSqlite();
    const db = await openDatabase(source.url);
    for (const [index, version] of TEXTS.entries()) {
      const identity = JSON.stringify(["test", version]);
      // Numbered with a gap.
      await db.model.create({
        data: { id: 2 * index + 1, name: "test", version, threshold: at(NUMBERS, index), identity },
      });
    }
    const rows = Array.from({ length: ROWS }, (_, i) => ({
      ...(Object.fromEntries(FEATURE_KEYS.map((key, f) => [key, at(NUMBERS, i + f)])) as Record<
        FeatureKey,
        number
      >),
      id: `${at(TEXTS, i)} ${i}`,
      deletedAt: i % 3 === 0 ? new Date(Date.UTC(2026, 9, 25, 0, 30, 0, i % 1000)) : null,
      probability: (i % 1000) / 999,
      createdAt: new Date(Date.UTC(1969, 11, 31, 23, 59, 59, i % 1000) + i * 7_777_777_777),
      diagnosis: i % 2 === 0 ? "M" : "B",
      label: i % 5 === 0 ? null : "uncertain",
      source: "form",
      modelId: 2 * (i % TEXTS.length) + 1,
      modelVersion: at(TEXTS, i),
      backend: "embedded",
      latencyMs: at(NUMBERS, i),
      base: i % 7 === 0 ? null : -at(NUMBERS, i),
      idempotencyKey: `key ${i}`,
    }));
    await db.prediction.createMany({ data: rows });
    const id = (i: number) => rows[i]?.id ?? "";
    const createdAt = new Date(Date.UTC(2026, 2, 29, 1, 30));
    await db.predictionDetail.create({
      data: { predictionId: id(1), contributions: JSON.stringify(NUMBERS), typicality: null },
    });
    await db.annotation.create({ data: { predictionId: id(2), caseCode: "é 1", note: TEXTS.join("\n") } });
    const hash = "0".repeat(64);
    await db.measurement.createMany({
      data: [3, 4].map((i) => ({
        ...{ predictionId: id(i), algorithm: "1", fileSha256: hash, greySha256: hash, type: "image/png" },
        ...{ width: 640, height: 480, factor: 1 / 3, grey: "red", synthetic: i === 3 },
        ...{ outlines: JSON.stringify(TEXTS), changed: "[]" },
      })),
    });
    await db.measuredImage.create({
      data: {
        predictionId: id(3),
        bytes: Buffer.alloc(
          5_000_000,
          Uint8Array.from({ length: 251 }, (_, i) => i),
        ),
      },
    });
    await db.edit.create({
      data: { id: "e1", predictionId: id(2), at: createdAt, field: "note", before: null, after: "x" },
    });
    await db.savedView.create({ data: { id: "v", name: "mine", query: "sort=-date", createdAt } });
    await db.setting.create({ data: { name: "a", value: "b" } });
    await db.failedPrediction.create({
      data: { id: "f", createdAt, backend: "https", reason: "timeout", requestId: "r", latencyMs: 1.5 },
    });
    await db.batch.createMany({
      data: TEXTS.map((fileName, i) => ({
        ...{ id: `${i}`, createdAt, fileName, state: "finished", backend: "embedded" },
        bytes: BigInt(Number.MAX_SAFE_INTEGER) - BigInt(i),
        autoStart: i % 2 === 0,
        eventDueAt: i % 3 === 0 ? createdAt : null,
        workedMs: at(NUMBERS, i),
      })),
    });
    await db.$disconnect();
  });

  afterAll(() => {
    source.remove();
    for (const target of targets) target.remove();
  });

  it("moves every row of every table exactly, once, and the next model gets the next number", async () => {
    const url = newTarget();
    const moved = await move(source.url, url);
    expect(moved).toMatchObject({ code: 0 });
    expect(moved.output).toMatch(new RegExp(`prediction .*${ROWS}.*${ROWS}.*yes`));
    expect(moved.output).not.toContain(new URL(url).password);

    const [before, after] = await Promise.all([openDatabase(source.url), openDatabase(url)]);
    const orderBy = { id: "asc" } as const;
    expect(await after.prediction.findMany({ orderBy })).toEqual(
      await before.prediction.findMany({ orderBy }),
    );
    expect(await after.model.findMany({ orderBy })).toEqual(await before.model.findMany({ orderBy }));
    expect(await after.annotation.findMany()).toEqual(await before.annotation.findMany());
    const byPrediction = { orderBy: { predictionId: "asc" } } as const;
    expect(await after.measurement.findMany(byPrediction)).toEqual(
      await before.measurement.findMany(byPrediction),
    );
    const images = await Promise.all([before, after].map((db) => db.measuredImage.findMany()));
    const [sent, arrived] = images.map(([image]) => Buffer.from(image?.bytes ?? []));
    expect(sent).toHaveLength(5_000_000);
    expect(arrived?.equals(sent ?? Buffer.alloc(0))).toBe(true);
    expect(await after.batch.findMany({ orderBy })).toEqual(await before.batch.findMany({ orderBy }));
    const next = await after.model.create({ data: { name: "n", version: "1", identity: "n" } });
    expect(next.id).toBe(2 * TEXTS.length);
    await Promise.all([before.$disconnect(), after.$disconnect()]);

    const again = await move(source.url, url);
    expect(again).toMatchObject({ code: 1 });
    expect(again.output).toMatch(/The target's table "\w+" holds rows; move into an empty database/);
  });

  it("moves every team's database into a schema of its own, or nothing at all", async () => {
    const home = createSqlite();
    const path = sqlitePath(home.url);
    mkdirSync(teamFolder(path));
    const north = teamDatabaseUrl(home.url, "north-2");
    copyFileSync(path, sqlitePath(north));
    const [db, own] = await Promise.all([openDatabase(home.url), openDatabase(north)]);
    const createdAt = new Date();
    await db.team.create({ data: { id: "north-2", name: "North", createdAt } });
    await db.setting.create({ data: { name: "whose", value: "home" } });
    await own.setting.create({ data: { name: "whose", value: "north" } });
    const entry = { at: createdAt, actorKind: "person", act: "view", hash: "0" };
    await own.auditEntry.createMany({ data: [1n, 2n].map((place) => ({ ...entry, place })) });
    await Promise.all([db.$disconnect(), own.$disconnect()]);
    const url = newTarget();
    const target = teamDatabaseUrl(url, "north-2");

    const spoilt = newTarget();
    const spoiltTeam = teamDatabaseUrl(spoilt, "north-2");
    runMigrate("deploy", spoiltTeam);
    const full = await openDatabase(spoiltTeam);
    await full.setting.create({ data: { name: "there", value: "already" } });
    const refused = await move(home.url, spoilt);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.output).toContain(`The target's table "setting" holds rows`);
    const empty = await openDatabase(spoilt);
    expect([await empty.team.count(), await empty.setting.count()]).toEqual([0, 0]);
    await Promise.all([full.$disconnect(), empty.$disconnect()]);

    const moved = await move(home.url, url);
    expect(moved).toMatchObject({ code: 0 });
    expect(moved.output).toContain("Team north-2:");
    const [after, afterOwn] = await Promise.all([openDatabase(url), openDatabase(target)]);
    expect(await after.setting.findMany()).toEqual([{ name: "whose", value: "home" }]);
    expect(await afterOwn.setting.findMany()).toEqual([{ name: "whose", value: "north" }]);
    expect([await after.auditEntry.count(), await afterOwn.auditEntry.count()]).toEqual([0, 2]);
    await Promise.all([after.$disconnect(), afterOwn.$disconnect()]);
    home.remove();
  });

  it.each([
    ["changes the last digit of a number", "NEW.radius_mean := NEW.radius_mean * (1 + 2.3e-16)"],
    ["moves a date by a millisecond", "NEW.created_at := NEW.created_at + interval '1 millisecond'"],
    ["trims a text", "NEW.model_version := trim(NEW.model_version)"],
    ["leaves a row out", "IF NEW.idempotency_key = 'key 1999' THEN RETURN NULL; END IF"],
  ])("undoes all where the target %s", async (_, change) => {
    const url = newTarget();
    const db = await openDatabase(url);
    await db.$executeRawUnsafe(
      `CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${change}; RETURN NEW; END $$`,
    );
    await db.$executeRawUnsafe(
      "CREATE TRIGGER spoil BEFORE INSERT ON prediction FOR EACH ROW EXECUTE FUNCTION spoil()",
    );
    const moved = await move(source.url, url);
    expect(moved).toMatchObject({ code: 1 });
    expect(moved.output).toContain("Nothing is moved: prediction arrived otherwise than sent.");
    expect([await db.prediction.count(), await db.model.count(), await db.setting.count()]).toEqual([
      0, 0, 0,
    ]);
    await db.$disconnect();
  });

  it("refuses a target that is not migrated, and says what to do", async () => {
    const moved = await move(source.url, newTarget(""));
    expect(moved).toMatchObject({ code: 1 });
    expect(moved.output).toContain("npm run migrate -- deploy");
  });
});
