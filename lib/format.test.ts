import { expect, it } from "vitest";
import { countPredictions, percent, signed } from "./format";

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
