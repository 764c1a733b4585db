import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parseDataset } from "../../model/dataset";
import { describeTable } from "../table";
import { tableFile } from "../table-file";
import { FAMILIES, FEATURE_KEYS, FEATURES, GROUPS, PROPERTIES, SAMPLES, table, words } from "./index";
import description from "./table.json" with { type: "json" };

const bytes = readFileSync(new URL("data.csv", import.meta.url));
const { features, positive } = parseDataset(bytes.toString("utf8"));

it("is a table.json of the present format, whose columns are numbers", () => {
  expect(tableFile.parse(description)).toMatchObject({ format: 1 });
  expect(new Set(description.columns.map(({ type }) => type))).toEqual(new Set(["number"]));
});

it("describes the rows of data.csv", () => {
  expect(createHash("sha256").update(bytes).digest("hex")).toBe(table.sha256);
  expect(features).toHaveLength(table.rows);
  for (const { key, index, least, range } of FEATURES) {
    const values = features.map((row) => row[index] ?? Number.NaN).sort((a, b) => a - b);
    expect([key, values[0], values.at(-1)]).toEqual([key, range.min, range.max]);
    expect(least).toBeLessThanOrEqual(range.min);
    // To the four digits that are shown, by linear interpolation between the two rows beside the percentile.
    const percentile = (share: number) => {
      const at = share * (values.length - 1);
      const [low = 0, high = 0] = [values[Math.floor(at)], values[Math.ceil(at)]];
      return Number((low + (at % 1) * (high - low)).toPrecision(4));
    };
    expect([key, range.low, range.high]).toEqual([key, percentile(0.05), percentile(0.95)]);
  }
});

it("has words for all that it names, and for nothing else", () => {
  expect(Object.keys(words.columns)).toEqual(FEATURE_KEYS);
  expect(Object.keys(words.groups)).toEqual(GROUPS.map(({ key }) => key));
  expect(Object.keys(words.properties)).toEqual(PROPERTIES.map(({ key }) => key));
  expect(Object.keys(words.families)).toEqual(FAMILIES.map(({ key }) => key));
  expect(new Set(FEATURES.map(({ family }) => family))).toEqual(new Set(Object.keys(words.families)));
  expect(Object.keys(words.samples)).toEqual(SAMPLES.map(({ key }) => key));
  expect(Object.keys(words.classes)).toEqual(Object.values(table.classes));
});

it.each(SAMPLES)("$label is row $row of data.csv", ({ row, values, about }) => {
  expect(values).toEqual(features[row]);
  expect(about).toContain(positive[row] === 1 ? "malignant" : "benign");
});

it("is refused where a measurement is in none of the families, and may have none at all", () => {
  const { families, ...others } = words;
  expect(() => describeTable(description, { ...words, families: { size: families.size } })).toThrow(
    '"texture_mean" is in none of the table\'s families',
  );
  expect(describeTable(description, others).families).toEqual([]);
});
