import { expect, it } from "vitest";
import { describeStanding } from "./standing";

const feature = { type: "number" as const, range: { min: 1, low: 2, high: 8, max: 9 } };

it.each([
  [5, 0.896, 0.684, "Higher than 90 in 100 benign and 68 in 100 malignant training cases."],
  [5, 0.999, 0.001, "Higher than 99 in 100 benign and 1 in 100 malignant training cases."],
  [9, 1, 0.9, "Higher than 100 in 100 benign and 90 in 100 malignant training cases."],
  [1, 0, 0, "Higher than 0 in 100 benign and 0 in 100 malignant training cases."],
  [9.1, 1, 1, "Higher than every training case; the highest has 9."],
  [0.5, 0, 0, "Lower than every training case; the lowest has 1."],
])("%d: above %d of the negative and %d of the positive", (value, negative, positive, sentence) => {
  expect(describeStanding(value, feature, { negative, positive })).toBe(sentence);
});

it("says how many have the same level, or have one as little known", () => {
  const standing = { negative: 0.25, positive: 1 };
  const sentence = "So are 25 in 100 benign and 100 in 100 malignant training cases.";
  expect(describeStanding(1, { ...feature, type: "category" }, standing)).toBe(sentence);
  expect(describeStanding(Number.NaN, feature, standing)).toBe(sentence);
});
