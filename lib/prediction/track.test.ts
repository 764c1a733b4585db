import fc from "fast-check";
import { expect, it } from "vitest";
import { FEATURES } from "../../tables/current";
import { placeOf, valueAt } from "./track";

it.each(FEATURES)("$key: goes from the least to the greatest, without a jump, and back", (feature) => {
  const { min, low, high, max } = feature.range;
  expect([placeOf(feature, min), placeOf(feature, max)]).toEqual([0, 1]);
  expect(placeOf(feature, low)).toBeGreaterThan(0);
  expect(placeOf(feature, low)).toBeLessThan(placeOf(feature, high));
  expect(placeOf(feature, max * 2)).toBeGreaterThan(1);
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (place) => {
      expect(placeOf(feature, valueAt(feature, place))).toBeCloseTo(place, 9);
    }),
  );
});

it.each(FEATURES)("$key: gives any number a place", (feature) => {
  for (const value of [0, 1e-300, -1, 1e300]) expect(Number.isFinite(placeOf(feature, value))).toBe(true);
});

it("is linear where values are negative or nearly all 0", () => {
  for (const range of [
    { min: -1, low: -0.5, high: 2, max: 3 },
    { min: 0, low: 0, high: 0, max: 4 },
  ]) {
    expect(
      [range.min, (range.min + range.max) / 2, range.max].map((value) => placeOf({ range }, value)),
    ).toEqual([0, 0.5, 1]);
    expect(valueAt({ range }, 0.5)).toBe((range.min + range.max) / 2);
  }
});

it("is logarithmic, from 0 on, where many values are 0", () => {
  const range = { min: 0, low: 0, high: 18_000, max: 300_000 };
  expect([0, 300_000].map((value) => placeOf({ range }, value))).toEqual([0, 1]);
  expect(placeOf({ range }, 18_000)).toBeGreaterThan(0.4);
  for (const place of [0.1, 0.5, 0.9])
    expect(placeOf({ range }, valueAt({ range }, place))).toBeCloseTo(place, 9);
  for (const value of [-1e9, -1, 1e300]) expect(Number.isFinite(placeOf({ range }, value))).toBe(true);
});
