import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readNumbers, textsOf } from "../lib/predict/measurements";
import { parseDataset } from "../model/dataset";
import { FEATURE_KEYS, oneCase } from "./current";

const rows = parseDataset(readFileSync("tables/wdbc/data.csv", "utf8")).features;
const isRefused = (values: readonly number[]) => oneCase.isImpossible(readNumbers(textsOf(values)));

describe("isImpossible", () => {
  it("is false for each of the 569 rows, for any part of them, and for nothing", () => {
    expect(rows.filter(isRefused)).toEqual([]);
    for (const values of rows) {
      const { radius_mean, ...rest } = readNumbers(textsOf(values));
      expect(oneCase.isImpossible(rest)).toBe(false);
      expect(oneCase.isImpossible({ radius_mean })).toBe(false);
    }
    expect(oneCase.isImpossible({})).toBe(false);
  });

  it("is false where one value of a case is changed, to whatever", () => {
    const value = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e6, noNaN: true }));
    fc.assert(
      fc.property(fc.constantFrom(...rows), fc.nat(29), value, (row, index, changed) => {
        expect(isRefused(row.with(index, changed))).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([0.2, 0.5, 2, 10])("is false for a case in an image at %s times the scale", (scale) => {
    const powers: Record<string, number> = { radius: 1, perimeter: 1, area: 2 };
    const scaled = (values: readonly number[]) =>
      values.map((value, i) => value * scale ** (powers[FEATURE_KEYS[i]?.split("_")[0] ?? ""] ?? 0));
    expect(rows.filter((row) => isRefused(scaled(row)))).toEqual([]);
  });

  const groups = (row: readonly number[]) => [row.slice(0, 10), row.slice(10, 20), row.slice(20)] as const;
  it.each<[string, number, (row: readonly number[]) => number[]]>([
    [
      "mean, SE and worst side by side",
      569,
      (row) => row.map((_, i) => row[(i % 3) * 10 + Math.floor(i / 3)] ?? 0),
    ],
    [
      "read by columns though written by rows",
      569,
      (row) => row.map((_, i) => row[(i % 10) * 3 + Math.floor(i / 10)] ?? 0),
    ],
    ["the first lost, label 0 behind", 569, (row) => [...row.slice(1), 0]],
    ["the first lost, label 1 behind", 569, (row) => [...row.slice(1), 1]],
    ["the first lost, label 2 behind", 569, (row) => [...row.slice(1), 2]],
    ["label 0 in front, the last lost", 569, (row) => [0, ...row.slice(0, 29)]],
    ["label 1 in front, the last lost", 569, (row) => [1, ...row.slice(0, 29)]],
    ["a row number in front, the last lost", 569, (row) => [15, ...row.slice(0, 29)]],
    ["an id in front, the last lost", 569, (row) => [842302, ...row.slice(0, 29)]],
    ["one to the left, round", 569, (row) => [...row.slice(1), ...row.slice(0, 1)]],
    ["one to the right, round", 569, (row) => [...row.slice(29), ...row.slice(0, 29)]],
    ["backwards", 569, (row) => row.toReversed()],
    [
      "by the alphabet",
      569,
      (row) => FEATURE_KEYS.toSorted().map((key) => row[FEATURE_KEYS.indexOf(key)] ?? 0),
    ],
    ["SE, mean, worst", 569, (row) => [1, 0, 2].flatMap((group) => groups(row)[group] ?? [])],
    ["mean, worst, SE", 569, (row) => [0, 2, 1].flatMap((group) => groups(row)[group] ?? [])],
    // Rows 38 and 212 have each worst equal to its mean, so that this changes nothing in them.
    ["worst, SE, mean", 567, (row) => [2, 1, 0].flatMap((group) => groups(row)[group] ?? [])],
    ["all zeros", 569, (row) => row.map(() => 0)],
  ])("is true for the dataset's rows with %s: in %i of 569", (_, count, reorder) => {
    expect(rows.filter((row) => isRefused(reorder(row)))).toHaveLength(count);
  });
});
