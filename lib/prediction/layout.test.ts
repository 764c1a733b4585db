import { describe, expect, it } from "vitest";
import { FEATURES, type Feature, PROPERTIES } from "../../tables/current";
import { AS_READ, controlOf, hasGrid, SECTIONS, sectionsOf } from "./layout";

describe("sectionsOf", () => {
  const first = FEATURES[0] as Feature;
  const columns = (groups: readonly (string | null)[]) =>
    groups.map((group, index) => ({ ...first, group, index, label: `Column ${index + 1}` }));
  const labels = (groups: readonly (string | null)[], named: string[] = []) =>
    sectionsOf(
      columns(groups),
      named.map((key) => ({ key, label: `The ${key}` })),
    ).map(({ label, features }) => [label, features.length]);

  it("is one of a short table, and parts of 20 of a long one", () => {
    expect(labels(Array(40).fill(null))).toEqual([[null, 40]]);
    expect(labels(Array(45).fill(null))).toEqual([
      ["Column 1 to Column 20", 20],
      ["Column 21 to Column 40", 20],
      ["Column 41 to Column 45", 5],
    ]);
  });

  it("is one a group, those without one first", () => {
    expect(labels(["a", null, "b", "a"], ["a", "b"])).toEqual([
      [null, 1],
      ["The a", 2],
      ["The b", 1],
    ]);
  });
});

it("has every column once, in a grid as without one", () => {
  for (const features of [AS_READ, SECTIONS.flatMap(({ features }) => features)])
    expect(features.map(({ index }) => index).toSorted((a, b) => a - b)).toEqual(
      FEATURES.map(({ index }) => index),
    );
  expect(hasGrid).toBe(PROPERTIES.length > 0);
});

it("controlOf is what fits the number of levels", () => {
  const levels = (count: number) => Array.from({ length: count }, (_, at) => String(at));
  const controls = [2, 6, 7, 15, 16].map((count) => controlOf({ type: "category", levels: levels(count) }));
  expect(controls).toEqual(["radio", "radio", "select", "select", "list"]);
  expect(controlOf({ type: "yes-no", levels: ["n", "y"] })).toBe("radio");
  expect(controlOf({ type: "number", levels: [] })).toBe("number");
});
