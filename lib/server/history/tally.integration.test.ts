import fc from "fast-check";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, expect, it } from "vitest";
import { diagnosis, label, SOURCES } from "@/lib/contract";
import { type HistoryFilters, NO_FILTERS, OUTCOME_FILTERS } from "@/lib/history/filters";
import { AXIS, binOf, countAsked, outcomeStateOf } from "@/lib/prediction/tally";
import type { Prisma } from "@/lib/server/generated/sqlite/client";
import { FEATURE_KEYS } from "@/tables/current";
import { createThrowawayDatabase } from "@/test/throwaway";

const { url, remove } = createThrowawayDatabase();
process.env.DATABASE_URL = url;
const { database } = await import("@/lib/server/database/db");
const { tallyPredictions } = await import("./tally");

let modelId = 0;
beforeAll(async () => {
  const db = await database();
  modelId = (await db.model.create({ data: { name: "test", version: "1", identity: "test" } })).id;
});
afterAll(async () => {
  await (await database()).$disconnect();
  remove();
});

const anyProbability = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.constantFrom(0, AXIS.from, AXIS.from * (1 + 1e-15), 0.5, AXIS.to * (1 - 2e-16), AXIS.to, 1),
);
const anyRow = fc.record({
  probability: anyProbability,
  diagnosis: fc.constantFrom(...diagnosis.options),
  // A certain label is the diagnosis.
  label: fc.constantFrom("same", null, ...label.options.slice(2)),
  outcome: fc.option(fc.constantFrom(...diagnosis.options)),
  source: fc.constantFrom(...SOURCES),
  isDeleted: fc.boolean(),
});
const anyFilters = fc.record({
  labels: fc.subarray([...label.options]),
  outcome: fc.option(fc.constantFrom(...OUTCOME_FILTERS)),
  sources: fc.subarray([...SOURCES]),
  min: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
});

it("counts any small history as a plain recount does, under any filters", async () => {
  const db = await database();
  const template = {
    ...Object.fromEntries(FEATURE_KEYS.map((key) => [key, 1])),
    ...{ createdAt: new Date(), modelId, modelVersion: "1", backend: "embedded", latencyMs: 1 },
  } as Prisma.PredictionCreateManyInput;
  await fc.assert(
    fc.asyncProperty(fc.array(anyRow, { maxLength: 20 }), anyFilters, async (drawn, { min, ...asked }) => {
      const rows = drawn.map((row) => ({ ...row, label: row.label === "same" ? row.diagnosis : row.label }));
      await db.prediction.deleteMany();
      await db.prediction.createMany({
        data: rows.map(({ isDeleted, ...row }) => {
          const id = uuidv7();
          return { ...template, ...row, id, idempotencyKey: id, deletedAt: isDeleted ? new Date() : null };
        }),
      });
      const filters: HistoryFilters = {
        ...NO_FILTERS,
        ...asked,
        probability: min === null ? null : { min, max: null },
      };
      const passing = rows.flatMap(({ isDeleted, ...row }) => {
        const answer = row.label ?? row.diagnosis;
        const state = outcomeStateOf(answer, row.outcome);
        const isAsked =
          (asked.labels.length === 0 || asked.labels.includes(answer)) &&
          (asked.sources.length === 0 || asked.sources.includes(row.source)) &&
          (asked.outcome === null ||
            [state, row.outcome === null ? null : "known"].includes(asked.outcome)) &&
          (min === null || row.probability >= min);
        return isAsked && !isDeleted ? [`${answer} ${state} ${binOf(row.probability)}`] : [];
      });
      const tally = await tallyPredictions(db, filters, false);
      expect(tally.exact).toBe(true);
      const counted = tally.groups.flatMap(({ answer, outcome, bin, count }) =>
        Array.from({ length: count }, () => `${answer} ${outcome} ${bin}`),
      );
      expect(counted.sort()).toEqual(passing.sort());
      expect(countAsked(tally, filters)).toBe(passing.length);
    }),
    { numRuns: 60 },
  );
});
