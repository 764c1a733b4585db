import { afterAll, expect, it } from "vitest";
import { createThrowawayDatabase } from "@/test/throwaway";

const { url, remove } = createThrowawayDatabase();
process.env.DATABASE_URL = url;
const { database } = await import("@/lib/server/database/db");
const { savePrediction } = await import("@/lib/server/prediction/predictions");
const { lastDay, recordFailure } = await import("./path-record");

const HOUR_MS = 60 * 60 * 1000;

afterAll(async () => {
  await (await database()).$disconnect();
  remove();
});

async function save(latencyMs: number, backend = "https") {
  const saved = await savePrediction({
    formKey: crypto.randomUUID(),
    source: "form",
    values: Array<number>(30).fill(1),
    prediction: {
      diagnosis: "B",
      probability: 0.1,
      label: null,
      base: null,
      contributions: null,
      typicality: null,
      cautions: null,
    },
    model: { name: "test", version: "1", hash: null, threshold: 0.5, uncertain: null },
    backend,
    latencyMs,
  });
  expect(saved.ok).toBe(true);
}

it("is empty before anything was asked", async () => {
  expect(await lastDay("https")).toEqual({
    ok: true,
    value: { answered: { count: 0, exact: true }, latency: null, failures: [] },
  });
});

it("tells percentiles of latency and counts failures by reason, of one backend and the last 24 hours", async () => {
  for (let latency = 1; latency <= 100; latency++) await save(latency);
  await save(5_000, "embedded");
  for (const [reason, requestId] of [
    ["timeout", "r-1"],
    ["timeout", "r-2"],
    ["busy", "r-3"],
  ] as const) {
    expect(await recordFailure({ backend: "https", reason, requestId, latencyMs: 3 })).toMatchObject({
      ok: true,
    });
  }
  expect(await lastDay("https")).toMatchObject({
    ok: true,
    value: {
      answered: { count: 100, exact: true },
      latency: { p50: 51, p95: 96 },
      failures: expect.arrayContaining([
        expect.objectContaining({ reason: "timeout", count: 2, requestId: "r-2" }),
        expect.objectContaining({ reason: "busy", count: 1, requestId: "r-3" }),
      ]),
    },
  });
  const tomorrow = new Date(Date.now() + 25 * HOUR_MS);
  expect(await lastDay("https", tomorrow)).toMatchObject({ value: { latency: null, failures: [] } });
});

it("forgets failures of more than 30 days ago", async () => {
  const { failedPrediction } = await database();
  const createdAt = new Date(Date.now() - 31 * 24 * HOUR_MS);
  await failedPrediction.create({
    data: { id: "old", createdAt, backend: "https", reason: "busy", requestId: "r", latencyMs: 1 },
  });
  await recordFailure({ backend: "https", reason: "busy", requestId: "r-4", latencyMs: 1 });
  expect(await failedPrediction.findUnique({ where: { id: "old" } })).toBeNull();
});
