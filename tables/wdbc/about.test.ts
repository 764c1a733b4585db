import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parseDataset } from "../../model/dataset";
import { about } from "./about";
import { FEATURE_KEYS, type FeatureKey, PROPERTIES } from "./index";
import { type Property, properties } from "./words";

/** What the page about the measurements says that the table proves. */

const { features } = parseDataset(readFileSync(new URL("data.csv", import.meta.url), "utf8"));
const valueIn = (row: readonly number[], key: FeatureKey) => row[FEATURE_KEYS.indexOf(key)] ?? Number.NaN;
const rowsWhere = (test: (value: (key: FeatureKey) => number) => boolean) =>
  features.flatMap((row, i) => (test((key) => valueIn(row, key)) ? [i] : []));
const text = about.sections.flatMap((section) => section.text).join(" ");

it("is of every property", () => {
  expect(Object.keys(about.properties)).toEqual(PROPERTIES.map(({ key }) => key));
});

it("has 20 rows with a single dented nucleus, whose number is a whole one", () => {
  const dented = rowsWhere(
    (value) => value("concavity_mean") > 0 && value("concavity_mean") === value("concavity_se"),
  );
  expect(dented).toHaveLength(20);
  expect(text).toContain("In 20 rows");
  const counts = dented.map((row) => {
    const [worst, mean, se] = (["worst", "mean", "se"] as const).map((group) =>
      valueIn(features[row] ?? [], `concave_points_${group}`),
    ) as [number, number, number];
    expect(se).toBe(mean);
    const nuclei = (3 * worst) / mean;
    // Four digits were kept of each.
    expect(Math.abs(nuclei - Math.round(nuclei))).toBeLessThan(0.01);
    return Math.round(nuclei);
  });
  expect([Math.min(...counts), Math.max(...counts)]).toEqual([5, 20]);
});

it("has two rows of three nuclei", () => {
  const keys = Object.keys(properties) as Property[];
  expect(rowsWhere((value) => keys.every((key) => value(`${key}_worst`) === value(`${key}_mean`)))).toEqual([
    38, 212,
  ]);
});

it("has dents of no depth where it has no dented points, in 13 rows", () => {
  const none = rowsWhere((value) => value("concavity_mean") === 0);
  expect(none).toHaveLength(13);
  expect(rowsWhere((value) => value("concave_points_mean") === 0)).toEqual(none);
});

it("has areas of whole pixels and half the perimeter", () => {
  const small = rowsWhere((value) => value("area_worst") < 1000);
  expect(small).toHaveLength(416);
  // Rayleigh's statistic of the distances from whole numbers; by chance it is about 1.
  const concentration = (half: number) => {
    const turns = small.map((row) => {
      const [area, perimeter] = (["area_worst", "perimeter_worst"] as const).map((key) =>
        valueIn(features[row] ?? [], key),
      ) as [number, number];
      return 2 * Math.PI * 3 * (area - half * perimeter);
    });
    const sum = (part: (turn: number) => number) => turns.reduce((total, turn) => total + part(turn), 0);
    return (sum(Math.cos) ** 2 + sum(Math.sin) ** 2) / turns.length;
  };
  expect(concentration(0.5)).toBeGreaterThan(50);
  for (const other of [0, 0.25, 0.49, 0.51, 0.75, 1]) expect(concentration(other)).toBeLessThan(5);
});

it("has a compactness that is 0 for a circle, not perimeter² / area − 1", () => {
  const column = features.map((row) => valueIn(row, "compactness_mean"));
  const ratios = features.map((row) => valueIn(row, "perimeter_mean") ** 2 / valueIn(row, "area_mean"));
  const printed = ratios.map((ratio) => ratio - 1);
  expect([Math.min(...printed).toFixed(1), Math.max(...printed).toFixed(1)]).toEqual(["11.7", "15.6"]);
  expect([Math.min(...column).toFixed(3), Math.max(...column).toFixed(3)]).toEqual(["0.019", "0.345"]);
  expect(correlation(ratios, column).toFixed(3)).toBe("0.965");
});

function correlation(a: readonly number[], b: readonly number[]): number {
  const centred = (values: readonly number[]) => {
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    return values.map((x) => x - mean);
  };
  const [x, y] = [centred(a), centred(b)];
  const product = (p: readonly number[], q: readonly number[]) =>
    p.reduce((sum, value, i) => sum + value * (q[i] ?? 0), 0);
  return product(x, y) / Math.sqrt(product(x, x) * product(y, y));
}
