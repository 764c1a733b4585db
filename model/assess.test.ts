import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sharedScales } from "../lib/prediction/session-scales";
import { CAUTIONS, FEATURES, table } from "../tables/current";
import artifactJson from "../tables/wdbc/artifact.json";
import { type Artifact, parseArtifact } from "./artifact";
import { assess } from "./assess";
import { parseDataset, selectRows } from "./dataset";
import { gridFitting, SETTINGS } from "./grid";
import { createPredictor } from "./predict";
import { seededRandom } from "./random";
import { trainOn } from "./train";

const dataset = parseDataset(readFileSync(new URL("../tables/wdbc/data.csv", import.meta.url), "utf8"));
const rows = dataset.features;
const { positive, negative } = table.classes;

const assessBy = (artifact: Artifact) => {
  const predictor = createPredictor(artifact);
  return (features: readonly number[]) => assess(artifact, features, predictor.predict(features));
};
const installed = assessBy(parseArtifact(artifactJson));

/** Enough for an answer nearly as good, in a tenth of the time. */
const FEW = SETTINGS.filter(({ shift, whitening, curvature, ridge }) => {
  const [first] = SETTINGS;
  return shift === first?.shift && curvature === first.curvature && ridge === first.ridge && whitening > 0.3;
});

/** Each case by a model that was trained on nine tenths of the others and never saw it. */
const outOfFold = (() => {
  const random = seededRandom(7);
  const order = rows.map((_, row) => ({ row, at: random() })).sort((a, b) => a.at - b.at);
  const assessors = Array.from({ length: rows.length }, () => installed);
  for (let fold = 0; fold < 10; fold++) {
    const held = order.filter((_, at) => at % 10 === fold).map(({ row }) => row);
    const rest = [...rows.keys()].filter((row) => !held.includes(row));
    const hash = "0".repeat(64);
    const training = selectRows(dataset, rest);
    const fitting = gridFitting(training, FEW);
    const fitted = trainOn(training, fitting.fit(fitting.choose()), { trainingData: hash });
    const assessor = assessBy({ ...fitted, hash });
    for (const row of held) assessors[row] = assessor;
  }
  return assessors;
})();

const isCertain = (label: string) => label === positive || label === negative;
type Change = (features: readonly number[]) => number[];
const changed = (change: Change) =>
  rows.map((features, row) => ({
    ...(outOfFold[row] as typeof installed)(change(features)),
    truth: dataset.positive[row] === 1 ? positive : negative,
  }));
const wrongShare = (change: Change) =>
  changed(change).filter(({ label, truth }) => isCertain(label) && label !== truth).length / rows.length;

/** Multiplies by `factor` to a power that the key tells. */
const multiplied =
  (factor: number, power: (key: string) => number): Change =>
  (features) =>
    FEATURES.map(({ key, index }) => (features[index] as number) * factor ** power(key));
const sizes = (key: string) => (key.startsWith("area") ? 2 : /^(radius|perimeter)/.test(key) ? 1 : 0);
const inGroup = (group: string) => (key: string) => (key.endsWith(`_${group}`) ? 1 : 0);
const copied =
  (from: string, to: string): Change =>
  (features) =>
    FEATURES.map(({ key, index }) => {
      const source = FEATURES.find((other) => other.key === key.replace(new RegExp(`${to}$`), from));
      return features[key.endsWith(`_${to}`) ? (source?.index ?? index) : index] as number;
    });

describe("values that were changed by one mistake, by models that never saw the case", () => {
  it.each<[string, Change]>([
    ["lengths x 1.5", multiplied(1.5, sizes)],
    ["lengths x 2", multiplied(2, sizes)],
    ["lengths x 0.5", multiplied(0.5, sizes)],
    ["lengths x 0.645", multiplied(0.645, sizes)],
    ["worst x 1.25", multiplied(1.25, inGroup("worst"))],
    ["standard errors as standard deviations of 16 nuclei", multiplied(4, inGroup("se"))],
    ["worst copied from mean", copied("mean", "worst")],
    ["standard errors left at zero", multiplied(0, inGroup("se"))],
  ])("seldom get a certain wrong answer: %s", (_, change) => {
    expect(wrongShare(change)).toBeLessThanOrEqual(0.005);
  });
});

describe("values as they are, by models that never saw the case", () => {
  const asTheyAre = changed((features) => [...features]);
  it("are seldom called multiplied, copied or left out", () => {
    const flagged = asTheyAre.filter(({ cautions }) => cautions.some((code) => code !== "atypical"));
    expect(flagged.length / rows.length).toBeLessThanOrEqual(0.03);
    expect(asTheyAre.filter(({ cautions }) => cautions.includes("scale_size")).length).toBeLessThanOrEqual(6);
  });

  it("tell the factor by which sizes were multiplied, in the middle of all cases", () => {
    for (const factor of [0.5, 1.5, 2]) {
      const found = changed(multiplied(factor, sizes))
        .map(({ typicality }) => typicality.scales.find(({ key }) => key === "size")?.factor ?? 1)
        .sort((a, b) => a - b);
      expect((found[rows.length >> 1] as number) / factor).toBeCloseTo(1, 1);
    }
  });
});

describe("cases of one session together", () => {
  /** Sessions of `count` cases of one class, as many as there are in all; how many show a scale. */
  const shownIn = (count: number, change: Change, key?: string) => {
    const assessed = changed(change);
    const sessions = [positive, negative].flatMap((truth) => {
      const ofClass = assessed.filter((one) => one.truth === truth);
      return Array.from({ length: Math.floor(ofClass.length / count) }, (_, at) =>
        sharedScales(ofClass.slice(at * count, (at + 1) * count).map(({ typicality }) => typicality.scales)),
      );
    });
    const shown = sessions.filter((scales) => scales.some((scale) => key === undefined || scale.key === key));
    return shown.length / sessions.length;
  };

  it("show sizes x 1.25 after five, and hardly ever what is not there", () => {
    expect(shownIn(5, multiplied(1.25, sizes), "size")).toBeGreaterThan(0.95);
    for (const count of [3, 5, 10])
      expect(shownIn(count, (features) => [...features])).toBeLessThanOrEqual(0.01);
  });
});

describe("what is no case", () => {
  const isNeverCertain = (features: readonly number[]) => !isCertain(installed(features).label);

  it("never gets a certain word: zeros, the most and the least of each measurement", () => {
    for (const value of ["min", "max"] as const)
      expect(isNeverCertain(FEATURES.map(({ range }) => range[value]))).toBe(true);
    expect(installed(FEATURES.map(() => 0))).toMatchObject({
      label: "no_answer",
      cautions: expect.arrayContaining(["impossible"]),
    });
  });

  it("never gets a certain word: any case's values in another order", () => {
    const order = fc.shuffledSubarray([...FEATURES.keys()], { minLength: FEATURES.length });
    fc.assert(
      fc.property(fc.constantFrom(...rows), order, (features, indexes) => {
        const permuted = indexes.map((index) => features[index] as number);
        // A few exchanged values may be another case's.
        const moved = indexes.filter((index, at) => features[index] !== features[at]).length;
        return moved < FEATURES.length / 2 || isNeverCertain(permuted);
      }),
      { numRuns: 1000 },
    );
    const groups = (features: readonly number[]) => [
      features.slice(0, 10),
      features.slice(10, 20),
      features.slice(20),
    ];
    for (const features of rows) {
      for (const [a, b, c] of [
        [2, 1, 0],
        [1, 0, 2],
        [0, 2, 1],
        [1, 2, 0],
        [2, 0, 1],
      ] as const) {
        const swapped = [a, b, c].flatMap((group) => groups(features)[group] as number[]);
        if (swapped.join() !== features.join()) expect(isNeverCertain(swapped), swapped.join()).toBe(true);
      }
    }
  });

  it("has cautions of known codes only, and a certain label only without any", () => {
    const anyCase = fc.tuple(
      ...FEATURES.map(({ range }) => fc.double({ min: 0, max: range.max * 3, noNaN: true })),
    );
    fc.assert(
      fc.property(fc.oneof(anyCase, fc.constantFrom(...rows)), (features) => {
        const { label, cautions } = installed(features as number[]);
        expect(CAUTIONS).toEqual(expect.arrayContaining(cautions));
        if (isCertain(label)) expect(cautions).toEqual([]);
      }),
    );
  });
});
