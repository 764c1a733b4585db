import { mkdirSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { sqlitePath } from "@/lib/database-url";
import { blockWriters } from "@/test/database";
import {
  createPostgres,
  createSqlite,
  createThrowawayDatabase,
  runMigrate,
  TEST_DATABASE,
} from "@/test/throwaway";

const { url, remove } = createThrowawayDatabase();
process.env.DATABASE_URL = url;
const { database, openDatabase } = await import("@/lib/server/database/db");
const { findPrediction, savePrediction } = await import("./predictions");

const VALUES = [
  17.99, 10.38, 122.8, 1001, 0.1184, 0.2776, 0.3001, 0.1471, 0.2419, 0.07871, 1.095, 0.9053, 8.589, 153.4,
  0.006399, 0.04904, 0.05373, 0.01587, 0.03003, 0.006193, 25.38, 17.33, 184.6, 2019, 0.1622, 0.6656, 0.7119,
  0.2654, 0.4601, 0.1189,
];

const entry = {
  formKey: "0190c8a0-0000-7000-8000-000000000001",
  source: "sample" as const,
  values: VALUES,
  prediction: {
    diagnosis: "M" as const,
    probability: 0.1 + 0.2,
    label: "uncertain" as const,
    base: -1.1,
    contributions: VALUES.map((value) => value / 7),
    typicality: {
      atypical: true,
      distance: 1.3,
      unusual: [{ index: 3, reason: "above_range" as const }],
      scales: [{ key: "size", factor: 1.5, deviations: 4 }],
    },
    cautions: ["scale_size", "atypical"],
  },
  model: {
    name: "test",
    version: "1",
    hash: null,
    threshold: 0.25,
    uncertain: { level: 0.99, from: 0.2, to: 0.4 },
  },
  backend: "embedded",
  latencyMs: 1.5,
};

afterAll(async () => {
  await (await database()).$disconnect();
  remove();
});

describe("migrations", () => {
  it("agree with schema.prisma", () => {
    expect(runMigrate("check", url)).toContain(`${TEST_DATABASE}: schema.prisma and the migrations agree.`);
  });

  it("apply once", () => {
    expect(runMigrate("deploy", url)).toBe("Database is up to date.");
  });
});

describe.runIf(TEST_DATABASE === "sqlite")("openDatabase of SQLite", () => {
  it("refuses one that can have no write-ahead log, and one that is no file", async () => {
    const other = createSqlite();
    mkdirSync(`${sqlitePath(other.url)}-wal`);
    await expect(openDatabase(other.url)).rejects.toThrow("unable to open database file");
    other.remove();
    await expect(openDatabase(other.url)).rejects.toThrow("directory does not exist");
    await expect(openDatabase("file::memory:")).rejects.toThrow();
  });
});

describe.runIf(TEST_DATABASE === "postgresql")("openDatabase of PostgreSQL", () => {
  it("asserts the encoding, without telling the password", async () => {
    const other = createPostgres("TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C'");
    const opened = await openDatabase(other.url).catch((error: unknown) => String(error));
    other.remove();
    expect(opened).toContain("server_encoding is SQL_ASCII, not UTF8");
    expect(opened).not.toContain(new URL(url).password);
  });

  it("asserts durability and UTC against what the address or the database asks for", async () => {
    const db = await database();
    await db.$executeRawUnsafe(
      `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET TimeZone = 'Asia/Tokyo'`,
    );
    await db.$executeRawUnsafe(
      `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET synchronous_commit = off`,
    );
    await (await openDatabase(url)).$disconnect();
    await expect(openDatabase(`${url}?options=-c%20synchronous_commit%3Doff`)).rejects.toThrow(
      "TimeZone is Asia/Tokyo, not UTC",
    );
    await expect(
      openDatabase(`${url}?options=-c%20TimeZone%3DUTC%20-c%20synchronous_commit%3Doff`),
    ).rejects.toThrow("synchronous_commit is off, not on");
  });

  it("has every text in the order of bytes, unlike the database itself", async () => {
    const db = await database();
    const texts = await db.$queryRaw<{ collation_name: string | null }[]>`
      SELECT collation_name FROM information_schema.columns
      WHERE table_schema = 'public' AND data_type = 'text' AND table_name <> '_prisma_migrations'`;
    expect(texts.length).toBeGreaterThan(20);
    expect(new Set(texts.map((column) => column.collation_name))).toEqual(new Set(["C"]));
    expect(await db.$queryRaw`SELECT 'a' < 'B' AS english`).toEqual([{ english: true }]);
  });
});

describe("savePrediction", () => {
  it("returns and stores the very numbers it was given", async () => {
    const saved = await savePrediction(entry);
    if (!saved.ok) throw saved.error.cause;
    expect(saved.value).toMatchObject({
      values: VALUES,
      probability: 0.1 + 0.2,
      diagnosis: "M",
      threshold: 0.25,
    });
    expect(await findPrediction(saved.value.id)).toEqual(saved);
  });

  it("keeps one row for the same form and values, and a new one for other values", async () => {
    const [first, second] = await Promise.all([
      savePrediction(entry),
      savePrediction({ ...entry, latencyMs: 9 }),
    ]);
    expect(second).toEqual(first);
    const other = await savePrediction({ ...entry, values: [1, ...VALUES.slice(1)] });
    expect(other.ok && first.ok && other.value.id !== first.value.id).toBe(true);
    expect(await (await database()).prediction.count()).toBe(2);
  });

  it("keeps a case code with the row, and of a form sent again the first", async () => {
    const named = { ...entry, formKey: "named", caseCode: "B-201" };
    const [first, again] = [
      await savePrediction(named),
      await savePrediction({ ...named, caseCode: "other" }),
    ];
    expect(again).toEqual(first);
    const id = first.ok ? first.value.id : "";
    const db = await database();
    expect(
      await db.annotation.findMany({ select: { predictionId: true, caseCode: true, note: true } }),
    ).toEqual([{ predictionId: id, caseCode: "B-201", note: null }]);
  });

  it("takes the id of a model that another process kept", async () => {
    const model = { ...entry.model, version: "kept elsewhere" };
    const identity = JSON.stringify([
      model.name,
      model.version,
      model.hash,
      model.threshold,
      model.uncertain,
    ]);
    const kept = await (await database()).model.create({
      data: { name: model.name, version: model.version, threshold: model.threshold, identity },
    });
    const saved = await savePrediction({ ...entry, formKey: "elsewhere", model });
    if (!saved.ok) throw saved.error.cause;
    const row = await (await database()).prediction.findUnique({ where: { id: saved.value.id } });
    expect(row?.modelId).toBe(kept.id);
  });

  it("inserts what is saved at the same moment together, each with an id of its own", async () => {
    const forms = Array.from({ length: 250 }, (_, index) => ({
      ...entry,
      formKey: `together ${index % 200}`,
    }));
    const saved = await Promise.all(forms.map((form) => savePrediction(form)));
    const ids = saved.map((result) => result.ok && result.value.id);
    expect(new Set(ids).size).toBe(200);
    expect(ids.slice(200)).toEqual(ids.slice(0, 50));
    expect(await findPrediction(String(ids[120]))).toEqual(saved[120]);
  });

  it.runIf(TEST_DATABASE === "postgresql")(
    "waits for its turn where all connections wait for another's lock",
    async () => {
      const release = await blockWriters(url);
      const saving: ReturnType<typeof savePrediction>[] = [];
      // One statement each: more than there are connections.
      for (let form = 0; form < 15; form++) {
        saving.push(savePrediction({ ...entry, formKey: `locked ${form}` }));
        await setTimeout(20);
      }
      await setTimeout(3_000);
      await release();
      expect((await Promise.all(saving)).filter(({ ok }) => !ok)).toEqual([]);
    },
  );

  it("tells what happened when the table is gone, as a value", async () => {
    const db = await database();
    await db.$executeRawUnsafe("ALTER TABLE prediction RENAME TO elsewhere");
    expect(await savePrediction({ ...entry, formKey: "x" })).toMatchObject({
      ok: false,
      error: { code: "not_saved" },
    });
    expect(await findPrediction("x")).toMatchObject({ ok: false, error: { code: "not_read" } });
    await db.$executeRawUnsafe("ALTER TABLE elsewhere RENAME TO prediction");
  });
});
