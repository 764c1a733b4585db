import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { csvCell } from "@/lib/exchange/spreadsheet-text";
import { cellText } from "@/lib/prediction/value";
import { anyCase, FEATURES } from "@/test/mixed-table";
import { readMeasurements } from "./reader";

vi.mock("@/tables/current", () => import("@/test/mixed-table"));

const textOf = (values: readonly number[], separator: string) =>
  FEATURES.map((feature) => {
    const text = cellText(feature, values[feature.index] ?? Number.NaN);
    return separator === "," ? csvCell(text) : text;
  }).join(separator);

describe("any case of a table with columns of every type is read", () => {
  it.each(["\t", ","])("below its names, with %j between the cells", (separator) => {
    fc.assert(
      fc.property(anyCase, anyCase, (one, other) => {
        const names = FEATURES.map(({ key }) => key).join(separator);
        const reading = readMeasurements(
          [names, ...[one, other].map((v) => textOf(v, separator))].join("\n"),
        );
        const cases = [one, other].map((value) => ({ ok: true, value }));
        expect(reading).toMatchObject({ kind: "read", way: { cases } });
      }),
    );
  });

  it("as a row in the table's order", () => {
    fc.assert(
      fc.property(anyCase, (values) => {
        // A large whole number in front is taken for an id.
        fc.pre(!Number.isInteger(values[0]) || (values[0] ?? 0) < 1000);
        const reading = readMeasurements(textOf(values, "\t"));
        expect(reading).toMatchObject({ kind: "read", way: { cases: [{ ok: true, value: values }] } });
      }),
    );
  });
});

const NAMES = FEATURES.map(({ key }) => key).join("\t");

describe("a cell", () => {
  it.each<[string, string, (number | null)[]]>([
    ["levels by their words, in any case", "5\t2\tFIXED contract\tOwn\tY\tj\t40", [5, 2, 1, 1, 1, 1, 40]],
    [
      "what is not known, in any usual way",
      "5\t2\tfixed\t?\ttrue\tn/a\tNaN",
      [5, 2, 0, Number.NaN, 1, Number.NaN, Number.NaN],
    ],
    ["a level that looks as if nothing were known", "5\t2\t-\town\t0\t0\t40", [5, 2, 3, 1, 0, 0, 40]],
    ["decimal commas", "5,5\t-2,25\tfixed\town\t0\t0\t40", [5.5, -2.25, 0, 1, 0, 0, 40]],
  ])("%s", (_, line, value) => {
    expect(readMeasurements(`${NAMES}\n${line}`)).toMatchObject({
      kind: "read",
      way: { cases: [{ ok: true, value }] },
    });
  });

  it.each([
    ["5\t2\tpart\town\t0\t0\t40", 'value 3 (Job) is “part”. It can be “fixed”, “a "b", c;d”, “=1+1” or “-”.'],
    ["5\t2\t\town\t0\t0\t40", "Job is missing."],
    ["?\t2\tfixed\town\t0\t0\t40", "Income is missing (“?”)."],
    ["5\t2\tfixed\town\tperhaps\t0\t40", "value 5 (Owner) is “perhaps”. It can be “no” or “yes”."],
    ["5\t2\tfixed\town\t0\t0\t17", "number 7 (Age) is “17”. A value cannot be less than 18."],
  ])("%j is refused", (line, reason) => {
    expect(readMeasurements(`${NAMES}\n${line}`)).toEqual({ kind: "refused", reason });
  });
});

it("JSON of a program has booleans and nulls", () => {
  const json = JSON.stringify([
    { income: 5, balance: -2, job: "fixed", home: null, owner: true, records: false, age: 40 },
  ]);
  expect(readMeasurements(json)).toMatchObject({
    kind: "read",
    way: { cases: [{ ok: true, value: [5, -2, 0, Number.NaN, 1, 0, 40] }] },
  });
});
