import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson, parseArtifact } from "./artifact";
import artifactJson from "./artifact.json";
import { parseDataset } from "./dataset";
import { explain } from "./explain";
import { FEATURES } from "./features";
import { goldenVectors } from "./golden";
import goldenJson from "./golden.json";
import { createPredictor } from "./predict";
import { train } from "./train";

const bytes = readFileSync(new URL("data/wdbc.csv", import.meta.url));
const sha256 = (data: string | Buffer) => createHash("sha256").update(data).digest("hex");
const dataset = parseDataset(bytes.toString("utf8"));
const artifact = parseArtifact(artifactJson);
const predictor = createPredictor(artifact);
const row = (i: number) => dataset.features[i] as readonly number[];
const anyCase = fc.tuple(
  ...FEATURES.map(({ range }) => fc.double({ min: 0, max: range.max * 3, noNaN: true })),
) as fc.Arbitrary<number[]>;

describe("the committed artifact", () => {
  it("is what training writes, to the byte", () => {
    const unsigned = train(dataset, { trainingData: sha256(bytes) });
    expect({ ...unsigned, hash: sha256(canonicalJson(unsigned)) }).toEqual(artifactJson);
  });

  it("carries the hash of its own content", () => {
    const { hash, ...unsigned } = artifact;
    expect(sha256(canonicalJson(unsigned))).toBe(hash);
  });

  it("names what is wrong with a bad one", () => {
    expect(() => parseArtifact({ ...artifactJson, threshold: 2 })).toThrow("threshold");
    expect(() => parseArtifact({ ...artifactJson, features: [...artifactJson.features].reverse() })).toThrow(
      "the feature order is not this code's",
    );
    expect(() => parseArtifact(null)).toThrow("the model artifact cannot be used");
  });
});

describe("predict", () => {
  it("repeats golden.json exactly", () => {
    expect(JSON.parse(JSON.stringify(goldenVectors(dataset, predictor)))).toEqual(goldenJson);
  });

  it("is sure of the two samples", () => {
    expect(predictor.predict(row(0))).toMatchObject({ diagnosis: "M" });
    expect(predictor.predict(row(0)).probability).toBeGreaterThan(0.99);
    expect(predictor.predict(row(46)).probability).toBeLessThan(0.01);
  });

  it("gives a probability that fits its diagnosis for any measurements", () => {
    fc.assert(
      fc.property(anyCase, (features) => {
        const { probability, diagnosis } = predictor.predict(features);
        expect(probability).toBeGreaterThanOrEqual(0);
        expect(probability).toBeLessThanOrEqual(1);
        expect(diagnosis === "M").toBe(probability >= artifact.threshold);
      }),
    );
  });

  it("refuses a wrong count and values that are no numbers", () => {
    expect(() => predictor.predict(row(0).slice(1))).toThrow("expected 30 measurements, got 29");
    expect(() => predictor.predict([Number.NaN, ...row(0).slice(1)])).toThrow("finite");
  });
});

describe("explain", () => {
  it("adds up to the logit", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          anyCase,
          fc.nat(568).map((i) => [...row(i)]),
        ),
        (features) => {
          const { base, contributions } = explain(artifact, features);
          const { logit } = predictor.predict(features);
          const sum = contributions.reduce((total, x) => total + x, base);
          expect(contributions).toHaveLength(30);
          expect(Math.abs(sum - logit)).toBeLessThan(1e-9);
        },
      ),
    );
  });
});

describe("train", () => {
  it("refuses data of a single class", () => {
    const benign = { features: [row(46), row(46)], malignant: [0, 0] as const };
    expect(() => train(benign, { trainingData: sha256("") })).toThrow(
      "at least one malignant and one benign",
    );
  });

  it("survives a constant column", () => {
    const features = dataset.features.map((values) => [7, ...values.slice(1)]);
    const { model } = train({ ...dataset, features }, { trainingData: sha256("") });
    expect(model.weights[0]).toBeCloseTo(0, 12);
    expect(model.weights.every(Number.isFinite)).toBe(true);
  });
});
