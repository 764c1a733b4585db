import { afterAll, describe, expect, it, vi } from "vitest";
import { SAMPLES } from "@/tables/current";
import { createThrowawayDatabase } from "@/test/throwaway";

vi.mock("@/lib/server/log", () => ({ log: vi.fn() }));

const { url, remove } = createThrowawayDatabase();
process.env.DATABASE_URL = url;
const { database } = await import("@/lib/server/database/db");
const { savePrediction } = await import("@/lib/server/prediction/predictions");
const { latestCases } = await import("@/lib/server/history/selection");
const { rescore } = await import("./rescoring");
const { inference } = await import("@/lib/server/inference/inference");

afterAll(async () => {
  await (await database()).$disconnect();
  remove();
});

/** Every row of every table, as it is stored. */
async function everything(): Promise<string> {
  const db = await database();
  const rows = await Promise.all([
    db.prediction.findMany({ orderBy: { id: "asc" } }),
    db.predictionDetail.findMany({ orderBy: { predictionId: "asc" } }),
    db.annotation.findMany({ orderBy: { predictionId: "asc" } }),
    db.model.findMany({ orderBy: { id: "asc" } }),
    db.edit.findMany({ orderBy: { id: "asc" } }),
    db.failedPrediction.findMany({ orderBy: { id: "asc" } }),
    db.importReport.findMany({ orderBy: { id: "asc" } }),
    db.savedView.findMany({ orderBy: { id: "asc" } }),
    db.setting.findMany({ orderBy: { name: "asc" } }),
  ]);
  return JSON.stringify(rows);
}

describe("rescore", () => {
  it("shows what the present model changes, and changes no row", async () => {
    const answer = await inference().predict(SAMPLES.map(({ values }) => values));
    if (!answer.ok) throw new Error(answer.error.what);
    const { predictions, model } = answer.value;
    for (const [index, { values }] of SAMPLES.entries()) {
      const prediction = predictions[index];
      if (prediction === undefined) throw new Error("no answer");
      // The first as the other way round by another model; the rest as the present model says.
      const other = {
        diagnosis: prediction.diagnosis === "M" ? ("B" as const) : ("M" as const),
        probability: 1 - prediction.probability,
        label: null,
      };
      const saved = await savePrediction({
        formKey: "form",
        source: "form",
        values,
        prediction: index === 0 ? { ...prediction, ...other } : prediction,
        model: index === 0 ? { ...model, version: "0.1", hash: null } : model,
        backend: "embedded",
        latencyMs: 1,
      });
      if (!saved.ok) throw saved.error.cause;
    }
    const before = await everything();
    const stored = await latestCases(100);
    if (!stored.ok) throw stored.error.cause;
    const rescored = await rescore(stored.value);
    expect(await everything()).toBe(before);
    expect(rescored).toMatchObject({
      ok: true,
      value: {
        model,
        count: SAMPLES.length,
        sameVersion: SAMPLES.length - 1,
        flips: { diagnosis: 1, answer: 1 },
        changed: [{ modelVersion: "0.1" }],
      },
    });
    if (!rescored.ok) return;
    expect(rescored.value.largest).toEqual(rescored.value.changed[0]);
  });

  it("gives the model's message where it fails", async () => {
    expect(await rescore([])).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining("Nothing was stored or changed.") },
    });
  });
});
