import { readFileSync } from "node:fs";
import { v7 as uuidv7 } from "uuid";
import { afterAll, expect, it } from "vitest";
import type { FeatureDrift } from "@/lib/monitoring/drift";
import { parseDataset } from "@/model/dataset";
import { FEATURE_KEYS, type FeatureKey } from "@/tables/current";
import { createThrowawayDatabase, TEST_DATABASE } from "@/test/throwaway";

const { url, remove } = createThrowawayDatabase();
process.env.DATABASE_URL = url;
const { database } = await import("@/lib/server/database/db");
const { inputDrift } = await import("./drift");

const { features: rows } = parseDataset(readFileSync("tables/wdbc/data.csv", "utf8"));
/** As good as the training cases, in the same bins, and none of them. */
const training = rows.map((values) => values.map((value) => value * (1 + 1e-12)));
const NOW = new Date("2026-11-24T12:00:00Z");

afterAll(async () => {
  await (await database()).$disconnect();
  remove();
});

/** Saves cases at a moment, each value changed by `change`. */
async function save(
  cases: readonly (readonly number[])[],
  at: string,
  {
    source = "form",
    deleted = false,
    change = (_: FeatureKey, value: number) => value,
  }: { source?: string; deleted?: boolean; change?: (key: FeatureKey, value: number) => number } = {},
) {
  const db = await database();
  const model = { name: "test", version: "1", identity: "test" };
  const { id: modelId } = await db.model.upsert({
    where: { identity: "test" },
    create: model,
    update: {},
  });
  const createdAt = new Date(at);
  await db.prediction.createMany({
    data: cases.map((values) => {
      const id = uuidv7({ msecs: createdAt.getTime() });
      const measurements = Object.fromEntries(
        FEATURE_KEYS.map((key, i) => [key, change(key, values[i] as number)]),
      ) as Record<FeatureKey, number>;
      return {
        id,
        createdAt,
        deletedAt: deleted ? createdAt : null,
        ...measurements,
        probability: 0.5,
        diagnosis: "M",
        source,
        modelId,
        modelVersion: "1",
        backend: "embedded",
        latencyMs: 1,
        idempotencyKey: id,
      };
    }),
  });
}

const drift = async (window: 30 | 90 | 365) => {
  const found = await inputDrift(window, NOW);
  if (!found.ok) throw found.error.cause;
  return found.value;
};
const of = (features: readonly FeatureDrift[] | null, key: FeatureKey) =>
  features?.find((feature) => feature.key === key);

it("needs 100 cases, of which rows of the training data and deleted ones are none", async () => {
  await save(training.slice(0, 99), "2026-11-20T00:00:00Z");
  await save(rows.slice(99, 104), "2026-11-20T00:00:00Z", { source: "sample" });
  // As they were typed, by whatever version of the application.
  await save(rows.slice(99, 200), "2026-11-20T00:00:00Z");
  await save(training.slice(99, 200), "2026-11-20T00:00:00Z", { deleted: true });
  expect(await drift(30)).toMatchObject({
    window: 30,
    cases: 200,
    drawn: 200,
    used: 99,
    training: 569,
    features: null,
  });
});

it("is exactly 0 for cases like the training cases, in every measurement, and counts no training row", async () => {
  await save(training.slice(99), "2026-11-20T00:00:00Z");
  const { cases, drawn, used, features, months } = await drift(30);
  expect([cases, drawn, used]).toEqual([670, 670, 569]);
  expect(features).toHaveLength(30);
  expect(features?.map(({ index }) => index)).toEqual(Array(30).fill(0));
  expect(months).toHaveLength(12);
  expect(months.at(-1)).toBe("2026-11");
  expect(of(features, "area_worst")?.months).toEqual([...Array(11).fill(null), 0]);
});

it("finds the measurement that moved, in its window and its month only", async () => {
  const change = (key: FeatureKey, value: number) => (key === "texture_mean" ? value * 1.5 : value);
  await save(training.slice(0, 300), "2026-09-10T00:00:00Z", { change });
  expect((await drift(30)).features?.[0]?.index).toBe(0);
  const { cases, features } = await drift(90);
  expect(cases).toBe(970);
  expect(features?.[0]?.key).toBe("texture_mean");
  expect(features?.[0]?.index).toBeGreaterThan(0.25);
  expect(features?.[1]?.index).toBeLessThan(0.1);
  const [september, , november] = of(features, "texture_mean")?.months.slice(-3) ?? [];
  expect(september).toBeGreaterThan(1);
  expect(november).toBe(0);
  expect(of(features, "radius_mean")?.months.at(-3)).toBeLessThan(0.1);
});

// Filled by SQL that only SQLite knows, since `createMany` takes half a minute for so many.
it.runIf(TEST_DATABASE === "sqlite")("draws about 5,000 at random where there are more", async () => {
  const keys = FEATURE_KEYS.join(", ");
  const at = new Date("2026-02-10T00:00:00Z");
  await (await database()).$executeRawUnsafe(
    `WITH RECURSIVE times (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM times WHERE n < 22)
    INSERT INTO prediction (id, created_at, idempotency_key, ${keys}, probability, diagnosis, source, model_id,
      model_version, backend, latency_ms)
    SELECT ? || lower(hex(randomblob(6))), ?, lower(hex(randomblob(16))), ${keys}, probability, diagnosis, source,
      model_id, model_version, backend, latency_ms
    FROM times, prediction WHERE id >= ? AND source = 'form' AND deleted_at IS NULL`,
    uuidv7({ msecs: at.getTime() }).slice(0, -12),
    at,
    uuidv7({ msecs: Date.parse("2026-11-01") }),
  );
  const { cases, drawn, used, features } = await drift(365);
  expect(cases).toBe(970 + 22 * 670);
  expect(Math.abs(drawn - 5_000)).toBeLessThan(300);
  // One in seven of those drawn is a training row.
  expect(Math.abs(used / drawn - 569 / 670)).toBeLessThan(0.03);
  expect(of(features, "radius_mean")?.index).toBeLessThan(0.02);
  const { months } = of(features, "radius_mean") ?? {};
  expect(months?.[2]).toBeLessThan(0.05);
});
