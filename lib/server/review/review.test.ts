import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { CurvePoint, WhatIfQuestion } from "@/lib/review/review";
import { parseArtifact } from "@/model/artifact";
import { parseDataset } from "@/model/dataset";
import { createPredictor } from "@/model/predict";
import { FEATURES } from "@/tables/current";
import artifactJson from "@/tables/wdbc/artifact.json";
import golden from "@/tables/wdbc/golden.json";
import { isBrief } from "@/test/brief";
import { review } from "./review";
import { askWhatIf, knownWhatIf } from "./what-if";

const { features } = parseDataset(readFileSync("tables/wdbc/data.csv", "utf8"));
const predictor = createPredictor(parseArtifact(artifactJson));
const values =
  golden.cases
    .find(({ name }) => name === "borderline")
    ?.csv.split(",")
    .map(Number) ?? [];

describe("review", () => {
  it("tries our own model's answers again, and finds the case among the training cases", () => {
    const { nearest, stability, counterfactual, distributions, standings } = review({
      values,
      modelHash: golden.model.hash,
    });
    expect(nearest[0]).toEqual({ row: 413, diagnosis: "B", distance: 0, values: features[413] });
    expect(stability?.flips).toBeGreaterThan(0);
    expect(counterfactual?.diagnosis).toBe("M");
    expect(standings).toHaveLength(FEATURES.length);
    expect(standings[21]?.negative).toBeCloseTo(0.9, 2);
    expect(standings[21]?.positive).toBeCloseTo(0.68, 2);
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
  async function ask(question: WhatIfQuestion) {
    const answer = await askWhatIf(question);
    if (!answer.ok) throw new Error(answer.error.message);
    return answer.value;
  }
  const valuesOf = (curve: readonly CurvePoint[] | null | undefined) => curve?.map(([value]) => value);

  it("answers for the values and along one measurement as the model does", async () => {
    const row = features[7] ?? [];
    const tried = row.with(21, 22.2);
    const {
      probability: present,
      answer,
      curve,
      savedCurve,
      training,
    } = await ask({
      values: tried,
      index: 21,
      saved: [...row],
    });
    expect([present, answer]).toEqual([predictor.predict(tried).probability, "M"]);
    expect(curve.length).toBeGreaterThan(201);
    expect(savedCurve).toBeNull();
    for (const [value, probability] of curve)
      expect(predictor.predict(row.with(21, value)).probability).toBe(probability);
    expect(valuesOf(curve)).toEqual(expect.arrayContaining([22.2, row[21]]));
    expect([training.positive.length, training.negative.length]).toEqual([212, 357]);
  });

  it("gives the saved case's own curve where other values are tried too, through the saved answer", async () => {
    const row = features[7] ?? [];
    const { max } = FEATURES[0]?.range ?? { max: 0 };
    const tried = row.with(21, 49.5).with(0, max + 3);
    const { curve, savedCurve } = await ask({ values: tried, index: 0, saved: [...row] });
    expect(valuesOf(savedCurve)).toEqual(valuesOf(curve));
    for (const [i, [value, probability]] of curve.entries()) {
      expect(predictor.predict(tried.with(0, value)).probability).toBe(probability);
      expect(savedCurve?.[i]?.[1]).toBe(predictor.predict(row.with(0, value)).probability);
    }
    expect(savedCurve?.find(([value]) => value === row[0])?.[1]).toBe(predictor.predict(row).probability);
    // Outside the training range too: the value tried is a point.
    expect(curve.at(-1)?.slice(0, 2)).toEqual([max + 3, predictor.predict(tried).probability]);
  });

  it("is what the installed model says without being asked", async () => {
    for (const [index, row] of [features[297] ?? [], features[413] ?? []].entries()) {
      const question = { values: row.with(13, 60).with(21, 25), index, saved: [...row] };
      expect(knownWhatIf(question, { modelHash: golden.model.hash })).toEqual(await ask(question));
      expect(knownWhatIf(question, { modelHash: "another" })).toBeNull();
    }
  });

  it("draws each case of the dataset where the model puts it, along any measurement", () => {
    for (const [row, values] of features.entries()) {
      if (isBrief && row % 7 !== 0) continue;
      const index = row % FEATURES.length;
      const question = { values: [...values], index, saved: [...values] };
      const known = knownWhatIf(question, { modelHash: golden.model.hash });
      const { probability } = predictor.predict(values);
      expect(known?.probability).toBe(probability);
      expect(known?.curve.find(([value]) => value === values[index])?.[1]).toBe(probability);
    }
  });
});
