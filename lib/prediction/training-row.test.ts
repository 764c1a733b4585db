import { expect, it } from "vitest";
import { describeTrainingRow } from "./training-row";

it.each([
  [0.0004, 0.5, "less than 0.001 on average: benign, which is wrong."],
  [0.1303, null, "0.130 on average: benign, which is wrong."],
  [0.1303, 0.1, "0.130 on average: malignant, which is right."],
  [0.9999, 0.5, "more than 0.999 on average: malignant, which is right."],
])("says of a malignant row that got %d unseen, at a threshold of %d: %s", (unseen, threshold, end) => {
  expect(describeTrainingRow({ row: 297, truth: "M", unseen }, threshold)).toBe(
    `Row 297, malignant in truth. Models that had not seen it gave it ${end}`,
  );
});

it("says no more than that it is a row where nothing was evaluated unseen", () => {
  expect(describeTrainingRow({ row: 0, truth: "M", unseen: null }, 0.5)).toBe("Row 0, malignant in truth.");
});
