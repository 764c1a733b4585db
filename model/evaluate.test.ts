import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Dataset, parseDataset } from "./dataset";
import {
  calibrationError,
  measure,
  parseFolds,
  predictHeldOut,
  reliability,
  rocAuc,
  specificityAt,
  summarise,
} from "./evaluate";

const dataset = parseDataset(readFileSync(new URL("../tables/wdbc/data.csv", import.meta.url), "utf8"));

describe("measure", () => {
  it("agrees with figures worked out by hand", () => {
    const metrics = measure([0.9, 0.4, 0.2, 0.6], [1, 1, 0, 0], 0.5);
    expect(metrics.accuracy).toBe(0.5);
    expect(metrics.sensitivity).toBe(0.5);
    expect(metrics.specificity).toBe(0.5);
    expect(metrics.rocAuc).toBe(0.75);
    expect(metrics.brier).toBeCloseTo((0.01 + 0.36 + 0.04 + 0.36) / 4, 15);
    expect(metrics.logLoss).toBeCloseTo(-(Math.log(0.9) + 2 * Math.log(0.4) + Math.log(0.8)) / 4, 14);
  });

  it("stays finite for a certain and wrong probability", () => {
    expect(measure([0, 1], [1, 0], 0.5).logLoss).toBeCloseTo(36.04, 2);
  });
});

describe("rocAuc", () => {
  it("counts ties as half", () => {
    expect(rocAuc([0.5, 0.5], [1, 0])).toBe(0.5);
    expect(rocAuc([0.1, 0.5, 0.5, 0.9], [0, 1, 0, 1])).toBe(0.875);
  });
});

describe("specificityAt", () => {
  it("uses the highest threshold that finds enough", () => {
    const scores = [0.9, 0.8, 0.3, 0.1, 0.2, 0.4, 0.85];
    const positive = [1, 1, 1, 0, 0, 0, 0] as const;
    expect(specificityAt(0.6, scores, positive)).toBe(0.75);
    expect(specificityAt(1, scores, positive)).toBe(0.5);
  });
});

describe("calibrationError", () => {
  it("weighs the bins by their counts", () => {
    const probabilities = [0.05, 0.05, 0.05, 0.95];
    expect(calibrationError(probabilities, [0, 0, 1, 1])).toBeCloseTo((3 * (1 / 3 - 0.05) + 0.05) / 4, 12);
    expect(reliability([1, 0.95], [1, 0])).toMatchObject([{ from: 0.9, count: 2, malignantShare: 0.5 }]);
  });
});

describe("parseFolds", () => {
  it("refuses a count that does not fit and rows that are no numbers", () => {
    expect(() => parseFolds({ test_rows: [[1]], repeats: 1, splits: 2 })).toThrow("repeats x splits");
    expect(() => parseFolds({ test_rows: [[-1]], repeats: 1, splits: 1 })).toThrow("test_rows");
  });
});

describe("predictHeldOut", () => {
  const every = (step: number, from: number) =>
    Array.from({ length: Math.floor((568 - from) / step) + 1 }, (_, i) => from + step * i);
  const choice = [
    { shift: 0, whitening: 0.4, curvature: 0.35, ridge: 0.2, weight: 0.5 },
    { shift: 0, whitening: 0.8, curvature: 1.4, ridge: 0.2, weight: 0.5 },
  ];

  it("is accurate and covers each class on folds it never saw", { timeout: 120_000 }, () => {
    const folds = { test_rows: [0, 1, 2, 3].map((from) => every(4, from)), repeats: 1, splits: 4 };
    const tested = folds.test_rows.map((rows) => predictHeldOut(dataset, rows, choice, false).fixed);
    const { cases, figures, certain, confusion, missed, roc, rocBand, heldOut } = summarise(
      folds,
      tested,
      0.5,
    );
    expect(cases).toBe(569);
    expect(figures.accuracy.mean).toBeGreaterThan(0.97);
    expect(figures.rocAuc.mean).toBeGreaterThan(0.993);
    // A single repeat: 2 of 212 positive cases are a whole percent.
    expect(figures.malignantCoverage.mean).toBeGreaterThanOrEqual(0.98);
    expect(figures.benignCoverage.mean).toBeGreaterThanOrEqual(0.98);
    expect(figures.uncertainRate.mean).toBeLessThan(0.12);
    for (const { low, high } of Object.values(figures)) expect(low).toBeLessThanOrEqual(high);
    expect(figures.accuracy.low).toBeLessThan(figures.accuracy.mean);
    expect(figures.accuracy.high).toBeGreaterThan(figures.accuracy.mean);
    const { truePositive, falseNegative, falsePositive, trueNegative } = confusion;
    expect(truePositive + falseNegative + falsePositive + trueNegative).toBe(569);
    const { positive, negative } = certain;
    expect(positive.answers + negative.answers).toBeCloseTo(569 * (1 - figures.uncertainRate.mean), 2);
    expect((positive.wrong + negative.wrong) / 569).toBeCloseTo(figures.certainAndWrong.mean, 5);
    expect(missed.map(({ row }) => row)).toContain(297);
    for (const { row, probability } of tested.flat()) expect(heldOut[row]).toBeCloseTo(probability, 5);
    expect(roc.at(-1)).toEqual([1, 1]);
    for (const [, low, high] of rocBand) expect(low).toBe(high);
  });

  it("does not look at the label of a held-out row", { timeout: 60_000 }, () => {
    const lie = { ...dataset, positive: dataset.positive.with(3, dataset.positive[3] === 1 ? 0 : 1) };
    const logits = (of: Dataset) => predictHeldOut(of, [3, 4], choice, false).fixed.map(({ logit }) => logit);
    expect(logits(lie)).toEqual(logits(dataset));
  });
});
