import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { FEATURES } from "../test/mixed-columns";
import { parseArtifact } from "./artifact";
import { assess } from "./assess";
import { createAssessor, LABELS } from "./assess-many";
import { counterfactual } from "./counterfactual";
import { csvLine, type Dataset, parseDataset } from "./dataset";
import { explain } from "./explain";
import { goldenVectors } from "./golden";
import { createNearest, findTwins } from "./nearest";
import { createPredictor } from "./predict";
import { seededRandom } from "./random";
import { stability } from "./stability";
import { inputsOf, standardise } from "./standardise";
import { train } from "./train";
import { typicality } from "./typicality";
import { sweep } from "./what-if";

vi.mock("../tables/current", () => import("../test/mixed-columns"));

const [INCOME, BALANCE, JOB, OWNER] = [0, 1, 2, 3];

/** Cases of the mixed table: poor, indebted or without work is late more often, and that is not all additive. */
function draw(count: number): Dataset {
  const random = seededRandom(11);
  const normal = () => random() + random() + random() + random() - 2;
  const features: number[][] = [];
  const positive: (0 | 1)[] = [];
  for (let i = 0; i < count; i++) {
    const income = Math.round(100 * Math.exp(2 + 1.5 * normal())) / 100;
    const balance = Math.round(200 * normal()) / 100;
    const job = i === 5 || i === 50 ? 3 : Math.floor(3 * random());
    const owner = random() < 0.3 ? 1 : 0;
    const logit = 1.5 - Math.log(income) - 1.5 * balance * (owner === 1 ? 0.2 : 1) + (job === 2 ? 1.5 : 0);
    positive.push(random() < 1 / (1 + Math.exp(-logit)) ? 1 : 0);
    const isMissing = () => random() < 0.1;
    features.push([isMissing() ? Number.NaN : income, balance, job, isMissing() ? Number.NaN : owner]);
  }
  return { features, positive };
}

const dataset = draw(400);
const hash = "0".repeat(64);
const artifact = parseArtifact(
  JSON.parse(JSON.stringify({ ...train(dataset, { trainingData: hash }), hash })),
);
const predictor = createPredictor(artifact);
const sum = (values: readonly number[]) => values.reduce((total, x) => total + x, 0);
const row = (i: number) => dataset.features[i] as readonly number[];

const maybe = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 5, arbitrary: value }, fc.constant(Number.NaN));
const anyCase = fc.tuple(
  maybe(fc.double({ min: 0, max: 1000, noNaN: true })),
  fc.double({ min: -10, max: 10, noNaN: true }),
  fc.nat(4),
  maybe(fc.nat(1)),
) as fc.Arbitrary<number[]>;

describe("the inputs", () => {
  it("are a logarithm where that is less skewed, a value, one of each level, rare ones together, and of what is missing", () => {
    expect(inputsOf(artifact.model)).toEqual([
      { column: INCOME, of: "logarithm" },
      { column: INCOME, of: "missing" },
      { column: BALANCE, of: "value" },
      ...[[0], [1], [2]].map((of) => ({ column: JOB, of })),
      ...[[0], [1], "missing"].map((of) => ({ column: OWNER, of })),
    ]);
  });

  it("are centred on the training cases", () => {
    const rows = dataset.features.map((features) => standardise(artifact.model, features));
    for (const j of inputsOf(artifact.model).keys()) {
      expect(sum(rows.map((z) => z[j] as number)) / rows.length).toBeCloseTo(0, 9);
    }
  });
});

describe("the search", () => {
  it("gives the same bytes twice, and hears of each setting that is tried", () => {
    const heard: number[] = [];
    const again = train(dataset, { trainingData: hash, onTried: (count) => heard.push(count) });
    expect({ ...again, hash }).toEqual(artifact);
    expect(heard).toEqual(heard.map((_, i) => i + 1));
    expect(heard.length).toBeGreaterThan(10);
  });

  it("keeps to a linear model where nothing else clearly pays", () => {
    const random = seededRandom(1);
    const features = Array.from({ length: 200 }, () => [9 * random(), 4 * random() - 2, 0, 0]);
    const positive = features.map(
      ([x = 0, y = 0]) => (random() < 1 / (1 + Math.exp(x - 4 - 2 * y)) ? 1 : 0) as 0 | 1,
    );
    const { model } = train({ features, positive }, { trainingData: hash });
    expect(model.products.every((product) => product === 0)).toBe(true);
  });

  it("takes products where they tell the classes apart", () => {
    const random = seededRandom(1);
    const features = Array.from({ length: 200 }, () => [9 * random(), 4 * random() - 2, 0, 0]);
    const positive = features.map(([x = 0, y = 0]) => ((x - 4.5) * y > 0 ? 1 : 0) as 0 | 1);
    const learnt = createPredictor({ ...train({ features, positive }, { trainingData: hash }), hash });
    const right = features.filter((one, i) => (learnt.predict(one).logit > 0 ? 1 : 0) === positive[i]);
    expect(right.length / features.length).toBeGreaterThan(0.9);
  });

  it.each([
    ["logarithm", (x: number) => 2 * Math.log(x) - 3.5],
    ["value", (x: number) => x / 8 - 2],
  ] as const)("takes a number that is a little skewed as its %s where that tells more", (of, signal) => {
    const random = seededRandom(3);
    const features = Array.from({ length: 300 }, () => [Math.exp(3.5 * random()), 4 * random() - 2, 0, 0]);
    const positive = features.map(
      ([income = 1, balance = 0]) =>
        (random() < 1 / (1 + Math.exp(-4 * (signal(income) + balance))) ? 1 : 0) as 0 | 1,
    );
    const { model } = train({ features, positive }, { trainingData: hash });
    expect(model.inputs).toEqual([
      { column: INCOME, of },
      { column: BALANCE, of: "value" },
    ]);
  });

  it("survives a table without any number, and columns that tell nothing", () => {
    const features = dataset.features.map(([, , job = 0]) => [Number.NaN, 7, job, Number.NaN]);
    const { model, typicality: fitted } = train({ ...dataset, features }, { trainingData: hash });
    expect([...model.weights, ...model.products, model.intercept].every(Number.isFinite)).toBe(true);
    expect(fitted).toMatchObject({ precision: [], limit: 1 });
  });

  it("works out many cases by their products", () => {
    const many = draw(1700);
    const large = { ...train(many, { trainingData: hash }), hash };
    const learnt = createPredictor(parseArtifact(JSON.parse(JSON.stringify(large))));
    const right = many.features.filter(
      (features, i) => (learnt.predict(features).probability >= 0.5 ? 1 : 0) === many.positive[i],
    );
    expect(right.length / many.features.length).toBeGreaterThan(0.75);
  });
});

describe("predict", () => {
  it("learns what the cases tell", () => {
    const right = dataset.features.filter(
      (features, i) => (predictor.predict(features).probability >= 0.5 ? 1 : 0) === dataset.positive[i],
    );
    expect(right.length / dataset.features.length).toBeGreaterThan(0.75);
  });

  it("gives a batch the same bits, with the labels that assess() gives", () => {
    const assessMany = createAssessor(artifact);
    fc.assert(
      fc.property(fc.array(anyCase, { minLength: 1, maxLength: 9 }), (rows) => {
        const { probabilities, labels } = assessMany(Float64Array.from(rows.flat()));
        for (const [i, features] of rows.entries()) {
          const prediction = predictor.predict(features);
          expect(probabilities[i]).toBe(prediction.probability);
          expect(LABELS[labels[i] as number]).toBe(assess(artifact, features, prediction).label);
        }
      }),
    );
  });

  it("refuses what a column cannot hold", () => {
    for (const [column, value] of [
      [BALANCE, Number.NaN],
      [JOB, Number.NaN],
      [JOB, 5],
      [JOB, -1],
      [JOB, 0.5],
      [OWNER, 2],
      [INCOME, Number.POSITIVE_INFINITY],
    ] as const) {
      expect(() => predictor.predict([3, 1, 0, 0].with(column, value))).toThrow(RangeError);
    }
    expect(() => predictor.predictMany(Float64Array.from([3, 1, 0, 0, 3, Number.NaN, 0, 0]))).toThrow(
      "row 1: ",
    );
  });
});

describe("explain", () => {
  it("has one term a column, which add up to the logit", () => {
    fc.assert(
      fc.property(anyCase, (features) => {
        const { base, contributions } = explain(artifact, features);
        expect(contributions).toHaveLength(FEATURES.length);
        expect(Math.abs(base + sum(contributions) - predictor.predict(features).logit)).toBeLessThan(1e-9);
      }),
    );
  });

  it("is the Shapley value against all training cases, by every subset of columns", () => {
    for (const features of [row(0), row(73), [Number.NaN, -2, 3, 1], [500, 0, 4, Number.NaN]]) {
      const { contributions } = explain(artifact, features);
      const value = (known: number) =>
        sum(
          dataset.features.map(
            (other) =>
              predictor.predict(other.map((x, j) => ((known >> j) & 1 ? (features[j] as number) : x))).logit,
          ),
        ) / dataset.features.length;
      const values = Array.from({ length: 16 }, (_, known) => value(known));
      const factorial = [1, 1, 2, 6];
      for (const [j, contribution] of contributions.entries()) {
        let shapley = 0;
        for (const [known, before] of values.entries()) {
          if ((known >> j) & 1) continue;
          const size = [0, 1, 2, 3].filter((k) => (known >> k) & 1).length;
          const weight = ((factorial[size] as number) * (factorial[3 - size] as number)) / 24;
          shapley += weight * ((values[known | (1 << j)] as number) - before);
        }
        expect(contribution).toBeCloseTo(shapley, 9);
      }
    }
  });
});

describe("typicality", () => {
  it("is of numbers, and does not hold against a case what is not known", () => {
    expect(typicality(artifact, [3, 9, 0, 0]).unusual[0]).toEqual({ index: BALANCE, reason: "above_range" });
    expect(typicality(artifact, [3, 0, 0, 0]).distance).toBe(
      typicality(artifact, [3, 0, 3, Number.NaN]).distance,
    );
    const unknown = typicality(artifact, [Number.NaN, 0, 0, 0]);
    expect(unknown.unusual).toEqual([]);
    expect(unknown.distance).toBeLessThan(1);
  });
});

describe("nearest, stability and counterfactual", () => {
  it("find a training case itself, and pairs of opposite truth", () => {
    expect(createNearest(artifact, dataset)(row(100), 1)[0]).toMatchObject({ row: 100, distance: 0 });
    const [twins] = findTwins(artifact, dataset, 1);
    expect([twins?.positive, twins?.negative].map((at) => dataset.positive[at as number])).toEqual([1, 0]);
  });

  it("wobble numbers alone", () => {
    const { low, high } = stability(predictor, [Number.NaN, 0, 2, 1]);
    expect(low).toBe(high);
    const unsure = stability(predictor, [4, 1, 2, Number.NaN]);
    expect(unsure.low).toBeLessThan(unsure.high);
  });

  it("turn the answer within the training range, and leave alone what is not known", () => {
    const found = dataset.features.slice(0, 100).map((features) => {
      const counter = counterfactual(artifact, predictor, features);
      if (counter === null) return false;
      const changed = counter.changes.reduce<readonly number[]>((values, { index, from, to }) => {
        expect(values[index]).toBe(from);
        const { min, max } = FEATURES[index]?.range ?? { min: 0, max: 0 };
        expect(to >= min && to <= max).toBe(true);
        return values.with(index, to);
      }, features);
      const { diagnosis, probability } = predictor.predict(changed);
      expect(counter).toMatchObject({ diagnosis, probability });
      expect(diagnosis).not.toBe(predictor.predict(features).diagnosis);
      return true;
    });
    expect(found.filter((is) => is).length).toBeGreaterThan(90);
  });
});

describe("sweep", () => {
  it("has each level of a category, and does not trip over a number that is not known", () => {
    expect(sweep(row(0), JOB).map((copy) => copy[JOB])).toEqual([0, 1, 2, 3, 4]);
    expect(sweep([Number.NaN, 0, 0, 0], BALANCE, 3, [Number.NaN]).map((copy) => copy[BALANCE])).toEqual([
      -4, 0, 4,
    ]);
  });
});

describe("parseDataset", () => {
  const header = "status,income,balance,job,owner";

  it("reads codes and empty cells, and csvLine writes them", () => {
    const lines = ["3,-1,fixed,yes", ",2,none,"];
    const { features, positive } = parseDataset([header, `late,${lines[0]}`, `paid,${lines[1]}`].join("\n"));
    expect(features).toEqual([
      [3, -1, 0, 1],
      [Number.NaN, 2, 2, Number.NaN],
    ]);
    expect(positive).toEqual([1, 0]);
    expect(features.map(csvLine)).toEqual(lines);
    expect(goldenVectors({ features, positive }, predictor).cases.map(({ csv }) => csv)).toEqual(lines);
  });

  it.each([
    ["late,3,,fixed,yes", "line 2, column balance: expected a finite number"],
    ["late,3,1,other,yes", "line 2, column job: expected fixed, free, none, rare, new, found text"],
    ["late,3,1,,yes", "line 2, column job: expected fixed, free, none, rare, new, found nothing"],
    ["late,-3,1,free,yes", "line 2, column income: expected a finite number of at least 0"],
  ])("refuses %s", (line, problem) => {
    expect(() => parseDataset(`${header}\n${line}`)).toThrow(problem);
  });
});
