import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chanceBound, driftReading, parseDriftWindow, smoothedShares, stabilityIndex } from "./drift";
import { lastMonths } from "./months";

const counts = fc.array(fc.nat({ max: 5000 }), { minLength: 10, maxLength: 10 });

describe("stabilityIndex", () => {
  it("is 0 for the same shares and never negative", () => {
    fc.assert(
      fc.property(counts, counts, (a, b) => {
        expect(stabilityIndex(smoothedShares(a), smoothedShares(a))).toBe(0);
        expect(stabilityIndex(smoothedShares(a), smoothedShares(b))).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it("is (0.2 - 0.5) ln(0.2 / 0.5) + (0.8 - 0.5) ln(0.8 / 0.5) for halves that became 0.2 and 0.8", () => {
    // 0.3 x 0.916291 + 0.3 x 0.470004
    expect(stabilityIndex([0.5, 0.5], [0.2, 0.8])).toBeCloseTo(0.415888, 6);
  });

  it("adds half a case to each bin", () => {
    expect(smoothedShares([0, 9])).toEqual([0.05, 0.95]);
  });
});

it("reads the index in the usual way", () => {
  expect([0, 0.0999, 0.1, 0.25, 0.2501].map(driftReading)).toEqual([
    "none",
    "none",
    "moderate",
    "moderate",
    "marked",
  ]);
});

it("knows how far chance alone goes", () => {
  // (1/100 + 1/569) x 16.919
  expect(chanceBound(100, 569)).toBeCloseTo(0.1989, 4);
  // Simulated: samples of 400 from ten equal bins, against 569 from the same.
  let seed = 7;
  const random = () => {
    seed = (seed * 1664525 + 1013904223) % 2 ** 32;
    return seed / 2 ** 32;
  };
  const sample = (size: number) => {
    const bins = Array<number>(10).fill(0);
    for (let i = 0; i < size; i++) {
      const bin = Math.floor(random() * 10);
      bins[bin] = (bins[bin] as number) + 1;
    }
    return smoothedShares(bins);
  };
  const within = Array.from({ length: 1000 }, () => stabilityIndex(sample(569), sample(400))).filter(
    (index) => index < chanceBound(400, 569),
  );
  expect(within.length / 1000).toBeGreaterThan(0.92);
  expect(within.length / 1000).toBeLessThan(0.98);
});

describe("parseDriftWindow", () => {
  it("reads the window strictly", () => {
    expect(parseDriftWindow({})).toEqual({ ok: true, value: 90 });
    expect(parseDriftWindow({ drift: "30" })).toEqual({ ok: true, value: 30 });
  });

  it.each([
    [{ drift: "31" }, '"drift" cannot be "31". It can be 30, 90, 365: days.'],
    [{ drift: "030" }, '"drift" cannot be "030". It can be 30, 90, 365: days.'],
    [{ drift: ["30", "90"] }, '"drift" is in the address more than once.'],
    [{ drfit: "30" }, 'There is no parameter "drfit". This page\'s address can have drift.'],
  ])("refuses %j", (params, message) => {
    expect(parseDriftWindow(params)).toEqual({ ok: false, error: { message } });
  });
});

it("gives calendar months over the turn of a year", () => {
  const months = lastMonths(3, new Date("2026-01-31T23:59:59Z"));
  expect(months.map(({ name }) => name)).toEqual(["2025-11", "2025-12", "2026-01"]);
  expect(months[1]).toMatchObject({
    from: new Date("2025-12-01T00:00:00Z"),
    to: new Date("2026-01-01T00:00:00Z"),
  });
});
