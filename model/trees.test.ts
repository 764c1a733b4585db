import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { type Artifact, parseArtifact } from "./artifact";
import { combine } from "./combine";
import { counterfactual } from "./counterfactual";
import type { Dataset } from "./dataset";
import { explain } from "./explain";
import { createPredictor } from "./predict";
import { seededRandom } from "./random";
import { inputsOf, standardise } from "./standardise";
import { train } from "./train";
import { CELLS, cellOf, DEPTH, growTrees, type Trees } from "./trees";

vi.mock("../tables/current", () => import("../test/mixed-columns"));

/** Late where one of two things holds and not both, in steps: a quadratic can but bend towards it. */
function draw(count: number, seed = 5): Dataset {
  const random = seededRandom(seed);
  const features: number[][] = [];
  const positive: (0 | 1)[] = [];
  for (let i = 0; i < count; i++) {
    const income = random() < 0.1 ? Number.NaN : Math.round(4000 * random()) / 10;
    const balance = Math.round(800 * random()) / 100 - 4;
    const job = Math.floor(4 * random());
    const owner = random() < 0.1 ? Number.NaN : Math.floor(2 * random());
    const isLate = (balance > -1 && balance < 1) !== (job === 2 || (owner === 1 && income > 150));
    positive.push(random() < (isLate ? 0.95 : 0.05) ? 1 : 0);
    features.push([income, balance, job, owner]);
  }
  return { features, positive };
}

const dataset = draw(300);
const hash = "0".repeat(64);
const unsigned = train(dataset, { trainingData: hash });
const artifact = parseArtifact(JSON.parse(JSON.stringify({ ...unsigned, hash })));
const predictor = createPredictor(artifact);
const rows = dataset.features.map((features) => standardise(artifact.model, features));
const sum = (values: readonly number[]) => values.reduce((total, x) => total + x, 0);
const lossOf = ({ predict }: typeof predictor, { features, positive }: Dataset) =>
  sum(
    features.map((one, i) => {
      const { probability } = predict(one);
      return -Math.log(positive[i] === 1 ? probability : 1 - probability);
    }),
  ) / features.length;

const grown = artifact.model.trees as Trees;
const without = createPredictor({
  ...artifact,
  model: { ...artifact.model, trees: { inputs: [], cuts: [], values: [], cases: [] } },
});

const anyCase = fc.tuple(
  fc.oneof(fc.double({ min: 0, max: 400, noNaN: true }), fc.constant(Number.NaN)),
  fc.double({ min: -4, max: 4, noNaN: true }),
  fc.nat(4),
  fc.oneof(fc.nat(1), fc.constant(Number.NaN)),
) as fc.Arbitrary<number[]>;

describe("training", () => {
  it("adds trees where the classes lie in steps, and leaves them out where a line parts them", () => {
    expect(grown.values.length).toBeGreaterThan(0);
    expect(lossOf(predictor, draw(300, 6))).toBeLessThan(0.8 * lossOf(without, draw(300, 6)));
    const random = seededRandom(3);
    const features = Array.from({ length: 200 }, () => [9, 4 * random() - 2, 0, 0]);
    const positive = features.map(([, x = 0]) => (random() < 1 / (1 + Math.exp(-2 * x)) ? 1 : 0) as 0 | 1);
    expect(train({ features, positive }, { trainingData: hash }).model.trees).toBeUndefined();
  });

  it("gives the same trees twice, in few digits", () => {
    expect(JSON.stringify(train(dataset, { trainingData: hash }))).toBe(JSON.stringify(unsigned));
    expect(grown.values.every((value) => Number(value.toFixed(6)) === value)).toBe(true);
  });

  it("counts the training cases in each cell", () => {
    for (let tree = 0; tree < grown.values.length / CELLS; tree++) {
      const counts = Array<number>(CELLS).fill(0);
      for (const z of rows) {
        const cell = cellOf(grown, tree * DEPTH, z);
        counts[cell] = (counts[cell] as number) + 1;
      }
      expect(grown.cases.slice(tree * CELLS, (tree + 1) * CELLS)).toEqual(counts);
    }
  });

  it("foretells cases that its trees were grown without", () => {
    const { outOfFold } = growTrees(rows, dataset.positive);
    const losses = [...outOfFold].map((logit, i) =>
      Math.log(1 + Math.exp(dataset.positive[i] === 1 ? -logit : logit)),
    );
    expect(sum(losses) / losses.length).toBeLessThan(0.5);
    const label = dataset.positive.map((one, i) => (i === 9 ? ((1 - one) as 0 | 1) : one));
    expect(Math.sign(growTrees(rows, label).outOfFold[9] as number)).toBe(Math.sign(outOfFold[9] as number));
  });

  it("grows none where there is nothing to split", () => {
    const flat = dataset.positive.map(() => Float64Array.of(1, 2));
    expect(growTrees(flat, dataset.positive).trees.values).toEqual([]);
    expect(combine(flat, dataset.positive, new Float64Array(flat.length)).trees).toBeNull();
  });
});

describe("predict", () => {
  it("is the quadratic and each tree's value, and the same bits for a batch", () => {
    fc.assert(
      fc.property(fc.array(anyCase, { minLength: 1, maxLength: 9 }), (cases) => {
        const { probabilities } = predictor.predictMany(Float64Array.from(cases.flat()));
        for (const [i, features] of cases.entries()) {
          const { logit, probability } = predictor.predict(features);
          expect(probabilities[i]).toBe(probability);
          const z = standardise(artifact.model, features);
          const values = Array.from(
            { length: grown.values.length / CELLS },
            (_, tree) => grown.values[tree * CELLS + cellOf(grown, tree * DEPTH, z)] as number,
          );
          expect(logit).toBeCloseTo(without.predict(features).logit + sum(values), 9);
        }
      }),
    );
  });
});

describe("explain", () => {
  const width = inputsOf(artifact.model).length;
  const anyTree = fc.record({
    inputs: fc.array(fc.nat(width - 1), { minLength: DEPTH, maxLength: DEPTH }),
    rows: fc.array(fc.nat(rows.length - 1), { minLength: DEPTH, maxLength: DEPTH }),
    values: fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: CELLS, maxLength: CELLS }),
  });
  const background = dataset.features.slice(0, 40);

  /** The model with these trees alone, as the background's. */
  function withTrees(trees: readonly { inputs: number[]; rows: number[]; values: number[] }[]): Artifact {
    const laidOut: Trees = {
      inputs: trees.flatMap(({ inputs }) => inputs),
      cuts: trees.flatMap((tree) =>
        tree.inputs.map((input, k) => rows[tree.rows[k] as number]?.[input] as number),
      ),
      values: trees.flatMap(({ values }) => values),
      cases: trees.flatMap(() => Array<number>(CELLS).fill(0)),
    };
    for (const features of background) {
      const z = standardise(artifact.model, features);
      for (const tree of trees.keys()) {
        const at = tree * CELLS + cellOf(laidOut, tree * DEPTH, z);
        laidOut.cases[at] = (laidOut.cases[at] as number) + 1;
      }
    }
    const none = (list: readonly number[]) => list.map(() => 0);
    const { weights, products, expected } = artifact.model;
    return {
      ...artifact,
      model: {
        ...artifact.model,
        ...{ weights: none(weights), products: none(products), expected: none(expected), trees: laidOut },
      },
    };
  }

  it("is the Shapley value against the background, by every subset of columns", () => {
    fc.assert(
      fc.property(fc.array(anyTree, { minLength: 1, maxLength: 4 }), anyCase, (trees, features) => {
        const model = withTrees(trees);
        const { predict } = createPredictor(model);
        const values = Array.from(
          { length: 16 },
          (_, known) =>
            sum(
              background.map(
                (other) =>
                  predict(other.map((x, j) => ((known >> j) & 1 ? (features[j] as number) : x))).logit,
              ),
            ) / background.length,
        );
        const { base, contributions } = explain(model, features);
        expect(Math.abs(base - (values[0] as number))).toBeLessThan(1e-9);
        const factorial = [1, 1, 2, 6];
        for (const [j, contribution] of contributions.entries()) {
          const shapley = values.reduce((total, before, known) => {
            if ((known >> j) & 1) return total;
            const size = [0, 1, 2, 3].filter((k) => (known >> k) & 1).length;
            const weight = ((factorial[size] as number) * (factorial[3 - size] as number)) / 24;
            return total + weight * ((values[known | (1 << j)] as number) - before);
          }, 0);
          expect(Math.abs(contribution - shapley)).toBeLessThan(1e-9);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("adds up to the logit, its base to the training cases' mean", () => {
    fc.assert(
      fc.property(anyCase, (features) => {
        const { base, contributions } = explain(artifact, features);
        expect(Math.abs(base + sum(contributions) - predictor.predict(features).logit)).toBeLessThan(1e-9);
      }),
    );
    const logits = dataset.features.map((features) => predictor.predict(features).logit);
    expect(explain(artifact, [1, 1, 1, 1]).base).toBeCloseTo(sum(logits) / logits.length, 9);
  });
});

describe("counterfactual", () => {
  it("turns the answer", () => {
    const found = dataset.features.slice(0, 60).flatMap((features) => {
      const counter = counterfactual(artifact, predictor, features);
      if (counter === null) return [];
      const changed = counter.changes.reduce<readonly number[]>(
        (values, { index, to }) => values.with(index, to),
        features,
      );
      const { diagnosis, probability } = predictor.predict(changed);
      expect(counter).toMatchObject({ diagnosis, probability });
      return diagnosis === predictor.predict(features).diagnosis ? [] : [counter];
    });
    expect(found.length).toBeGreaterThan(50);
  });
});

describe("parseArtifact", () => {
  const refused = (trees: object) => () =>
    parseArtifact({ ...artifact, model: { ...artifact.model, trees: { ...grown, ...trees } } });

  it("refuses trees that do not fit", () => {
    expect(refused({})).not.toThrow();
    expect(refused({ cuts: grown.cuts.slice(1) })).toThrow("three cuts");
    expect(refused({ values: grown.values.slice(1) })).toThrow("eight values");
    expect(refused({ inputs: grown.inputs.with(0, 99) })).toThrow("beyond the model's");
    expect(refused({ cases: grown.cases.with(0, 1000) })).toThrow("add up to 300 cases");
    expect(refused({ values: grown.values.with(0, Number.NaN) })).toThrow("values");
  });
});
