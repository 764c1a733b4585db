import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FEATURES } from "../../tables/current";
import { readDocument } from "./json-content";

const width = FEATURES.length;
const value = fc.double({ min: 0, max: 1e9, noNaN: true }).map((v) => v + 0);
const rows = fc.array(fc.array(value, { minLength: width, maxLength: width }), {
  minLength: 1,
  maxLength: 4,
});
/** What well-known copies of the table call the columns. */
const names = fc.constantFrom(
  FEATURES.map(({ key }) => key),
  FEATURES.map(({ label }) => label),
  FEATURES.map(({ alias }) => alias),
);
const order = fc.shuffledSubarray(
  FEATURES.map(({ index }) => index),
  { minLength: width, maxLength: width },
);

it("MLflow's documents give the same rows, whatever the columns are called and in whatever order", () => {
  fc.assert(
    fc.property(rows, names, order, (values, called, columns) => {
      const at = columns.map((index) => called[index] ?? "");
      const data = values.map((row) => columns.map((index) => row[index]));
      const records = data.map((row) => Object.fromEntries(row.map((each, index) => [at[index], each])));
      const lists = Object.fromEntries(at.map((name, index) => [name, data.map((row) => row[index])]));
      for (const document of [
        { dataframe_split: { columns: at, data } },
        { dataframe_split: { columns: at, index: data.map((_, row) => row), data } },
        { dataframe_records: records },
        { instances: records },
        { inputs: lists },
        { inputs: values },
        { instances: values },
        { instances: values.map((features) => ({ features })) },
        { dataframe_split: { data: values } },
        { dataframe_split: { columns: FEATURES.map(({ index }) => index), data: values } },
      ]) {
        expect(readDocument(JSON.parse(JSON.stringify(document)))).toEqual({
          ok: true,
          value: values.map((features) => ({ features })),
        });
      }
    }),
    { numRuns: 50 },
  );
});

describe("is refused, and says where", () => {
  const row = Array<unknown>(width).fill(1);
  const keys = FEATURES.map(({ key }) => key);
  const named = Object.fromEntries(keys.map((key) => [key, 1]));
  it.each<[string, unknown, RegExp]>([
    [
      "no object",
      [row],
      /^expected an object with one of instances, inputs, dataframe_records, dataframe_split/,
    ],
    ["null", null, /^expected an object/],
    ["another key", { data: [row] }, /^expected an object/],
    ["an inherited key", { constructor: [row] }, /^expected an object/],
    ["two keys", { instances: [row], params: {} }, /^expected an object/],
    ["no rows", { inputs: [] }, /^inputs: /],
    ["a short row", { inputs: [row, row.slice(1)] }, /^inputs: row 2: expected 30 columns, found 29/],
    ["a row of another kind", { instances: [row, named] }, /^instances\.1: /],
    ["a text", { inputs: [row.with(1, "1")] }, /^inputs: row 1, column 2 \(texture_mean\)/],
    ["a negative number", { inputs: [row.with(0, -1)] }, /row 1, column 1 \(radius_mean\)/],
    [
      "null, as pandas writes what is missing",
      { dataframe_records: [named, { ...named, radius_mean: null }] },
      /row 2, column 1 \(radius_mean\)/,
    ],
    [
      "another column",
      { dataframe_records: [{ id: 7, ...named }] },
      /column 1 is called “id”, which is no measurement/,
    ],
    [
      "a missing column",
      { dataframe_split: { columns: keys.slice(1), data: [row.slice(1)] } },
      /radius_mean is missing/,
    ],
    [
      "a column twice",
      { dataframe_split: { columns: [...keys, "mean radius"], data: [[...row, 1]] } },
      /there twice/,
    ],
    [
      "a row that is longer than its names",
      { dataframe_split: { columns: keys, data: [row, [...row, 1]] } },
      /row 2: expected 30 values/,
    ],
    [
      "records with different names",
      { dataframe_records: [named, { ...named, radius_mean: undefined, x: 1 }] },
      /row 2: its names/,
    ],
    [
      "columns of different lengths",
      { inputs: { ...Object.fromEntries(keys.map((key) => [key, [1]])), radius_mean: [1, 2] } },
      /different lengths/,
    ],
    ["another member", { dataframe_split: { data: [row], dtype: "float" } }, /^dataframe_split: .*dtype/],
    ["no features", { instances: [{ features: [1] }] }, /^instances\.0\.features/],
  ])("%s", (_, document, message) => {
    const read = readDocument(document);
    expect(read.ok ? "" : read.error).toMatch(message);
  });
});
