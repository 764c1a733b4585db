import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { calibrate, certainLimits, chooseLevel, levelLimits } from "./calibrate";
import { parseDataset, selectRows } from "./dataset";
import { sigmoid } from "./elementary";
import { average, type Choice, choose, fitGrid } from "./grid";
import { fitKernelLogistic } from "./kernel-logistic";
import { cholesky, dot, inverseDiagonal, mapEigenvalues, multiply, solve } from "./linear-algebra";
import { seededRandom } from "./random";
import { fitRidgeLogistic } from "./ridge-logistic";
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

  it("refuses a single class, and fewer than ten cases of one", () => {
    const keep = (count: number) => {
      const rows = [...few.positive.keys()].filter((row) => few.positive[row] === 1).slice(count);
      return selectRows(
        few,
        [...few.positive.keys()].filter((row) => !rows.includes(row)),
      );
    };
    const least = "training needs at least 10 rows of each class, and M has";
    expect(() => train(keep(0), options)).toThrow(`${least} 0 of`);
    expect(() => train(keep(9), options)).toThrow(`${least} 9 of`);
    expect(train(keep(10), options).heldOut.positive.filter((label) => label === 1)).toHaveLength(10);
  });

  it("survives a constant column and one of zeros", () => {
    const features = few.features.map((values) => [7, 0, ...values.slice(2)]);
    const { model } = train({ ...few, features }, options);
    expect([...model.weights, ...model.products, model.intercept].every(Number.isFinite)).toBe(true);
  });
});

describe("grid", () => {
  const settings = [
    { shift: 0, whitening: 0.3, curvature: 0.5, ridge: 0.1 },
    { shift: 0, whitening: 0.9, curvature: 1, ridge: 0.1 },
  ];
  const weights = [0.25, 0.75];
  const choice = settings.map((setting, i) => ({ ...setting, weight: weights[i] as number }));

  it("averages fits into one quadratic", () => {
    const [fits] = fitGrid(few, settings);
    if (fits === undefined) throw new Error("nothing was fitted");
    const logitsOf = (of: Choice) => {
      const { intercept, weights: linear, matrix } = average(fits, of);
      return fits.rows.map((z) => intercept + dot(linear, z) + dot(z, multiply(matrix, z)));
    };
    const mean = logitsOf(choice);
    const single = fits.fits.map(({ logits }) => logits);
    for (const [i, logit] of mean.entries()) {
      expect(logit).toBeCloseTo(0.25 * (single[0]?.[i] as number) + 0.75 * (single[1]?.[i] as number), 4);
    }
  });

  it("chooses all settings of the shift that foretells best, with one weight", () => {
    const both = settings.flatMap((setting) => [setting, { ...setting, shift: 100 }]);
    const chosen = choose(fitGrid(few, both), few.positive);
    expect(new Set(chosen.map(({ shift }) => shift)).size).toBe(1);
    expect(chosen.map(({ weight }) => weight)).toEqual([0.5, 0.5]);
  });

  it("refuses a choice that was not fitted", () => {
    const [fits] = fitGrid(few, settings.slice(0, 1));
    expect(() => fits && average(fits, choice)).toThrow("was not fitted");
  });
});

describe("fitKernelLogistic", () => {
  it("foretells the logit of a case left out", () => {
    const random = seededRandom(3);
    const rows = Array.from({ length: 60 }, () => Float64Array.from({ length: 3 }, () => 2 * random() - 1));
    const labels = rows.map((x) => ((x[0] as number) + 0.5 * random() > 0.2 ? 1 : 0) as 0 | 1);
    const kernel = (a: Float64Array, b: Float64Array) =>
      (1 + a.reduce((total, x, j) => total + x * (b[j] as number), 0)) ** 2;
    const gram = (of: readonly Float64Array[]) =>
      Float64Array.from(of.flatMap((a) => of.map((b) => kernel(a, b))));
    const { leaveOneOut, coefficients, logits } = fitKernelLogistic(gram(rows), labels, 0.5);
    const again = fitKernelLogistic(gram(rows), labels, 0.5, logits).leaveOneOut;
    for (const [i, logit] of leaveOneOut.entries()) expect(again[i]).toBeCloseTo(logit, 4);
    expect(coefficients.reduce((total, x) => total + x, 0)).toBeCloseTo(0, 9);
    for (const out of [0, 17, 42]) {
      const others = rows.filter((_, i) => i !== out);
      const fitted = fitKernelLogistic(
        gram(others),
        labels.filter((_, i) => i !== out),
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

describe("fitRidgeLogistic", () => {
  it("is fitKernelLogistic of inner products", () => {
    const random = seededRandom(3);
    const rows = Array.from({ length: 61 }, () => Float64Array.from({ length: 4 }, () => 2 * random() - 1));
    const labels = rows.map((x) => ((x[0] as number) + random() > 0.5 ? 1 : 0) as 0 | 1);
    const gram = Float64Array.from(rows.flatMap((a) => rows.map((b) => dot(a, b))));
    const dual = fitKernelLogistic(gram, labels, 0.3);
    const { weights, intercept, leaveOneOut } = fitRidgeLogistic(rows, labels, 0.3, 1e-5);
    expect(intercept).toBeCloseTo(dual.intercept, 5);
    for (const [i, row] of rows.entries()) {
      expect(intercept + dot(weights, row)).toBeCloseTo(dual.logits[i] as number, 5);
      expect(leaveOneOut[i]).toBeCloseTo(dual.leaveOneOut[i] as number, 5);
    }
    expect(() =>
      fitRidgeLogistic(
        rows,
        labels.map(() => 1),
        0.3,
        1e-5,
      ),
    ).toThrow("at least one positive");
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

  it("does not trust a few cases wholly where their targets are smoothed, nor turns logits round", () => {
    const logits = [-3, -2, -1, 1, 2, 3];
    const labels = [0, 0, 1, 0, 1, 1] as const;
    const [exact, smoothed] = [calibrate(logits, labels), calibrate(logits, labels, { isSmoothed: true })];
    expect(smoothed.slope).toBeGreaterThan(0);
    expect(smoothed.slope).toBeLessThan(exact.slope);
    const turned = labels.map((label) => (1 - label) as 0 | 1);
    expect(calibrate(logits, turned, { isSmoothed: true })).toEqual({ slope: 0, intercept: 0 });
  });

  it("is exact where smoothed targets of many clear cases would cost those near the cut-off", () => {
    const random = seededRandom(5);
    const logits = Array.from({ length: 500 }, (_, i) => (i < 400 ? (i % 2 ? 12 : -12) : 8 * random() - 4));
    const labels = logits.map((x) => (random() < sigmoid(x) ? 1 : 0) as 0 | 1);
    const exact = calibrate(logits, labels);
    expect(exact.slope).toBeGreaterThan(0.8);
    expect(calibrate(logits, labels, { isSmoothed: true })).toEqual(exact);
  });

  it("leaves a perfectly separated sample alone", () => {
    expect(calibrate([-2, -1, 1, 2], [0, 0, 1, 1])).toEqual({ slope: 1, intercept: 0 });
  });
});

describe("certainLimits", () => {
  const labelled = fc.array(
    fc.record({
      logit: fc.integer({ min: -90, max: 90 }).map((tenths) => tenths / 10 || 0),
      label: fc.constantFrom(0 as const, 1 as const),
    }),
    { minLength: 2, maxLength: 60 },
  );

  it("leaves no more than the share outside, as counted and as expected, and a level that its ranks give", () => {
    fc.assert(
      fc.property(labelled, fc.constantFrom(0.01, 0.1, 0.4), (cases, share) => {
        const { level, malignantFrom, benignTo } = certainLimits(
          cases.map(({ logit }) => logit),
          cases.map(({ label }) => label),
          share,
        );
        const allowed = (share / 2) * cases.length;
        for (const [label, sign, limit] of [
          [1, 1, malignantFrom],
          [0, -1, -benignTo],
        ] as const) {
          const outside = cases.filter(({ logit }) => sign * logit < limit);
          const wrong = outside.filter((one) => one.label === label).length;
          const expected = outside.reduce((sum, { logit }) => sum + sigmoid(sign * logit), 0);
          expect(wrong).toBeLessThanOrEqual(Math.ceil(allowed));
          expect(expected).toBeLessThanOrEqual(allowed + 1e-9);
          const all = cases.filter((one) => one.label === label).length;
          expect(level).toBeLessThanOrEqual(1 - (wrong + 1) / (all + 1));
        }
      }),
    );
  });

  it("treats the sides alike", () => {
    fc.assert(
      fc.property(labelled, (cases) => {
        const turned = cases.map(({ logit, label }) => ({ logit: -logit || 0, label: (1 - label) as 0 | 1 }));
        const limits = (of: typeof cases) =>
          certainLimits(
            of.map(({ logit }) => logit),
            of.map(({ label }) => label),
            0.1,
          );
        const [one, other] = [limits(cases), limits(turned)];
        expect(other.level).toBe(one.level);
        expect(other.malignantFrom + one.benignTo).toBe(0);
        expect(other.benignTo + one.malignantFrom).toBe(0);
      }),
    );
  });

  it("keeps the level for new draws", () => {
    const random = seededRandom(7);
    const draw = (label: 0 | 1) => (label === 1 ? 4 : -4) + 6 * (random() + random() - 1);
    const lost = { 0: 0, 1: 0 };
    let promised = 0;
    for (let run = 0; run < 2000; run++) {
      const positive = Array.from({ length: 300 }, (_, i) => (i % 2) as 0 | 1);
      const limits = certainLimits(positive.map(draw), positive, 0.01);
      promised += (1 - limits.level) / 2000;
      if (draw(1) < limits.malignantFrom) lost[1]++;
      if (draw(0) > limits.benignTo) lost[0]++;
    }
    expect(lost[1] / 2000).toBeLessThan(promised + 0.003);
    expect(lost[0] / 2000).toBeLessThan(promised + 0.003);
  });
});

describe("levelLimits", () => {
  /** Classes whose logits lie `apart`, of 300 cases. */
  const drawn = (apart: number, seed: number) => {
    const random = seededRandom(seed);
    const positive = Array.from({ length: 300 }, (_, i) => (i % 2) as 0 | 1);
    const draw = (label: 0 | 1) =>
      (label === 1 ? apart : -apart) + 3 * (random() + random() + random() - 1.5);
    return { positive, draw, logits: positive.map(draw) };
  };

  it.each([0.99, 0.9, 0.8])("keeps %d of each class for new draws", (level) => {
    const lost = { 0: 0, 1: 0 };
    for (let run = 0; run < 500; run++) {
      const { positive, draw, logits } = drawn(1, run);
      const { malignantFrom, benignTo } = levelLimits(logits, positive, level);
      for (let i = 0; i < 20; i++) {
        if (draw(1) < malignantFrom) lost[1]++;
        if (draw(0) > benignTo) lost[0]++;
      }
    }
    for (const share of [lost[0] / 10_000, lost[1] / 10_000])
      expect(Math.abs(share - (1 - level))).toBeLessThan(0.01);
  });

  it("puts no limit on a class of too few cases, and treats the sides alike", () => {
    expect(levelLimits([-1, 1, 2], [0, 1, 1], 0.8)).toEqual({
      level: 0.8,
      malignantFrom: -1000,
      benignTo: 1000,
    });
    const { positive, logits } = drawn(1, 5);
    const one = levelLimits(logits, positive, 0.9);
    const other = levelLimits(
      logits.map((logit) => -logit),
      positive.map((label) => (1 - label) as 0 | 1),
      0.9,
    );
    expect(other).toEqual({ level: 0.9, malignantFrom: -one.benignTo, benignTo: -one.malignantFrom });
  });

  it("is at the highest level that leaves a third uncertain, and has cases enough", () => {
    const level = (apart: number) => {
      const { positive, logits } = drawn(apart, 1);
      return chooseLevel(logits, positive, 0.5);
    };
    const levels = [5, 1.6, 1.2, 0.2].map(level);
    expect(levels).toEqual([...levels].sort((a, b) => b - a));
    expect([levels[0], levels[3]]).toEqual([0.99, 0.8]);
    const few = drawn(5, 1);
    expect(chooseLevel(few.logits.slice(0, 60), few.positive.slice(0, 60), 0.5)).toBe(0.95);
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
