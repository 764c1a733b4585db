import { describe, expect, it } from "vitest";
import { FEATURES, type Feature } from "../../tables/current";
import { parseMeasurement } from "./measurement-text";

describe("parseMeasurement", () => {
  const [radiusSe, area] = ["radius_se", "area_mean"].map((key) =>
    FEATURES.find((each) => each.key === key),
  ) as [Feature, Feature];

  it.each([
    // Alone, the training data say what a comma is, where they can.
    ["1,095", radiusSe, null, 1.095],
    ["1,001", area, null, 1001],
    ["1.095", area, null, 1.095],
    // The others prove the decimal sign.
    ["1.040", area, ",", 1040],
    ["1,040", area, ".", 1040],
    ["1.095", radiusSe, ".", 1.095],
    ["17,99", area, ".", 17.99],
    ["1 001", area, null, 1001],
    ["1'001.5", area, null, 1001.5],
    ["1,001.5", area, null, 1001.5],
  ] as const)("reads %s", (text, feature, sign, value) => {
    expect(parseMeasurement(text, feature, sign)).toEqual({ ok: true, value });
  });

  it.each([
    ["3,456", area, null, "Write 3.456 or 3456."],
    ["1,095", radiusSe, ".", "Write 1.095 or 1095."],
    ["1.095", radiusSe, ",", "Write 1,095 or 1095."],
    ["1,0,5", area, null, "This is not a number."],
    ["1 0", area, null, "This is not a number."],
  ] as const)("refuses %s", (text, feature, sign, error) => {
    expect(parseMeasurement(text, feature, sign)).toEqual({
      ok: false,
      error: expect.stringContaining(error),
    });
  });
});
