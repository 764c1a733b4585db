import { randomUUID } from "node:crypto";
import { afterAll, expect, it, vi } from "vitest";
import type { FileOptions } from "@/lib/exchange/prediction-file";
import { FEATURES, SAMPLES } from "@/tables/current";
import { createThrowawayDatabase } from "@/test/throwaway";

/** The samples of whatever table there is, through the database and its files into a second one. */

const first = createThrowawayDatabase();
const second = createThrowawayDatabase();

/** The server's modules on a database of their own. */
async function openStore(url: string) {
  vi.resetModules();
  process.env.DATABASE_URL = url;
  delete (globalThis as { cytodeskDatabase?: unknown }).cytodeskDatabase;
  const { database } = await import("@/lib/server/database/db");
  const { Prisma } = await import("@/lib/server/generated/sqlite/client");
  const { findPrediction, savePrediction } = await import("@/lib/server/prediction/predictions");
  const { exportPredictions } = await import("./export");
  const { importPredictions } = await import("./import");
  const { inference } = await import("@/lib/server/inference/inference");
  const client = await database();
  const use = () => {
    process.env.DATABASE_URL = url;
    (globalThis as { cytodeskDatabase?: unknown }).cytodeskDatabase = Promise.resolve(client);
  };
  return {
    use,
    client,
    Prisma,
    findPrediction,
    savePrediction,
    exportPredictions,
    importPredictions,
    inference,
  };
}

const a = await openStore(first.url);
const b = await openStore(second.url);

afterAll(async () => {
  await a.client.$disconnect();
  await b.client.$disconnect();
  first.remove();
  second.remove();
});

// What may miss does, in one more case.
const lacking = SAMPLES[0].values.map((value, at) => (FEATURES[at]?.mayMiss ? Number.NaN : value));
const cases = [...SAMPLES.map(({ values }) => values), lacking];

const FILES: FileOptions[] = [
  { format: "csv", bom: true, separator: "semicolon" },
  { format: "csv", bom: false, separator: "comma" },
  { format: "jsonl", bom: false, separator: "comma" },
];

it("samples are kept as they are, and carried by every kind of file", async () => {
  a.use();
  const saved: { id: string; values: readonly number[] }[] = [];
  for (const values of cases) {
    const answer = await a.inference().predict([values]);
    const [prediction] = answer.ok ? answer.value.predictions : [];
    if (!answer.ok || prediction === undefined) throw new Error("no answer");
    const { model, backend, latencyMs } = answer.value;
    const entry = {
      formKey: randomUUID(),
      source: "form" as const,
      values,
      prediction,
      model,
      backend,
      latencyMs,
    };
    const row = await a.savePrediction(entry);
    if (!row.ok) throw new Error("not saved");
    expect(await a.findPrediction(row.value.id)).toMatchObject({
      ok: true,
      value: { values, contributions: prediction.contributions },
    });
    saved.push({ id: row.value.id, values });
  }
  for (const file of FILES) {
    a.use();
    const pieces: Uint8Array[] = [];
    for await (const piece of a.exportPredictions(a.Prisma.sql`prediction.deleted_at IS NULL`, file))
      pieces.push(piece);
    b.use();
    for (const added of [saved.length, 0]) {
      const report = await b.importPredictions(
        (async function* () {
          yield* pieces;
        })(),
        { take: false },
      );
      expect(report).toMatchObject({ ok: true, value: { added, refused: 0 } });
    }
    for (const { id, values } of saved) {
      expect(await b.findPrediction(id)).toMatchObject({ ok: true, value: { values } });
    }
    await b.client.$executeRaw`DELETE FROM prediction`;
  }
});
