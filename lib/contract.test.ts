import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { agrees, MAX_INSTANCES, predictAnswer, predictRequest } from "./contract";

const value = fc.double({ min: 0, max: 1e6, noNaN: true });
const vector = fc.array(value, { minLength: 30, maxLength: 30 });
const unit = fc.double({ min: 0, max: 1, noNaN: true });

describe("predictRequest", () => {
  it("gives every number back, bit for bit, through JSON", () => {
    fc.assert(
      fc.property(fc.array(vector, { minLength: 1, maxLength: 3 }), (rows) => {
        const request = { instances: rows.map((features) => ({ features: features.map((v) => v + 0) })) };
        expect(predictRequest.parse(JSON.parse(JSON.stringify(request)))).toEqual(request);
      }),
    );
  });

  it("refuses any row with one thing in it that is not a finite, non-negative number", () => {
    const wrong = fc.oneof(
      fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, null, "", "1", [], true, undefined),
      fc.double({ max: -Number.MIN_VALUE, noNaN: true }),
    );
    fc.assert(
      fc.property(vector, wrong, fc.nat(29), (features, bad, at) => {
        const instances = [{ features: features.map((v, i) => (i === at ? bad : v)) }];
        expect(predictRequest.safeParse({ instances }).success).toBe(false);
      }),
    );
  });

  it("is bounded", () => {
    const rows = (n: number) => ({ instances: Array(n).fill({ features: Array(30).fill(1) }) });
    expect(predictRequest.safeParse(rows(MAX_INSTANCES)).success).toBe(true);
    expect(predictRequest.safeParse(rows(MAX_INSTANCES + 1)).success).toBe(false);
    expect(predictRequest.safeParse(rows(0)).success).toBe(false);
  });
});

describe("predictAnswer", () => {
  const answer = (probability: number, threshold: number | null, diagnosis: "M" | "B") => ({
    predictions: [{ diagnosis, probability, contributions: null }],
    model: { name: "m", version: "1", hash: null, threshold },
    requestId: "r",
  });

  it("accepts exactly the diagnosis that probability and threshold give", () => {
    fc.assert(
      fc.property(unit, unit, (probability, threshold) => {
        const malignant = probability >= threshold;
        expect(predictAnswer.safeParse(answer(probability, threshold, malignant ? "M" : "B")).success).toBe(
          true,
        );
        expect(predictAnswer.safeParse(answer(probability, threshold, malignant ? "B" : "M")).success).toBe(
          false,
        );
      }),
    );
  });

  it("without a threshold, accepts what some plausible one explains", () => {
    const plausible = fc.double({ min: 0.05, max: 0.95, noNaN: true });
    fc.assert(
      fc.property(fc.array(unit, { minLength: 1 }), plausible, (probabilities, threshold) => {
        const predictions = probabilities.map((probability) => ({
          probability,
          diagnosis: probability >= threshold ? ("M" as const) : ("B" as const),
          label: null,
        }));
        expect(agrees(predictions, null)).toBe(true);
      }),
    );
    expect(predictAnswer.safeParse(answer(0.98, null, "B")).success).toBe(false);
    expect(predictAnswer.safeParse(answer(0.02, null, "M")).success).toBe(false);
  });

  it("refuses a certain label that is not the diagnosis", () => {
    const labelled = (label: string | null) => {
      const { predictions, ...rest } = answer(0.98, 0.5, "M");
      return predictAnswer.safeParse({ ...rest, predictions: predictions.map((p) => ({ ...p, label })) })
        .success;
    };
    expect([null, "M", "uncertain", "B", "perhaps"].map(labelled)).toEqual([true, true, true, false, false]);
  });
});
