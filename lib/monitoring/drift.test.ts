import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDataset } from "../../model/dataset";
import { seededRandom } from "../../model/random";
import { FEATURES } from "../../tables/current";
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
  const readings = (bound: number) =>
    [0, 0.0999, 0.1, 0.25, 0.2501, 0.3].map((index) => driftReading(index, bound));
  expect(readings(0.05)).toEqual(["none", "none", "moderate", "moderate", "marked", "marked"]);
  // With few cases, chance alone goes that far.
  expect(readings(0.3)).toEqual([
    "none",
    "none",
    "within chance",
    "within chance",
    "within chance",
    "marked",
  ]);
});

describe("chanceBound", () => {
  it("is the chi-squared point of 2.5 % for each of 30 measurements, times 1/n + 1/m", () => {
    // Where 0.025 / 30 is beyond, by the tail's recurrence from erfc (Abramowitz and Stegun, 26.4.4).
    expect(chanceBound(100, 569) / (1 / 100 + 1 / 569)).toBeCloseTo(28.3505, 1);
  });

  it("is less for fewer bins", () => {
    // Chi-squared of one degree: the square of the normal point of half the share.
    expect(chanceBound(100, 569, 2) / (1 / 100 + 1 / 569)).toBeCloseTo(11.165, 1);
    expect(chanceBound(100, 569, 10)).toBe(chanceBound(100, 569));
  });

  const { features: training } = parseDataset(readFileSync("tables/wdbc/data.csv", "utf8"));
  const random = seededRandom(7);
  const resample = (cases: number) =>
    Array.from({ length: cases }, () => training[Math.floor(random() * training.length)] ?? []);

  /** The shares of the deciles of one measurement of `reference`, in `rows`. */
  function deciles(reference: readonly (readonly number[])[], index: number) {
    const sorted = Float64Array.from(reference, (row) => row[index] ?? 0).sort();
    const edges = Array.from(
      { length: 9 },
      (_, i) => sorted[Math.ceil(((i + 1) * sorted.length) / 10) - 1] ?? 0,
    );
    return (rows: readonly (readonly number[])[]) => {
      const counts = Array<number>(10).fill(0);
      for (const row of rows) {
        const above = edges.findIndex((edge) => (row[index] ?? 0) < edge);
        const bin = above < 0 ? 9 : above;
        counts[bin] = (counts[bin] ?? 0) + 1;
      }
      return smoothedShares(counts);
    };
  }

  it("is passed by any measurement in at most 5 % of tables of 100 cases that have not moved", () => {
    const bound = chanceBound(100, training.length);
    const flagged = Array.from({ length: 300 }, () => {
      // The training cases themselves are but a sample, and so are those that are compared with them.
      const [reference, sample] = [resample(training.length), resample(100)];
      return FEATURES.some(({ index }) => {
        const shares = deciles(reference, index);
        const reading = driftReading(stabilityIndex(shares(reference), shares(sample)), bound);
        return reading === "moderate" || reading === "marked";
      });
    });
    expect(flagged.filter(Boolean).length / flagged.length).toBeLessThanOrEqual(0.05);
  });

  it("is passed by sizes a quarter larger", () => {
    const sample = resample(100).map((row) => row.map((value) => value * 1.25));
    const shares = deciles(training, 20);
    expect(driftReading(stabilityIndex(shares(training), shares(sample)), chanceBound(100, 569))).toBe(
      "marked",
    );
  });
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
