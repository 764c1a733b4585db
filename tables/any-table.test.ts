import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readWireVector, writeWireVector } from "../lib/contract";
import { parseTexts, textsOf } from "../lib/predict/measurements";
import { readMeasurements } from "../lib/predict/reader";
import { parseArtifact } from "../model/artifact";
import { createAssessor } from "../model/assess-many";
import { csvLine, parseDataset } from "../model/dataset";
import { explain } from "../model/explain";
import { createPredictor } from "../model/predict";
import { CAUTIONS, FEATURE_KEYS, FEATURES, SAMPLES, table, words } from "./current";
import { artifactJson, goldenJson as golden } from "./current-model";
import { tableFile } from "./table-file";

/** What holds for whatever table this application is made for: `npm run check` of an adopted one runs these. */

const bytes = readFileSync(table.dataFile);
const { features: rows, positive } = parseDataset(bytes.toString("utf8"));
const artifact = parseArtifact(artifactJson);
const predictor = createPredictor(artifact);
const row = fc.nat(rows.length - 1).map((at) => rows[at] ?? []);

describe("the table", () => {
  it("is a table.json of its data, with both classes, and its samples are rows of it", () => {
    tableFile.parse(JSON.parse(readFileSync(`${dirname(table.dataFile)}/table.json`, "utf8")));
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(table.sha256);
    expect(rows).toHaveLength(table.rows);
    expect(new Set(positive)).toEqual(new Set([0, 1]));
    for (const { row: at, values } of SAMPLES) if (at >= 0) expect(values).toEqual(rows[at]);
  });

  it("has only values that its columns can hold", () => {
    for (const { index, range, mayMiss, levels } of FEATURES) {
      const values = rows.map((one) => one[index] ?? Number.NaN);
      const known = values.filter((value) => !Number.isNaN(value));
      expect(known.length === values.length || mayMiss).toBe(true);
      if (levels.length === 0)
        expect([Math.min(...known), Math.max(...known)]).toEqual([range.min, range.max]);
      else expect(known.every((value) => levels[value] !== undefined)).toBe(true);
    }
  });

  it("says which columns lists show unasked", () => {
    expect(table.shown.length).toBeGreaterThan(0);
    expect(FEATURE_KEYS).toEqual(expect.arrayContaining(table.shown));
  });

  it("has words for every column, class and sample", () => {
    expect(Object.keys(words.columns)).toEqual(expect.arrayContaining(FEATURE_KEYS));
    expect(Object.keys(words.classes)).toEqual(expect.arrayContaining(Object.values(table.classes)));
    expect(Object.keys(words.samples)).toEqual(expect.arrayContaining(SAMPLES.map(({ key }) => key)));
    expect(CAUTIONS.every((code) => /^[a-z][a-z_]{0,39}$/.test(code))).toBe(true);
  });
});

describe("the model", () => {
  it("was trained on this table, and repeats its golden vectors to the last bit", () => {
    expect(artifact.trainingData).toBe(table.sha256);
    expect(golden.model).toEqual(predictor.identity);
    for (const { csv, diagnosis, probability, logit, label } of golden.cases) {
      const [values = []] = parseDataset(`0,${csv}`, { header: false }).features;
      expect(predictor.predict(values)).toEqual({ diagnosis, probability, logit, label });
    }
  });

  it("has reasons that add up to each answer", () => {
    fc.assert(
      fc.property(row, (values) => {
        const { base, contributions } = explain(artifact, values);
        expect(contributions).toHaveLength(FEATURES.length);
        const sum = contributions.reduce((total, one) => total + one, base);
        expect(Math.abs(sum - predictor.predict(values).logit)).toBeLessThan(1e-9);
      }),
    );
  });

  it("answers many rows as it answers each", () => {
    const some = rows.slice(0, 500);
    const { probabilities } = createAssessor(artifact)(Float64Array.from(some.flat()));
    expect([...probabilities]).toEqual(some.map((values) => predictor.predict(values).probability));
  });

  it("tells the classes apart better than chance", () => {
    const right = rows.filter((values, at) => {
      const isPositive = predictor.predict(values).diagnosis === table.classes.positive;
      return isPositive === (positive[at] === 1);
    });
    const larger = Math.max(...[0, 1].map((truth) => positive.filter((one) => one === truth).length));
    expect(right.length).toBeGreaterThanOrEqual(larger);
  });
});

describe("a case", () => {
  it("comes through the form, the wire and a line of CSV as it is", () => {
    fc.assert(
      fc.property(row, (values) => {
        const typed = parseTexts(textsOf(values));
        expect(typed.ok && FEATURES.map(({ key }) => typed.value[key])).toEqual(values);
        expect(readWireVector(JSON.parse(JSON.stringify(writeWireVector(values))))).toEqual(values);
        expect(parseDataset(`1,${csvLine(values)}`, { header: false }).features).toEqual([values]);
      }),
    );
  });

  it("is read where its line is pasted below the names", () => {
    fc.assert(
      fc.property(row, (values) => {
        const reading = readMeasurements(`${FEATURE_KEYS.join(",")}\n${csvLine(values)}`);
        expect(reading).toMatchObject({ kind: "read", way: { cases: [{ ok: true, value: values }] } });
      }),
    );
  });
});
