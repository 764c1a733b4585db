import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseEndpointAnswer } from "./endpoint-answer";

const parse = (value: unknown, rows = 1) =>
  parseEndpointAnswer(value, { rows, endpointName: "linear-learner-1" });
const model = { name: "m", version: "1", hash: "abc", threshold: 0.5, uncertain: null };
const unassessed = { label: null, base: null, contributions: null, typicality: null, cautions: null };
const contributions = Array(30).fill(0.1);

describe("SageMaker's built-in linear learner", () => {
  // Several public copies of this Lambda do int(score), which turns 0.98 into 0: a missed cancer.
  it.each([
    [0.98, 1, "M"],
    [0.02, 0, "B"],
    [0.4, 1, "M"],
    [0.6, 0, "B"],
    [1, 1, "M"],
    [0, 0, "B"],
  ])("reads score %d, label %d as %s", (score, predicted_label, diagnosis) => {
    expect(parse({ predictions: [{ score, predicted_label }] })).toEqual({
      ok: true,
      value: {
        predictions: [{ diagnosis, probability: score, ...unassessed }],
        model: { name: "linear-learner-1", version: "unknown", hash: null, threshold: null, uncertain: null },
      },
    });
  });

  it.each([
    ["benign at 0.98", [{ score: 0.98, predicted_label: 0 }]],
    ["malignant at 0.02", [{ score: 0.02, predicted_label: 1 }]],
    [
      "no one threshold for all rows",
      [
        { score: 0.4, predicted_label: 1 },
        { score: 0.6, predicted_label: 0 },
      ],
    ],
    [
      "equal scores, different labels",
      [
        { score: 0.4, predicted_label: 1 },
        { score: 0.4, predicted_label: 0 },
      ],
    ],
  ])("refuses %s", (_, predictions) => {
    expect(parse({ predictions }, predictions.length)).toMatchObject({
      ok: false,
      error: { code: "bad_answer" },
    });
  });
});

describe("our own superset", () => {
  it("keeps the assessment and the identity", () => {
    const assessed = {
      label: "uncertain",
      base: -0.5,
      contributions,
      typicality: {
        atypical: true,
        distance: 2,
        unusual: [{ index: 29, reason: "above_range" }],
        scales: [{ key: "size", factor: 1.5, deviations: 4 }],
      },
      cautions: ["scale_size", "atypical"],
    };
    const logit = contributions.reduce((sum, term) => sum + term, -0.5);
    const score = 1 / (1 + Math.exp(-logit));
    const named = { ...model, uncertain: { level: 0.99, from: 0.1, to: 0.8 } };
    expect(parse({ predictions: [{ score, predicted_label: 1, ...assessed }], model: named })).toEqual({
      ok: true,
      value: { predictions: [{ diagnosis: "M", probability: score, ...assessed }], model: named },
    });
  });

  it("accepts a probability that is the threshold as malignant only", () => {
    expect(parse({ predictions: [{ score: 0.5, predicted_label: 1 }], model }).ok).toBe(true);
    expect(parse({ predictions: [{ score: 0.5, predicted_label: 0 }], model }).ok).toBe(false);
  });
});

it.each([
  ["HTML", "<html>"],
  ["nothing", undefined],
  ["null", null],
  ["an empty object", {}],
  ["no predictions", { predictions: [] }],
  ["a missing row", { predictions: [{ score: 0.98, predicted_label: 1 }] }, 2],
  ["a surplus row", { predictions: Array(3).fill({ score: 0.98, predicted_label: 1 }) }, 2],
  ["p = 1.7", { predictions: [{ score: 1.7, predicted_label: 1 }] }],
  ["p = -0.1", { predictions: [{ score: -0.1, predicted_label: 0 }] }],
  ["NaN", { predictions: [{ score: Number.NaN, predicted_label: 1 }] }],
  ["Infinity", JSON.parse('{"predictions":[{"score":1e999,"predicted_label":1}]}')],
  ["a score as text", { predictions: [{ score: "0.98", predicted_label: 1 }] }],
  ["a label as text", { predictions: [{ score: 0.98, predicted_label: "1" }] }],
  ["a third class", { predictions: [{ score: 0.98, predicted_label: 2 }] }],
  ["no label", { predictions: [{ score: 0.98 }] }],
  [
    "29 contributions",
    { predictions: [{ score: 0.98, predicted_label: 1, contributions: Array(29).fill(0) }] },
  ],
  [
    "a score that is not what its contributions give",
    { predictions: [{ score: 0.98, predicted_label: 1, base: 0, contributions: Array(30).fill(0) }] },
  ],
  ["a contradicted threshold", { predictions: [{ score: 0.98, predicted_label: 0 }], model }],
])("refuses %s as bad_answer", (_, value: unknown, rows = 1) => {
  expect(parse(value, rows)).toMatchObject({ ok: false, error: { code: "bad_answer", retryable: false } });
});

it("never lets through a diagnosis that its label does not say, whatever the endpoint answers", () => {
  const score = fc.oneof(
    fc.double(),
    fc.double({ min: 0, max: 1 }),
    fc.integer(),
    fc.string(),
    fc.constant(null),
  );
  const label = fc.oneof(fc.constantFrom(0, 1), fc.integer(), fc.string(), fc.boolean());
  fc.assert(
    fc.property(fc.array(fc.record({ score, predicted_label: label }), { maxLength: 4 }), (predictions) => {
      const parsed = parse({ predictions }, predictions.length);
      if (!parsed.ok) return;
      for (const [i, row] of parsed.value.predictions.entries()) {
        expect(row.diagnosis).toBe(predictions[i]?.predicted_label === 1 ? "M" : "B");
        expect(row.probability).toBe(predictions[i]?.score);
        expect(row.probability >= 0 && row.probability <= 1).toBe(true);
      }
    }),
  );
});

it("accepts every answer that a threshold explains", () => {
  const row = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), row, (scores, threshold) => {
      const predictions = scores.map((score) => ({ score, predicted_label: score >= threshold ? 1 : 0 }));
      expect(parse({ predictions, model: { ...model, threshold } }, scores.length).ok).toBe(true);
    }),
  );
});

it("does not throw on any JSON", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(parse(value).ok).toBe(false);
    }),
  );
});
