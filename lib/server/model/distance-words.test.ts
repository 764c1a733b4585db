import { expect, it } from "vitest";
import { DISTANCE, describeDistance } from "./distance-words";

it("says of the first table's model that it computes with logarithms", () => {
  expect(DISTANCE).toMatchObject({ inUnits: ", in standard deviations of the logarithms", note: "" });
  expect(DISTANCE.over).toMatch(/^the logarithms of all \d+ measurements$/);
});

it("says of other models which numbers are logarithms, and what a choice counts", () => {
  const number = { type: "number" };
  const both = describeDistance(
    [
      { column: 0, of: "value" },
      { column: 1, of: "logarithm" },
      { column: 2, of: [0] },
      { column: 2, of: [1] },
    ],
    [number, number, { type: "category" }],
    "values",
  );
  expect(both.inUnits).toBe(", in standard deviations");
  expect(both.note).toBe(
    " Of 1 of the 2 numbers the logarithms are taken. A choice that differs counts as about 1.4.",
  );
  expect(describeDistance([{ column: 0, of: "value" }], [number], "values").note).toBe("");
  const choices = describeDistance([{ column: 0, of: [0] }], [{ type: "yes-no" }], "answers");
  expect(choices).toMatchObject({ inUnits: "", deviations: "", over: "all 1 answers" });
});
