import { describe, expect, it } from "vitest";
import { median, pairedRatio, percentile } from "./statistics";

describe("median and percentile", () => {
  it("take the middle, or the mean of the two middle values", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  it("interpolate and reach both ends", () => {
    const values = [10, 20, 30, 40, 50];
    expect(percentile(values, 0)).toBe(10);
    expect(percentile(values, 95)).toBeCloseTo(48);
    expect(percentile(values, 100)).toBe(50);
    expect(percentile([7], 95)).toBe(7);
  });

  it("leave their input as it was, and refuse an empty one", () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
    expect(() => median([])).toThrow(RangeError);
  });
});

describe("pairedRatio", () => {
  it("is unmoved by a slow spell that hit both sides of a round", () => {
    expect(pairedRatio([600, 60, 610], [300, 30, 305])).toBe(2);
  });

  it("compares only rounds that both sides ran", () => {
    expect(pairedRatio([4, 6, 100], [2, 2])).toBe(2.5);
  });
});
