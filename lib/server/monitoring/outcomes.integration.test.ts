import { readFileSync } from "node:fs";
import { v7 as uuidv7 } from "uuid";
import { afterAll, describe, expect, it } from "vitest";
import type { Diagnosis, Label, Source } from "@/lib/contract";
import { parseDataset } from "@/model/dataset";
import { createThrowawayDatabase, TEST_DATABASE } from "@/test/throwaway";

const { url, remove } = createThrowawayDatabase();
process.env.DATABASE_URL = url;
const { database } = await import("@/lib/server/database/db");
const { Prisma } = await import("@/lib/server/generated/sqlite/client");
const { deletePredictions } = await import("@/lib/server/history/selection");
const { savePrediction } = await import("@/lib/server/prediction/predictions");
const { findOutcome, setOutcome } = await import("./outcomes");
const { groupQuery, probedQuery, probedSummaryQuery, performanceInUse, performanceSummary, summaryQuery } =
  await import("./performance");

const { features } = parseDataset(readFileSync("tables/wdbc/data.csv", "utf8"));
const NOBODY = "0190c8a0-0000-7000-8000-00000000dead";
const day = (text: string) => new Date(`${text}T00:00:00Z`);

afterAll(async () => {
  await (await database()).$disconnect();
  remove();
});

type Case = {
  diagnosis: Diagnosis;
  label: Label | null;
  probability: number;
  source?: Source;
  values?: readonly number[];
};

async function save({
  diagnosis,
  label,
  probability,
  source = "form",
  values = Array<number>(30).fill(1),
}: Case): Promise<string> {
  const saved = await savePrediction({
    formKey: crypto.randomUUID(),
    source,
    values,
    prediction: {
      diagnosis,
      probability,
      label,
      base: null,
      contributions: null,
      typicality: null,
      cautions: null,
    },
    model: { name: "test", version: "1", hash: "0123456789abcdef", threshold: 0.5, uncertain: null },
    backend: "embedded",
    latencyMs: 1,
  });
  if (!saved.ok) throw saved.error.cause;
  return saved.value.id;
}

const editsOf = async (predictionId: string) =>
  (await database()).edit.findMany({
    where: { predictionId },
    orderBy: { id: "asc" },
    select: { field: true, before: true, after: true },
  });

describe("setOutcome", () => {
  it("records, changes and removes, each with its edit", async () => {
    const id = await save({ diagnosis: "M", label: "M", probability: 0.9 });
    expect(await findOutcome(id)).toEqual({ ok: true, value: null });

    const malignant = { outcome: "M" as const, on: day("2026-11-20") };
    expect(await setOutcome(id, malignant)).toEqual({ ok: true, value: true });
    expect(await findOutcome(id)).toEqual({ ok: true, value: malignant });

    const benign = { outcome: "B" as const, on: day("2026-11-21") };
    expect(await setOutcome(id, benign)).toEqual({ ok: true, value: true });
    expect(await findOutcome(id)).toEqual({ ok: true, value: benign });
    // Nothing changes, nothing is written.
    expect(await setOutcome(id, benign)).toEqual({ ok: true, value: true });

    expect(await setOutcome(id, null)).toEqual({ ok: true, value: true });
    expect(await findOutcome(id)).toEqual({ ok: true, value: null });
    const texts = ["malignant, confirmed on 2026-11-20", "benign, confirmed on 2026-11-21"];
    expect(await editsOf(id)).toEqual([
      { field: "outcome", before: null, after: texts[0] },
      { field: "outcome", before: texts[0], after: texts[1] },
      { field: "outcome", before: texts[1], after: null },
    ]);
  });

  it("keeps the edits a chain when several change it at once", async () => {
    const id = await save({ diagnosis: "M", label: "M", probability: 0.9 });
    const changes = await Promise.all(
      ["2026-11-01", "2026-11-02", "2026-11-03"].map((on) => setOutcome(id, { outcome: "M", on: day(on) })),
    );
    expect(changes.every(({ ok }) => ok)).toBe(true);
    const edits = await (await database()).edit.findMany({
      where: { predictionId: id },
      select: { before: true, after: true },
    });
    // Every state but the last was changed once, by exactly one edit.
    const afters = edits.map(({ after }) => after);
    const befores = edits.flatMap(({ before }) => before ?? []);
    expect(new Set(befores).size).toBe(befores.length);
    expect(befores.every((before) => afters.includes(before))).toBe(true);
    expect(edits.filter(({ before }) => before === null)).toHaveLength(1);
  });

  it("changes an outcome whose day was not reported", async () => {
    const id = await save({ diagnosis: "M", label: "M", probability: 0.9 });
    await (await database()).prediction.update({ where: { id }, data: { outcome: "B" } });
    expect(await findOutcome(id)).toEqual({ ok: true, value: { outcome: "B", on: null } });
    expect(await setOutcome(id, { outcome: "B", on: day("2026-11-20") })).toEqual({ ok: true, value: true });
    expect(await editsOf(id)).toEqual([
      { field: "outcome", before: "benign", after: "benign, confirmed on 2026-11-20" },
    ]);
    await setOutcome(id, null);
  });

  it("says that no row has this id", async () => {
    expect(await setOutcome(NOBODY, { outcome: "M", on: day("2026-11-20") })).toEqual({
      ok: true,
      value: false,
    });
    expect(await findOutcome(NOBODY)).toEqual({ ok: true, value: null });
  });

  // The trigger that refuses is written as SQLite writes one.
  it.runIf(TEST_DATABASE === "sqlite")(
    "writes neither the outcome nor the edit where one of them fails",
    async () => {
      const id = await save({ diagnosis: "M", label: "M", probability: 0.9 });
      const db = await database();
      await db.$executeRawUnsafe(
        "CREATE TRIGGER refuse BEFORE UPDATE OF outcome ON prediction BEGIN SELECT raise(ABORT, 'refused'); END",
      );
      expect(await setOutcome(id, { outcome: "M", on: day("2026-11-20") })).toMatchObject({
        ok: false,
        error: { code: "not_saved" },
      });
      await db.$executeRawUnsafe("DROP TRIGGER refuse");
      expect(await findOutcome(id)).toEqual({ ok: true, value: null });
      expect(await editsOf(id)).toEqual([]);
    },
  );
});

describe("performanceInUse", () => {
  it("is empty before any outcome is recorded", async () => {
    await (await database()).prediction.deleteMany();
    expect(await performanceInUse()).toMatchObject({
      ok: true,
      value: { all: { confirmed: 0, sensitivity: { ok: false, needs: 10 } }, byModel: [], byMonth: [] },
    });
  });

  // Worked out by hand:
  //
  //   cases  biopsy     said       probability   (probability - truth)^2
  //      11  malignant  malignant  0.9           0.01  ->  0.11
  //       1  malignant  benign     0.3           0.49  ->  0.49
  //      10  benign     benign     0.1           0.01  ->  0.10
  //       2  benign     malignant  0.6           0.36  ->  0.72   both called uncertain
  //
  //   sensitivity 11/12 = 0.9167, Wilson with z^2 = 3.8415: centre (0.91667 + 3.8415/24) / (1 + 3.8415/12) = 0.8156,
  //     half width 1.96 sqrt(0.91667 x 0.08333 / 12 + 3.8415 / 576) / 1.3201 = 0.1695: 0.6461 to 0.9851
  //   specificity 10/12 = 0.8333: centre 0.7525, half width 0.2005: 0.5520 to 0.9530
  //   accuracy 21/24 = 0.875; Brier 1.42/24 = 0.059167
  const EXAMPLE: [times: number, outcome: Diagnosis, made: Case][] = [
    [11, "M", { diagnosis: "M", label: "M", probability: 0.9 }],
    [1, "M", { diagnosis: "B", label: "B", probability: 0.3 }],
    [10, "B", { diagnosis: "B", label: "B", probability: 0.1 }],
    [2, "B", { diagnosis: "M", label: "uncertain", probability: 0.6 }],
  ];

  it("agrees with figures worked out by hand, of confirmed cases that are neither training rows nor deleted", async () => {
    for (const [times, outcome, made] of EXAMPLE) {
      for (let i = 0; i < times; i++) await setOutcome(await save(made), { outcome, on: day("2026-11-20") });
    }
    const wrong = { diagnosis: "B", label: "B", probability: 0.01 } as const;
    await save(wrong);
    await setOutcome(await save({ ...wrong, source: "sample" }), { outcome: "M", on: day("2026-11-20") });
    for (const row of [3, 3, 500]) {
      const trainingRow = await save({ ...wrong, values: features[row] });
      await setOutcome(trainingRow, { outcome: "M", on: day("2026-11-20") });
    }
    // A training row with one value changed is a case.
    const near = await save({ ...wrong, values: features[7]?.with(29, 0.1) });
    await setOutcome(near, { outcome: "M", on: day("2026-11-20") });
    expect(await performanceInUse()).toMatchObject({
      ok: true,
      value: { trainingRows: 3, all: { confirmed: 25 } },
    });
    await deletePredictions([near]);
    const deleted = await save(wrong);
    await setOutcome(deleted, { outcome: "M", on: day("2026-11-20") });
    await deletePredictions([deleted]);

    const found = await performanceInUse();
    if (!found.ok) throw found.error.cause;
    const { all, byModel, byMonth, trainingRows } = found.value;
    expect(trainingRows).toBe(3);
    expect(await performanceSummary()).toMatchObject({ confirmed: 24, isAll: true });
    expect(all).toMatchObject({
      confirmed: 24,
      positives: 12,
      negatives: 12,
      confusion: {
        truePositive: { count: 11, uncertain: 0 },
        falseNegative: { count: 1, uncertain: 0 },
        falsePositive: { count: 2, uncertain: 2 },
        trueNegative: { count: 10, uncertain: 0 },
      },
      uncertain: { count: 2, of: 24 },
    });
    if (
      !all.sensitivity.ok ||
      !all.specificity.ok ||
      !all.accuracy.ok ||
      !all.brier.ok ||
      !all.reliability.ok
    )
      throw new Error("a figure is not shown");
    expect(all.sensitivity.value).toMatchObject({ right: 11, of: 12 });
    expect(all.sensitivity.value.low).toBeCloseTo(0.6461, 4);
    expect(all.sensitivity.value.high).toBeCloseTo(0.9851, 4);
    expect(all.specificity.value.share).toBeCloseTo(0.8333, 4);
    expect(all.specificity.value.low).toBeCloseTo(0.552, 4);
    expect(all.specificity.value.high).toBeCloseTo(0.953, 4);
    expect(all.accuracy.value.share).toBe(0.875);
    expect(all.brier.value).toBeCloseTo(0.059167, 6);
    expect(
      all.reliability.value.map(({ from, count, positiveShare }) => [from, count, positiveShare]),
    ).toEqual([
      [0.1, 10, 0],
      [0.3, 1, 1],
      [0.6, 2, 0],
      [0.9, 11, 1],
    ]);
    expect(byModel.map(({ name, performance }) => [name, performance.confirmed])).toEqual([
      ["test 1 (01234567)", 24],
    ]);
    expect(byMonth.map(({ performance }) => performance.confirmed)).toEqual([24]);
  });

  it("tells models and months apart, and what is older than twelve months", async () => {
    const db = await database();
    const { id: modelId } = await db.model.create({
      data: { name: "other", version: "2", identity: "other 2" },
    });
    const template = await db.prediction.findFirstOrThrow({ where: { outcome: "M", deletedAt: null } });
    const at = (iso: string) => {
      const createdAt = new Date(iso);
      const id = uuidv7({ msecs: createdAt.getTime() });
      return { ...template, id, createdAt, modelId, modelVersion: "2", idempotencyKey: id };
    };
    const now = new Date();
    const month = (back: number) =>
      new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1)).toISOString();
    await db.prediction.createMany({
      data: [at(month(2)), at(month(11)), at(new Date(Date.parse(month(11)) - 1).toISOString())],
    });
    const found = await performanceInUse(now);
    if (!found.ok) throw found.error.cause;
    const counts = (parts: { name: string; performance: { confirmed: number } }[]) =>
      parts.map(({ name, performance }) => [name, performance.confirmed]);
    expect(counts(found.value.byModel)).toEqual([
      ["other 2", 3],
      ["test 1 (01234567)", 24],
    ]);
    expect(counts(found.value.byMonth)).toEqual([
      [month(0).slice(0, 7), 24],
      [month(2).slice(0, 7), 1],
      [month(11).slice(0, 7), 1],
      ["earlier", 1],
    ]);
  });

  it("summarises the latest of both outcomes, and all where there are few", async () => {
    const found = await performanceInUse();
    if (!found.ok) throw found.error.cause;
    const { isAll, ...summary } = (await performanceSummary()) ?? {};
    expect(isAll).toBe(true);
    expect(found.value.all).toMatchObject(summary);

    const db = await database();
    const latest = await db.prediction.findMany({
      where: { outcome: { not: null }, deletedAt: null, source: { not: "sample" } },
      orderBy: { id: "desc" },
      take: 5,
    });
    const groups = await db.$queryRaw<{ outcome: string; count: bigint }[]>(summaryQuery(5));
    const counted = (outcome: string) =>
      groups.reduce((sum, group) => sum + (group.outcome === outcome ? Number(group.count) : 0), 0);
    for (const outcome of ["M", "B"]) {
      expect(counted(outcome)).toBe(latest.filter((row) => row.outcome === outcome).length);
    }
    expect(counted("M") + counted("B")).toBe(5);
  });

  // The plan is SQLite's: of a table this small PostgreSQL always reads all.
  it.runIf(TEST_DATABASE === "sqlite")("finds the confirmed by an index, not by reading all", async () => {
    const planOf = async (query: typeof Prisma.empty) => {
      const plan = await (await database()).$queryRaw<{ detail: string }[]>(
        Prisma.sql`EXPLAIN QUERY PLAN ${query}`,
      );
      return plan.map(({ detail }) => detail);
    };
    for (const query of [groupQuery([new Date()]), summaryQuery(5)]) {
      const details = await planOf(query);
      expect(details.join()).toContain("COVERING INDEX prediction_outcome (outcome=?)");
      expect(details.filter((detail) => detail.startsWith("SCAN prediction"))).toEqual([]);
    }
    // Those that may be training rows have to be looked up, but no others than the confirmed.
    for (const query of [probedQuery([new Date()]), probedSummaryQuery(5)]) {
      const details = await planOf(query);
      expect(details.join()).toMatch(/INDEX prediction_outcome \(outcome=\?\)/);
      expect(details.filter((detail) => detail.startsWith("SCAN prediction"))).toEqual([]);
    }
  });
});
