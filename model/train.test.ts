import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { calibrate, conformalLimits } from "./calibrate";
import { parseDataset, selectRows } from "./dataset";
import { sigmoid } from "./elementary";
import { fitKernelLogistic } from "./kernel-logistic";
import { cholesky, inverseDiagonal, mapEigenvalues, solve } from "./linear-algebra";
import { seededRandom } from "./random";
import { splitRows } from "./split";
import { train } from "./train";

const dataset = parseDataset(readFileSync(new URL("../tables/wdbc/data.csv", import.meta.url), "utf8"));
const few = selectRows(
  dataset,
  Array.from({ length: 80 }, (_, i) => i * 7),
);
const options = { trainingData: "0".repeat(64) };

describe("train", () => {
  it("gives the same bytes twice", () => {
    expect(JSON.stringify(train(few, options))).toBe(JSON.stringify(train(few, options)));
  });

  it("refuses data of a single class", () => {
    const negative = { ...few, positive: few.positive.map(() => 0 as const) };
    expect(() => train(negative, options)).toThrow("at least one positive and one negative");
  });

  it("survives a constant column and one of zeros", () => {
    const features = few.features.map((values) => [7, 0, ...values.slice(2)]);
    const { model } = train({ ...few, features }, options);
    expect([...model.weights, ...model.products, model.intercept].every(Number.isFinite)).toBe(true);
  });
});

describe("fitKernelLogistic", () => {
  it("foretells the logit of a case left out", () => {
    const random = seededRandom(3);
    const rows = Array.from({ length: 60 }, () => Float64Array.from({ length: 3 }, () => 2 * random() - 1));
    const labels = rows.map((x) => ((x[0] as number) + 0.5 * random() > 0.2 ? 1 : 0) as 0 | 1);
    const kernel = (a: Float64Array, b: Float64Array) =>
      (1 + a.reduce((total, x, j) => total + x * (b[j] as number), 0)) ** 2;
    const { leaveOneOut, coefficients } = fitKernelLogistic(rows, labels, kernel, 0.5);
    expect(coefficients.reduce((total, x) => total + x, 0)).toBeCloseTo(0, 9);
    for (const out of [0, 17, 42]) {
      const others = rows.filter((_, i) => i !== out);
      const fitted = fitKernelLogistic(
        others,
        labels.filter((_, i) => i !== out),
        kernel,
        0.5,
      );
      const logit = others.reduce(
        (total, x, i) => total + (fitted.coefficients[i] as number) * kernel(x, rows[out] as Float64Array),
        fitted.intercept,
      );
      expect(Math.abs((leaveOneOut[out] as number) - logit)).toBeLessThan(0.15);
    }
  });
});

describe("calibrate", () => {
  it("finds the line that made the labels", () => {
    const random = seededRandom(5);
    const logits = Array.from({ length: 20_000 }, () => 8 * random() - 4);
    const labels = logits.map((x) => (random() < sigmoid(1.5 * x - 1) ? 1 : 0) as 0 | 1);
    const { slope, intercept } = calibrate(logits, labels);
    expect(slope).toBeCloseTo(1.5, 1);
    expect(intercept).toBeCloseTo(-1, 1);
  });

  it("leaves a perfectly separated sample alone", () => {
    expect(calibrate([-2, -1, 1, 2], [0, 0, 1, 1])).toEqual({ slope: 1, intercept: 0 });
  });
});

describe("conformalLimits", () => {
  it("takes the rank (1 - level)(n + 1) in each class", () => {
    const logits = [...Array(99).keys(), ...Array(99).keys()];
    const positive = logits.map((_, i) => (i < 99 ? 1 : 0) as 0 | 1);
    expect(conformalLimits(logits, positive, 0.98).malignantFrom).toBeCloseTo(1, 9);
    expect(conformalLimits(logits, positive, 0.98).benignTo).toBeCloseTo(97, 9);
    expect(conformalLimits(logits, positive, 0.985).malignantFrom).toBeCloseTo(0.5, 9);
  });

  it("covers new draws of each class at the level", () => {
    const random = seededRandom(7);
    const draw = () => random() + random() + random();
    let covered = 0;
    for (let run = 0; run < 2000; run++) {
      const limits = conformalLimits(
        Array.from({ length: 300 }, draw),
        Array.from({ length: 300 }, (_, i) => (i % 2) as 0 | 1),
        0.99,
      );
      if (draw() >= limits.malignantFrom) covered++;
      if (draw() <= limits.benignTo) covered++;
    }
    expect(covered / 4000).toBeGreaterThan(0.986);
    expect(covered / 4000).toBeLessThan(0.994);
  });
});

describe("linear algebra", () => {
  const matrix = Float64Array.from([4, 2, 0.4, 2, 3, 0.2, 0.4, 0.2, 1]);

  it("solves, inverts the diagonal and maps eigenvalues", () => {
    const factor = cholesky(matrix, 3);
    const x = solve(factor, Float64Array.from([6.4, 5.2, 1.6]));
    for (const value of x) expect(value).toBeCloseTo(1, 12);
    const inverse = mapEigenvalues(matrix, 3, (value) => 1 / value);
    const diagonal = inverseDiagonal(factor, 3);
    for (const j of [0, 1, 2]) expect(diagonal[j]).toBeCloseTo(inverse[4 * j] as number, 12);
    const same = mapEigenvalues(matrix, 3, (value) => value);
    for (const [i, value] of same.entries()) expect(value).toBeCloseTo(matrix[i] as number, 12);
  });

  it("refuses a matrix that is not positive definite", () => {
    expect(() => cholesky(Float64Array.from([1, 2, 2, 1]), 2)).toThrow("not positive definite");
  });
});

describe("splitRows", () => {
  it("shuffles every row into one of 80/10/10", () => {
    const { train: rows, validation, test } = splitRows(569);
    expect([rows.length, validation.length, test.length]).toEqual([455, 57, 57]);
    expect(new Set([...rows, ...validation, ...test]).size).toBe(569);
    expect(rows).not.toEqual([...rows].sort((a, b) => a - b));
  });
});
