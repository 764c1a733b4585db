import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseArtifact } from "@/model/artifact";
import artifactJson from "@/model/artifact.json";
import { parseDataset } from "@/model/dataset";
import golden from "@/model/golden.json";
import { createPredictor } from "@/model/predict";
import { FEATURES } from "@/tables/current";
import { review } from "./review";
import { askWhatIf } from "./what-if";

const { features } = parseDataset(readFileSync("tables/wdbc/data.csv", "utf8"));
const predictor = createPredictor(parseArtifact(artifactJson));
const values =
  golden.cases
    .find(({ name }) => name === "borderline")
    ?.csv.split(",")
    .map(Number) ?? [];

describe("review", () => {
  it("tries our own model's answers again, and finds the case among the training cases", () => {
    const { nearest, stability, counterfactual, distributions } = review({
      values,
      modelHash: golden.model.hash,
    });
    expect(nearest[0]).toEqual({ row: 413, diagnosis: "B", distance: 0 });
    expect(stability?.flips).toBeGreaterThan(0);
    expect(counterfactual?.diagnosis).toBe("M");
    for (const { positive, negative } of distributions) {
      expect(Math.max(...negative)).toBe(1);
      expect(Math.max(...positive)).toBe(1);
    }
  });

  it("tries no other model's answers again", () => {
    expect(review({ values, modelHash: "another" })).toMatchObject({ stability: null, counterfactual: null });
  });
});

describe("askWhatIf", () => {
  it("answers for the values and along one measurement as the model does", async () => {
    const row = features[7] ?? [];
    const tried = row.with(21, 22.2);
    const answer = await askWhatIf({ values: tried, index: 21, saved: [...row] });
    if (!answer.ok) throw new Error(answer.error.message);
    const { probability: present, curve, savedCurve } = answer.value;
    expect(present).toBe(predictor.predict(tried).probability);
    expect(curve).toHaveLength(32);
    expect(savedCurve).toBeNull();
    for (const { value, probability } of curve) {
      expect(predictor.predict(row.with(21, value)).probability).toBe(probability);
    }
    expect(curve.map(({ value }) => value)).toEqual(expect.arrayContaining([22.2, row[21]]));
  });

  it("gives the saved case's own curve where other values are tried too, through the saved answer", async () => {
    const row = features[7] ?? [];
    const { max } = FEATURES[0]?.range ?? { max: 0 };
    const tried = row.with(21, 49.5).with(0, max + 3);
    const answer = await askWhatIf({ values: tried, index: 0, saved: [...row] });
    if (!answer.ok) throw new Error(answer.error.message);
    const { curve, savedCurve } = answer.value;
    expect(savedCurve?.map(({ value }) => value)).toEqual(curve.map(({ value }) => value));
    for (const [i, { value, probability }] of curve.entries()) {
      expect(predictor.predict(tried.with(0, value)).probability).toBe(probability);
      expect(savedCurve?.[i]?.probability).toBe(predictor.predict(row.with(0, value)).probability);
    }
    expect(savedCurve).toContainEqual({
      value: row[0],
      probability: predictor.predict(row).probability,
    });
    // Outside the training range too: the value tried is a point.
    expect(curve.at(-1)).toEqual({ value: max + 3, probability: predictor.predict(tried).probability });
  });

  it("draws each case of the dataset where the model puts it, along any measurement", {
    timeout: 60_000,
  }, async () => {
    for (const [row, values] of features.entries()) {
      const index = row % FEATURES.length;
      const answer = await askWhatIf({ values: [...values], index, saved: [...values] });
      if (!answer.ok) throw new Error(answer.error.message);
      const { probability } = predictor.predict(values);
      expect(answer.value.probability).toBe(probability);
      expect(answer.value.curve).toContainEqual({ value: values[index], probability });
    }
  });
});
