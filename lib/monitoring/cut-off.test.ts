import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDataset } from "../../model/dataset";
import { rocAuc } from "../../model/evaluate";
import { table } from "../../tables/current";
import evaluation from "../../tables/wdbc/evaluation.json" with { type: "json" };
import {
  areaUnder,
  confusionAt,
  describeCutOff,
  packCases,
  rocOf,
  type UnseenCase,
  unpackCases,
} from "./cut-off";

const truths = parseDataset(readFileSync(table.dataFile, "utf8")).positive;
const real = evaluation.heldOut.map(
  (probability, row): UnseenCase => ({ row, probability, positive: truths[row] === 1 }),
);

const some = fc
  .array(fc.record({ positive: fc.boolean(), millionths: fc.nat({ max: 1_000_000 }) }), { minLength: 2 })
  .map((cases) =>
    cases.map(({ positive, millionths }, row) => ({ row, positive, probability: millionths / 1e6 })),
  )
  .filter((cases) => cases.some(({ positive }) => positive) && cases.some(({ positive }) => !positive));

const hundredths = Array.from({ length: 99 }, (_, i) => (i + 1) / 100);
const countsAt = (cases: readonly UnseenCase[], at: number) => {
  const { found, missed, alarms, leftAlone } = confusionAt(cases, at);
  return [found, missed.length, alarms.length, leftAlone];
};

describe("confusionAt", () => {
  it("misses at 0.5 the cases that the evaluation says were missed in most repeats", () => {
    const { missed, alarms } = confusionAt(real, evaluation.model.threshold);
    const rows = [...missed, ...alarms].map(({ row }) => row).sort((a, b) => a - b);
    expect(rows).toEqual(evaluation.missed.map(({ row }) => row));
  });

  it("puts every case in one cell, and calls fewer positive the higher the cut-off", () => {
    fc.assert(
      fc.property(some, (cases) => {
        let said = cases.length;
        for (const at of hundredths) {
          const [found = 0, missed = 0, alarms = 0, leftAlone = 0] = countsAt(cases, at);
          expect(found + missed + alarms + leftAlone).toBe(cases.length);
          expect(found + alarms).toBeLessThanOrEqual(said);
          said = found + alarms;
        }
      }),
    );
  });
});

describe("rocOf", () => {
  it("has the point of every cut-off on it, and the area of the rank statistic below it", () => {
    fc.assert(
      fc.property(some, fc.constantFrom(...hundredths), (cases, at) => {
        const corners = rocOf(cases);
        const { found, missed, alarms, leftAlone } = confusionAt(cases, at);
        const [x, y] = [alarms.length / (alarms.length + leftAlone), found / (found + missed.length)];
        const isOn = corners.slice(1).some(([right, top], i) => {
          const [left, bottom] = corners[i] as [number, number];
          const across = (x - left) * (top - bottom) - (y - bottom) * (right - left);
          return Math.abs(across) < 1e-12 && x >= left && x <= right && y >= bottom && y <= top;
        });
        expect(isOn || (x === 0 && y === 0)).toBe(true);
        expect(corners.at(-1)).toEqual([1, 1]);
        const scores = cases.map(({ probability }) => probability);
        expect(areaUnder(corners)).toBeCloseTo(
          rocAuc(
            scores,
            cases.map(({ positive }) => (positive ? 1 : 0)),
          ),
          12,
        );
      }),
    );
  });

  it("keeps corners alone", () => {
    const cases = [0.9, 0.8, 0.7, 0.6].map((probability, row) => ({ row, probability, positive: row < 2 }));
    expect(rocOf(cases)).toEqual([
      [0, 0],
      [0, 1],
      [1, 1],
    ]);
  });
});

it("packs cases so that every hundredth parts them as before, and three decimals are those that are shown", () => {
  fc.assert(
    fc.property(some, (cases) => {
      const unpacked = unpackCases(packCases(cases));
      for (const at of hundredths) expect(countsAt(unpacked, at)).toEqual(countsAt(cases, at));
    }),
  );
  const unpacked = unpackCases(packCases(real));
  for (const { row, probability } of evaluation.missed) {
    expect(unpacked[row]?.probability.toFixed(3)).toBe(probability.toFixed(3));
  }
});

describe("describeCutOff", () => {
  const words = { positive: "positive", negative: "negative" };

  it("says what the evaluation's cut-off does", () => {
    expect(describeCutOff(confusionAt(real, 0.5), words)).toBe(
      "At 0.50 it finds 207 of 212 positive cases, misses 5, and raises 2 false alarms among 357 negative cases. Of 100 answers “positive”, 99 are right. Of 100 answers “negative”, 98 are right.",
    );
  });

  it("says it of the ends too", () => {
    const cases = [0.2, 0.6].map((probability, row) => ({ row, probability, positive: row === 1 }));
    expect(describeCutOff(confusionAt(cases, 0.1), words)).toContain(
      "raises 1 false alarm among 1 negative cases. Of 100 answers “positive”, 50 are right. No case is called negative.",
    );
    expect(describeCutOff(confusionAt(cases, 0.9), words)).toContain(
      "raises no false alarm among 1 negative cases. No case is called positive. Of 100 answers “negative”, 50 are right.",
    );
    expect(describeCutOff(confusionAt(cases, 0.5), words)).toContain(
      "Every answer “positive” is right. Every answer “negative” is right.",
    );
  });
});
