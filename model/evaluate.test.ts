import { describe, expect, it } from "vitest";
import { measure, predictHeldOut, rocAuc } from "./evaluate";

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

describe("predictHeldOut", () => {
  it("never shows the held-out rows to training", () => {
    const dataset = { features: [[0], [1], [2], [3]], malignant: [0, 1, 0, 1] as const };
    const answers = predictHeldOut(dataset, [3, 1], (training) => {
      expect(training.features).toEqual([[0], [2]]);
      return ([x]) => x ?? -1;
    });
    expect(answers).toEqual([3, 1]);
  });
});
