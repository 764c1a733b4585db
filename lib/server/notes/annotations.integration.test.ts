import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createThrowawayDatabase } from "@/test/throwaway";

const { url, remove } = createThrowawayDatabase();
process.env.DATABASE_URL = url;
const { database } = await import("@/lib/server/database/db");
const { findAnnotation, saveAnnotation } = await import("./annotations");
const { savePrediction } = await import("@/lib/server/prediction/predictions");

let id = "";

beforeAll(async () => {
  const saved = await savePrediction({
    formKey: "form",
    source: "form",
    values: Array<number>(30).fill(1),
    prediction: {
      ...{ diagnosis: "M", probability: 0.7, label: "M", base: 0 },
      ...{ contributions: null, typicality: null, cautions: null },
    },
    model: { name: "test", version: "1", hash: null, threshold: 0.5, uncertain: null },
    backend: "embedded",
    latencyMs: 1,
  });
  if (!saved.ok) throw saved.error.cause;
  id = saved.value.id;
});

afterAll(async () => {
  await (await database()).$disconnect();
  remove();
});

async function find() {
  const found = await findAnnotation(id);
  if (!found.ok) throw found.error.cause;
  return found.value;
}

describe("saveAnnotation", () => {
  it("finds nothing where nothing was written", async () => {
    expect(await find()).toEqual({ annotation: { caseCode: null, note: null }, edits: [] });
  });

  it("keeps both fields and an edit of each, then only of what changes", async () => {
    expect(await saveAnnotation(id, { caseCode: "A-17", note: "first\nsecond" })).toEqual({
      ok: true,
      value: 2,
    });
    expect(await saveAnnotation(id, { caseCode: "A-17", note: "first\nsecond" })).toEqual({
      ok: true,
      value: 0,
    });
    expect(await saveAnnotation(id, { caseCode: "A-18", note: "first\nsecond" })).toEqual({
      ok: true,
      value: 1,
    });
    expect(await saveAnnotation(id, { caseCode: null, note: "first\nsecond" })).toEqual({
      ok: true,
      value: 1,
    });
    const { annotation, edits } = await find();
    expect(annotation).toEqual({ caseCode: null, note: "first\nsecond" });
    expect(edits.map(({ field, before, after }) => [field, before, after])).toEqual([
      ["case code", "A-18", null],
      ["case code", "A-17", "A-18"],
      ["note", null, "first\nsecond"],
      ["case code", null, "A-17"],
    ]);
  });

  it("loses none of several edits made at once", async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => saveAnnotation(id, { caseCode: `at once ${n}`, note: null })),
    );
    const { annotation, edits } = await find();
    const codes = edits.filter(({ field }) => field === "case code").reverse();
    // Each begins where the one before it ended.
    for (const [n, edit] of codes.entries()) expect(edit.before).toBe(codes[n - 1]?.after ?? null);
    expect(codes.at(-1)?.after).toBe(annotation.caseCode);
    expect(codes).toHaveLength(23);
  });

  it("tells that there is no such prediction, and writes nothing", async () => {
    const unknown = "0190c8a0-0000-7000-8000-00000000dead";
    expect(await saveAnnotation(unknown, { caseCode: "A", note: null })).toEqual({ ok: true, value: null });
    expect(await (await database()).annotation.count()).toBe(1);
  });

  it("keeps neither the text nor the edit where one of them fails", async () => {
    const db = await database();
    const before = await find();
    await db.$executeRawUnsafe("ALTER TABLE edit RENAME TO elsewhere");
    expect(await saveAnnotation(id, { caseCode: "lost", note: "lost" })).toMatchObject({
      ok: false,
      error: { code: "not_saved" },
    });
    expect(await findAnnotation(id)).toMatchObject({ ok: false, error: { code: "not_read" } });
    await db.$executeRawUnsafe("ALTER TABLE elsewhere RENAME TO edit");
    expect(await find()).toEqual(before);
  });
});
