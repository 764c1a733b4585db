import { expect, it } from "vitest";
import { agreement, outcomeText } from "./outcome";

it("says whether prediction and outcome agree, an uncertain one by its diagnosis", () => {
  expect(agreement({ diagnosis: "M", label: "M" }, "M")).toEqual({
    agrees: true,
    sentence: "The prediction agrees: it said malignant.",
  });
  expect(agreement({ diagnosis: "B", label: null }, "M").sentence).toBe(
    "The prediction disagrees: it said benign.",
  );
  expect(agreement({ diagnosis: "B", label: "uncertain" }, "M")).toEqual({
    agrees: false,
    sentence:
      "The prediction was uncertain and left to a person; at its cut-off it would have said benign, which disagrees.",
  });
});

it("puts an outcome in words, with its day where it is known", () => {
  expect(outcomeText({ outcome: "M", on: new Date("2026-11-20") })).toBe(
    "malignant, confirmed on 2026-11-20",
  );
  expect(outcomeText({ outcome: "B", on: null })).toBe("benign");
});
