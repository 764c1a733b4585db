import { expect, it } from "vitest";
import { countPredictions, countRows, formatBytes, percent, signed } from "./format";

it.each([
  [0.25, 2, "+0.25"],
  [-1, 2, "−1.00"],
  [0, 3, "+0.000"],
])("writes %d with a sign and %d digits as %s", (value, digits, text) => {
  expect(signed(value, digits)).toBe(text);
});

it("writes a share as a percentage", () => {
  expect([percent(0.97345), percent(1, 0), percent(0)]).toEqual(["97.3 %", "100 %", "0.0 %"]);
});

it("counts predictions in words", () => {
  expect([countPredictions(1), countPredictions(0), countPredictions(1_000)]).toEqual([
    ...["1 prediction", "0 predictions", "1,000 predictions"],
  ]);
});

it("writes sizes and rows in words", () => {
  expect([0, 640, 1_234, 96_000, 999_999, 12_300_000, 4e9].map(formatBytes)).toEqual([
    ...["0 bytes", "640 bytes", "1.2 kB", "96 kB", "1000 kB", "12 MB", "4 GB"],
  ]);
  expect([countRows(1), countRows(1_000_000)]).toEqual(["1 row", "1,000,000 rows"]);
});
