import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { createThrowawayDatabase } from "@/test/throwaway";

const { url, remove } = createThrowawayDatabase();
process.env.DATABASE_URL = url;
const { database } = await import("@/lib/server/database/db");
const { saveAnnotation } = await import("@/lib/server/notes/annotations");
const { savePrediction } = await import("@/lib/server/prediction/predictions");
const {
  BIN_PAGE,
  deletedTogether,
  deletePredictions,
  findCaseCodes,
  findPredictions,
  latestCases,
  listBin,
  purgePredictions,
  restorePredictions,
} = await import("./selection");

const UNKNOWN = "0190c8a0-0000-7000-8000-00000000dead";
let form = 0;

async function save(): Promise<string> {
  form += 1;
  const saved = await savePrediction({
    formKey: `form ${form}`,
    source: "form",
    values: Array<number>(30).fill(form),
    prediction: {
      ...{ diagnosis: "M", probability: 0.7, label: "M", base: 0 },
      ...{ contributions: Array<number>(30).fill(0.1), typicality: null, cautions: null },
    },
    model: { name: "test", version: "1", hash: null, threshold: 0.5, uncertain: null },
    backend: "embedded",
    latencyMs: 1,
  });
  if (!saved.ok) throw saved.error.cause;
  return saved.value.id;
}

async function unwrap<T>(result: Promise<{ ok: true; value: T } | { ok: false; error: { cause: unknown } }>) {
  const settled = await result;
  if (!settled.ok) throw settled.error.cause;
  return settled.value;
}

const present = async () => (await unwrap(latestCases(5_000))).map(({ id }) => id);

beforeEach(async () => {
  await (await database()).prediction.deleteMany();
});

afterAll(async () => {
  await (await database()).$disconnect();
  remove();
});

describe("findPredictions", () => {
  it("finds those that are there, in the order asked, deleted or not", async () => {
    const [a, b, c] = [await save(), await save(), await save()];
    await deletePredictions([b]);
    const found = await unwrap(findPredictions([c, UNKNOWN, b, a], "prediction_viewed"));
    expect(found.map(({ id }) => id)).toEqual([c, b, a]);
    expect(found[0]?.contributions).toHaveLength(30);
    expect(found[2]).toMatchObject({ values: Array<number>(30).fill(form - 2), threshold: 0.5 });
  });
});

describe("latestCases", () => {
  it("gives the latest that are not deleted, newest first", async () => {
    const ids = [await save(), await save(), await save(), await save()];
    await deletePredictions([ids[3] as string]);
    expect((await unwrap(latestCases(2))).map(({ id }) => id)).toEqual([ids[2], ids[1]]);
  });
});

describe("a selection", () => {
  it("is deleted at one time, known by it, and restored as one", async () => {
    const ids = [await save(), await save(), await save()];
    const [a, b, c] = ids as [string, string, string];
    expect(await unwrap(deletePredictions([a, b, UNKNOWN]))).toBe(2);
    expect(await present()).toEqual([c]);
    const deletedAt = (await unwrap(findPredictions([a], "prediction_viewed")))[0]?.deletedAt as Date;
    expect((await unwrap(deletedTogether(deletedAt, 100))).sort()).toEqual([a, b].sort());
    // The time of the first deletion stands.
    expect(await unwrap(deletePredictions([a, c]))).toBe(1);
    expect((await unwrap(findPredictions([a], "prediction_viewed")))[0]?.deletedAt).toEqual(deletedAt);
    expect(await unwrap(restorePredictions([a, b, c, UNKNOWN]))).toBe(3);
    expect(await present()).toEqual([c, b, a]);
    expect(await unwrap(restorePredictions([a]))).toBe(0);
  });

  it("is deleted for ever only from the bin, with all that belongs to it", async () => {
    const [a, b] = [await save(), await save()];
    await saveAnnotation(a, { caseCode: "A-17", note: "a note" });
    await saveAnnotation(b, { caseCode: "A-18", note: null });
    expect(await unwrap(findCaseCodes([a, b, UNKNOWN]))).toEqual(
      new Map([
        [a, "A-17"],
        [b, "A-18"],
      ]),
    );
    await deletePredictions([a]);
    expect(await unwrap(purgePredictions([a, b]))).toBe(1);
    const db = await database();
    expect(await present()).toEqual([b]);
    expect(await db.predictionDetail.count()).toBe(1);
    expect(await db.annotation.count()).toBe(1);
    expect((await db.edit.findMany()).map(({ predictionId }) => predictionId)).toEqual([b]);
  });
});

describe("listBin", () => {
  it("pages through what was deleted, last first, each once", async () => {
    const db = await database();
    const ids: string[] = [];
    for (let n = 0; n < BIN_PAGE * 2 + 3; n++) ids.push(await save());
    // Few times, so that most rows tie.
    for (const [n, id] of ids.entries()) {
      await db.prediction.update({
        where: { id },
        data: { deletedAt: new Date(Date.UTC(2026, 0, 1 + (n % 3))) },
      });
    }
    const kept = await save();
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof listBin>> = await listBin(after);
      if (!page.ok) throw page.error.cause;
      seen.push(...page.value.rows.map(({ id }) => id));
      after = page.value.next;
    } while (after !== null);
    expect(seen).toHaveLength(ids.length);
    expect(new Set(seen)).toEqual(new Set(ids));
    expect(seen).not.toContain(kept);
    // A place that has gone begins at the start.
    expect((await unwrap(listBin(UNKNOWN))).rows.map(({ id }) => id)).toEqual(seen.slice(0, BIN_PAGE));
    expect((await unwrap(listBin(kept))).rows).toHaveLength(BIN_PAGE);
  });
});

it("tells what happened when the table is gone, as a value", async () => {
  const db = await database();
  await db.$executeRawUnsafe("ALTER TABLE prediction RENAME TO elsewhere");
  const failed = await Promise.all([
    findPredictions([UNKNOWN], "prediction_viewed"),
    latestCases(1),
    deletePredictions([UNKNOWN]),
    listBin(),
    deletedTogether(new Date(), 1),
  ]);
  expect(failed.map((result) => !result.ok && result.error.code)).toEqual([
    "not_read",
    "not_read",
    "not_saved",
    "not_read",
    "not_read",
  ]);
  await db.$executeRawUnsafe("ALTER TABLE elsewhere RENAME TO prediction");
});
