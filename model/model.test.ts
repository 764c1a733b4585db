import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FEATURES } from "../tables/current";
import artifactJson from "../tables/wdbc/artifact.json";
import goldenJson from "../tables/wdbc/golden.json";
import { canonicalJson, parseArtifact } from "./artifact";
import { counterfactual } from "./counterfactual";
import { parseDataset } from "./dataset";
import { explain } from "./explain";
import { goldenVectors } from "./golden";
import { createNearest, findTwins } from "./nearest";
import { createPredictor } from "./predict";
import { stability } from "./stability";
import { standardise } from "./standardise";
import { train } from "./train";
import { isTypical, typicality } from "./typicality";
import { sweep } from "./what-if";

const bytes = readFileSync(new URL("../tables/wdbc/data.csv", import.meta.url));
const sha256 = (data: string | Buffer) => createHash("sha256").update(data).digest("hex");
const dataset = parseDataset(bytes.toString("utf8"));
const artifact = parseArtifact(artifactJson);
const predictor = createPredictor(artifact);
const row = (i: number) => dataset.features[i] as readonly number[];
const anyRow = fc.nat(dataset.features.length - 1);
const anyCase = fc.tuple(
  ...FEATURES.map(({ range }) => fc.double({ min: 0, max: range.max * 3, noNaN: true })),
) as fc.Arbitrary<number[]>;
const anyInput = fc.oneof(
  anyCase,
  anyRow.map((i) => [...row(i)]),
);
const sum = (values: readonly number[]) => values.reduce((total, x) => total + x, 0);

describe("the committed artifact", () => {
  it("is what training writes, to the byte", { timeout: 180_000 }, () => {
    const unsigned = train(dataset, { trainingData: sha256(bytes) });
    expect({ ...unsigned, hash: sha256(canonicalJson(unsigned)) }).toEqual(artifactJson);
  });

  it("carries the hash of its own content", () => {
    const { hash, ...unsigned } = artifact;
    expect(sha256(canonicalJson(unsigned))).toBe(hash);
  });

  it("has no number that an inexact JSON parser could change", () => {
    const long = JSON.stringify(artifactJson)
      .match(/\d[\d.]*/g)
      ?.filter((digits) => digits.replace(".", "").replace(/^0+/, "").length > 15);
    expect(long).toEqual([]);
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
    expect(predictor.predict(row(0)).probability).toBeGreaterThan(0.99);
    expect(predictor.predict(row(0)).label).toBe("M");
    expect(predictor.predict(row(46)).probability).toBeLessThan(0.01);
    expect(predictor.predict(row(46)).label).toBe("B");
  });

  it("gives a probability that fits its diagnosis, and a label inside the band only if uncertain", () => {
    const { from, to } = predictor.uncertainBand;
    fc.assert(
      fc.property(anyInput, (features) => {
        const { probability, diagnosis, label } = predictor.predict(features);
        expect(probability).toBeGreaterThanOrEqual(0);
        expect(probability).toBeLessThanOrEqual(1);
        expect(diagnosis === "M").toBe(probability >= artifact.threshold);
        if (label === "uncertain") {
          expect(probability).toBeGreaterThanOrEqual(from);
          expect(probability).toBeLessThanOrEqual(to);
        } else {
          expect(label).toBe(diagnosis);
          expect(probability <= from || probability >= to).toBe(true);
        }
      }),
    );
  });

  it("gives a batch the same bits, for any number of rows", () => {
    fc.assert(
      fc.property(fc.array(anyInput, { minLength: 0, maxLength: 9 }), (rows) => {
        const expected = rows.map((features) => predictor.predict(features).probability);
        expect([...predictor.predictMany(Float64Array.from(rows.flat())).probabilities]).toEqual(expected);
      }),
    );
  });

  it("refuses a wrong count and values that are no numbers", () => {
    const broken = [Number.POSITIVE_INFINITY, ...row(0).slice(1)];
    expect(() => predictor.predict(row(0).slice(1))).toThrow("expected 30 measurements, got 29");
    expect(() => predictor.predict([Number.NaN, ...row(0).slice(1)])).toThrow("finite");
    expect(() => predictor.predict(broken)).toThrow("finite");
    expect(() => predictor.predictMany(Float64Array.from([...row(0), ...broken]))).toThrow("row 1: ");
    expect(() => predictor.predictMany(new Float64Array(31))).toThrow("rows of 30");
  });
});

describe("explain", () => {
  it("adds up to the logit", () => {
    fc.assert(
      fc.property(anyInput, (features) => {
        const { base, contributions } = explain(artifact, features);
        expect(contributions).toHaveLength(30);
        expect(Math.abs(base + sum(contributions) - predictor.predict(features).logit)).toBeLessThan(1e-9);
      }),
    );
  });

  it("is the Shapley value against all training cases", () => {
    const features = row(73);
    const { base, contributions } = explain(artifact, features);
    /** Mean logit of the training cases with the measurements in `known` replaced by this case's. */
    const value = (known: ReadonlySet<number>) =>
      sum(
        dataset.features.map(
          (other) =>
            predictor.predict(other.map((x, j) => (known.has(j) ? (features[j] as number) : x))).logit,
        ),
      ) / dataset.features.length;
    expect(base).toBeCloseTo(value(new Set()), 8);
    // In a model with products of two at most, any order and its reverse average to the exact value.
    const forward = [...features.keys()].sort((a, b) => ((a * 7) % 30) - ((b * 7) % 30));
    const shares = Array<number>(30).fill(0);
    for (const order of [forward, [...forward].reverse()]) {
      const known = new Set<number>();
      let before = base;
      for (const j of order) {
        known.add(j);
        const after = value(known);
        shares[j] = (shares[j] as number) + (after - before) / 2;
        before = after;
      }
    }
    for (const [j, share] of shares.entries()) expect(contributions[j]).toBeCloseTo(share, 7);
  });
});

describe("typicality", () => {
  it("finds about the stated share of the training cases atypical", () => {
    const atypical = dataset.features.filter((features) => typicality(artifact, features).atypical).length;
    expect(atypical / dataset.features.length).toBeCloseTo(1 - artifact.typicality.quantile, 2);
  });

  it("names the measurement that is out of range, or does not fit the others", () => {
    const texture = typicality(artifact, row(46).with(1, 400));
    expect(texture.atypical).toBe(true);
    expect(texture.unusual[0]).toEqual({ index: 1, reason: "above_range" });
    expect(typicality(artifact, row(46).with(0, 0)).unusual[0]).toEqual({ index: 0, reason: "below_range" });
    const perimeter = typicality(artifact, row(46).with(2, 150)).unusual;
    expect(perimeter).toContainEqual({ index: 2, reason: "unlike_the_others" });
    expect(typicality(artifact, Array(30).fill(0)).distance).toBeLessThan(Number.POSITIVE_INFINITY);
  });
});

describe("stability", () => {
  it("finds no flip for a clear case, some for a borderline one, and always the same", () => {
    expect(stability(predictor, row(0)).flips).toBe(0);
    const unsure = stability(predictor, row(255));
    expect(unsure.flips).toBeGreaterThan(0);
    expect(unsure.low).toBeLessThan(unsure.high);
    expect(stability(predictor, row(255))).toEqual(unsure);
  });
});

describe("findTwins", () => {
  const twins = findTwins(artifact, dataset, 3);

  it("finds pairs of opposite truth, nearest first, no case twice", () => {
    for (const { positive, negative, distance } of twins) {
      expect([dataset.positive[positive], dataset.positive[negative]]).toEqual([1, 0]);
      const neighbours = createNearest(artifact, dataset)(row(positive), dataset.features.length);
      expect(neighbours.find((other) => other.row === negative)?.distance).toBe(distance);
    }
    const rows = twins.flatMap(({ positive, negative }) => [positive, negative]);
    expect(new Set(rows).size).toBe(6);
    const distances = twins.map(({ distance }) => distance);
    expect(distances).toEqual([...distances].sort((a, b) => a - b));
  });

  it("leaves out no pair that is nearer than the first", () => {
    const nearest = createNearest(artifact, dataset);
    const least = dataset.features.flatMap((features, i) =>
      nearest(features, 20)
        .filter((other) => dataset.positive[other.row] !== dataset.positive[i])
        .map(({ distance }) => distance),
    );
    expect(twins[0]?.distance).toBe(Math.min(...least));
  });

  it("finds as many as there are", () => {
    const few = { features: dataset.features.slice(0, 21), positive: dataset.positive.slice(0, 21) };
    expect(findTwins(artifact, few, 5)).toHaveLength(few.positive.filter((truth) => truth === 0).length);
  });
});

describe("createNearest", () => {
  it("finds a training case itself first", () => {
    const [first, second] = createNearest(artifact, dataset)(row(100), 2);
    expect(first).toEqual({ row: 100, diagnosis: "M", distance: 0 });
    expect(second?.distance).toBeGreaterThan(0);
  });
});

describe("counterfactual", () => {
  it("turns each case's answer within range and cloud, keeping worst >= mean", { timeout: 60_000 }, () => {
    let atypical = 0;
    for (const features of dataset.features) {
      const found = counterfactual(artifact, predictor, features);
      // None within the cloud is an answer too.
      if (found === null) {
        atypical++;
        continue;
      }
      const changed = found.changes.reduce<readonly number[]>((values, { index, from, to }) => {
        expect(values[index]).toBe(from);
        return values.with(index, to);
      }, features);
      const answer = predictor.predict(changed);
      expect(answer.diagnosis).not.toBe(predictor.predict(features).diagnosis);
      expect(found).toMatchObject({ diagnosis: answer.diagnosis, probability: answer.probability });
      // At the threshold: no further than rounding leaves it.
      expect(Math.abs(answer.probability - artifact.threshold)).toBeLessThan(0.1);
      if (!isTypical(artifact, changed)) atypical++;
      for (const { index, range } of FEATURES) {
        expect(changed[index]).toBeGreaterThanOrEqual(range.min);
        expect(changed[index]).toBeLessThanOrEqual(range.max);
        if (index < 10) expect(changed[index + 20]).toBeGreaterThanOrEqual(changed[index] as number);
      }
    }
    expect(atypical / dataset.features.length).toBeLessThanOrEqual(0.05);
  });

  it("is shorter, by the precision, than the way to any typical training case with the other diagnosis, but for 1 %", () => {
    const z = dataset.features.map((features) => standardise(artifact.model, features));
    const length = (from: Float64Array, to: Float64Array) => {
      const difference = to.map((x, j) => x - (from[j] as number));
      let [sum, at] = [0, 0];
      for (let j = 0; j < difference.length; j++) {
        for (let k = j; k < difference.length; k++, at++) {
          const product = (difference[j] as number) * (difference[k] as number);
          sum += (artifact.typicality.precision[at] as number) * product * (j === k ? 1 : 2);
        }
      }
      return Math.sqrt(sum);
    };
    const typical = dataset.features.flatMap((features, k) => (isTypical(artifact, features) ? [k] : []));
    const said = dataset.features.map((features) => predictor.predict(features).diagnosis);
    const tried = typical.filter((_, at) => at % 5 === 0);
    const beaten = tried.filter((i) => {
      const found = counterfactual(artifact, predictor, row(i));
      if (found === null) return true;
      const changed = found.changes.reduce<readonly number[]>(
        (values, { index, to }) => values.with(index, to),
        row(i),
      );
      const ours = length(z[i] as Float64Array, standardise(artifact.model, changed));
      return typical.some(
        (k) => said[k] !== said[i] && length(z[i] as Float64Array, z[k] as Float64Array) < ours,
      );
    });
    expect(beaten.length / tried.length).toBeLessThanOrEqual(0.01);
  });

  it("keeps to what a case outside the training range allows, or finds none", () => {
    fc.assert(
      fc.property(
        anyRow,
        fc.nat(FEATURES.length - 1),
        fc.double({ min: 1, max: 3, noNaN: true }),
        (i, j, factor) => {
          const features = row(i).with(j, (FEATURES[j]?.range.max ?? 0) * factor);
          for (const { index, from, to } of counterfactual(artifact, predictor, features)?.changes ?? []) {
            const { min, max } = FEATURES[index]?.range ?? { min: 0, max: 0 };
            expect(to).toBeGreaterThanOrEqual(Math.min(min, from));
            expect(to).toBeLessThanOrEqual(Math.max(max, from));
          }
        },
      ),
    );
  });
});

describe("sweep", () => {
  it("moves one measurement evenly from end to end of the training range, in four digits, and no other", () => {
    const copies = sweep(row(255), 21, 30);
    const { min, max } = FEATURES[21]?.range ?? { min: 0, max: 0 };
    expect(copies.map((copy) => copy.with(21, 0))).toEqual(Array(30).fill(row(255).with(21, 0)));
    expect([copies[0]?.[21], copies[29]?.[21]]).toEqual([min, max]);
    expect(copies[12]?.[21]).toBe(Number((min + ((max - min) * 12) / 29).toPrecision(4)));
    expect(() => sweep(row(0), 30)).toThrow(RangeError);
  });

  it("moves by equal factors through a wide range", () => {
    const { min, max } = FEATURES[13]?.range ?? { min: 0, max: 0 };
    const middle = Number(Math.sqrt(min * max).toPrecision(4));
    expect(sweep(row(297), 13, 3).map((copy) => copy[13])).toEqual([min, middle, max]);
  });

  it("passes through further values of the range, each once", () => {
    const { min, max } = FEATURES[21]?.range ?? { min: 0, max: 0 };
    const along = sweep(row(297), 21, 3, [31.55, 20.5, 31.55, max]).map((copy) => copy[21]);
    expect(along).toEqual([min, 20.5, (min + max) / 2, 31.55, max]);
  });

  it("goes on evenly to a value outside", () => {
    const { min, max } = FEATURES[21]?.range ?? { min: 0, max: 0 };
    const along = sweep(row(297), 21, 3, [max + 400, 20.5]).map((copy) => copy[21]);
    expect(along).toEqual([min, 20.5, (min + max) / 2, max, max + 100, max + 200, max + 300, max + 400]);
    expect(sweep(row(297), 21, 2, [0]).map((copy) => copy[21])).toEqual(
      [0, min / 4, min / 2, (min * 3) / 4, min, max].map((value) => expect.closeTo(value, 9)),
    );
  });
});
