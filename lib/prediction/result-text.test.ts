import { expect, it } from "vitest";
import { FAMILIES, FEATURES } from "../../tables/current";
import type { SavedPrediction } from "../contract";
import { resultText } from "./result-text";

const saved: SavedPrediction = {
  id: "0190c8a0-0000-7000-8000-000000000001",
  createdAt: new Date("2026-01-02T03:04:05.678Z"),
  diagnosis: "B",
  label: "uncertain",
  probability: 0.30000000000000004,
  threshold: 0.5,
  uncertain: { level: 0.99, from: 0.1, to: 0.5 },
  base: -1.5,
  contributions: FEATURES.map(({ index }) => (index === 29 ? -2 : index / 100)),
  typicality: {
    atypical: true,
    distance: 2,
    unusual: [{ index: 0, reason: "above_range" }],
    scales: [{ key: "size", factor: 1.4567, deviations: 5 }],
  },
  cautions: ["scale_size", "atypical"],
  modelName: "m",
  modelVersion: "1",
  modelHash: null,
  backend: "embedded",
  latencyMs: 1,
  source: "form",
  values: FEATURES.map(({ index }) => index + 0.006193),
  deletedAt: null,
  importedId: null,
};

it("says everything that the page says, with the numbers as stored", () => {
  const outcome = { outcome: "M" as const, on: new Date("2026-02-03T00:00:00Z") };
  const lines = resultText(saved, {
    outcome,
    caseCode: "A-17",
    trainingRow: { row: 3, truth: "M", unseen: 0.25 },
  }).split("\n");
  expect(lines).toEqual(
    expect.arrayContaining([
      "For education and research. Not a medical device: do not use it to diagnose or treat anyone.",
      "Answer: uncertain",
      "Probability of malignant: 0.30000000000000004",
      "Cut-off: 0.5 (by it alone: benign)",
      "Uncertain between 0.1 and 0.5, at a level of 99 %",
      "CAUTION: Sizes look about 1.5 times too large for these shapes. Were they measured in other units, or in an image of another scale?",
      "CAUTION: Unlike the cases the model learnt from. The probability may be further off than usual.",
      "Stands out: Radius, mean (above every training case)",
      "CAUTION: This case was in the training data. Row 3, malignant in truth. Models that had not seen it gave it 0.250 on average: benign, which is wrong.",
      "Case code: A-17",
      "Outcome: malignant, confirmed on 2026-02-03",
      "-2.000  Fractal dimension, worst",
      // 22, 23 and 20 hundredths of the worst, 0, 2 and 3 of the mean.
      "+0.700  Size",
      "Radius, mean: 0.006193",
      "Fractal dimension, worst: 29.006193",
    ]),
  );
  const terms = lines.filter((line) => /^[+-]\d/.test(line)).map((line) => line.replace(/^\S+ +/, ""));
  expect(terms.slice(0, FAMILIES.length).sort()).toEqual(FAMILIES.map(({ label }) => label).sort());
  expect(terms.slice(FAMILIES.length)).toHaveLength(10);
});

it("leaves out what an endpoint does not tell", () => {
  const untold = {
    label: null,
    uncertain: null,
    base: null,
    contributions: null,
    typicality: null,
    cautions: null,
  };
  const text = resultText(
    { ...saved, ...untold },
    {
      outcome: null,
      caseCode: null,
      trainingRow: null,
    },
  );
  expect(text).toContain("Answer: benign");
  expect(text).toContain("The model gives no reasons.");
  expect(text).toContain("Outcome: not recorded");
  expect(text).not.toMatch(/uncertain|CAUTION|training data|Stands out|Case code/i);
});
