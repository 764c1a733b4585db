import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { readerOf } from "@/aws/container/content";
import { predictRequest, writePredictRequest, writeWireVector } from "@/lib/contract";
import { csvCell } from "@/lib/exchange/spreadsheet-text";
import { cellText } from "@/lib/prediction/value";

import { anyCase, FEATURES } from "@/test/mixed-table";
import { parseMeasurementList } from "./measurement-list";
import { readInferRequest, writeInferRequest } from "./open-inference";

vi.mock("@/tables/current", () => import("@/test/mixed-table"));

const anyCases = fc.array(anyCase, { minLength: 1, maxLength: 5 });
const line = (values: readonly number[]) =>
  FEATURES.map((feature) => csvCell(cellText(feature, values[feature.index] ?? Number.NaN))).join(",");
const named = (values: readonly number[]) => {
  const wire = writeWireVector(values);
  return Object.fromEntries(FEATURES.map(({ key, index }) => [key, wire[index]]));
};
const instances = (cases: readonly number[][]) => ({
  ok: true,
  value: cases.map((features) => ({ features })),
});

describe("any cases of a table with columns of every type come through", () => {
  it("the contract's JSON", () => {
    fc.assert(
      fc.property(anyCases, (cases) => {
        const { instances } = predictRequest.parse(JSON.parse(writePredictRequest(cases)));
        expect(instances.map(({ features }) => features)).toEqual(cases);
      }),
    );
  });

  it.each<[string, string, (cases: readonly number[][]) => string]>([
    ["CSV", "text/csv", (cases) => cases.map(line).join("\n")],
    ["JSON", "application/json", writePredictRequest],
    [
      "JSON lines",
      "application/jsonlines",
      (cases) => cases.map((values) => JSON.stringify({ features: writeWireVector(values) })).join("\n"),
    ],
    [
      "MLflow's records",
      "application/json",
      (cases) => JSON.stringify({ dataframe_records: cases.map(named) }),
    ],
    ["MLflow's rows", "application/json", (cases) => JSON.stringify({ inputs: cases.map(writeWireVector) })],
  ])("the container's %s", (_, type, write) => {
    fc.assert(
      fc.property(anyCases, (cases) => {
        expect(readerOf(type)?.(write(cases))).toEqual(instances(cases));
      }),
    );
  });

  it("the older contract's list", () => {
    fc.assert(
      fc.property(anyCase, (values) => {
        expect(parseMeasurementList(line(values))).toEqual({ ok: true, value: values });
      }),
    );
  });

  it("one tensor of Open Inference, and one for each column", () => {
    fc.assert(
      fc.property(anyCases, (cases) => {
        const columns = FEATURES.map((feature) => ({
          name: feature.key,
          datatype: feature.type === "number" ? "FP64" : feature.key === "owner" ? "BOOL" : "BYTES",
          shape: [cases.length],
          data: cases.map((values) => {
            const value = values[feature.index] ?? Number.NaN;
            if (feature.type === "number") return value;
            if (Number.isNaN(value)) return null;
            return feature.key === "owner" ? value === 1 : cellText(feature, value);
          }),
        }));
        for (const request of [writeInferRequest(cases), { inputs: columns }]) {
          expect(readInferRequest(JSON.parse(JSON.stringify(request)))).toMatchObject({
            ok: true,
            value: { rows: cases },
          });
        }
      }),
    );
  });
});

describe("what a column cannot hold is refused, and said where", () => {
  const good = [5, 2.5, "fixed", "own", true, null, 40];
  const cells = ["5", "2.5", "fixed", "own", "yes", "", "40"];
  it.each<[number, unknown, string, string]>([
    [0, null, "", "a number that is finite and not negative"],
    [1, "x", "x", "a number that is finite"],
    [2, "Fixed", "part", 'one of “fixed”, “a "b", c;d”, “=1+1”, “-”'],
    [2, null, "", 'one of “fixed”, “a "b", c;d”, “=1+1”, “-”'],
    [3, 1, "1", "one of “rent”, “own”, or null"],
    [4, 1, "perhaps", "true or false"],
    [4, null, "", "true or false"],
    [5, "J", "K", "true or false, or null"],
    [6, 17, "17", "a number that is finite and not less than 18, or null"],
  ])("column %i as %j or %j", (at, value, cell, wanted) => {
    const { key } = FEATURES[at] ?? { key: "" };
    const error = `row 1, column ${at + 1} (${key}): expected ${wanted}`;
    const row = good.map((one, index) => (index === at ? value : one));
    expect(predictRequest.safeParse({ instances: [{ features: row }] }).success).toBe(false);
    expect(readerOf("application/json")?.(JSON.stringify({ inputs: [row] }))).toEqual({
      ok: false,
      error: `inputs: ${error}`,
    });
    const text = cells.map((one, index) => (index === at ? cell : one)).join(",");
    expect(readerOf("text/csv")?.(text)).toEqual({ ok: false, error });
    expect(parseMeasurementList(text)).toMatchObject({
      ok: false,
      error: expect.stringContaining(`value ${at + 1} is`),
    });
  });

  it("Open Inference", () => {
    const inputs = FEATURES.map(({ key, type, index }) => ({
      ...{ name: key, shape: [1] },
      datatype: type === "number" ? "FP64" : "BYTES",
      data: [type === "number" ? Number(cells[index]) : cells[index] || null],
    }));
    expect(readInferRequest({ inputs }).ok).toBe(true);
    const other = (at: number, more: object) =>
      inputs.map((one, index) => (index === at ? { ...one, ...more } : one));
    expect(readInferRequest({ inputs: other(3, { data: ["Own"] }) })).toEqual({
      ok: false,
      error: "inputs.3.data: element 1: expected one of “rent”, “own”",
    });
    expect(readInferRequest({ inputs: other(0, { datatype: "BYTES", data: ["5"] }) })).toEqual({
      ok: false,
      error: "inputs.0.data: element 1: expected a number",
    });
    expect(readInferRequest({ inputs: other(0, { data: [null] }) })).toEqual({
      ok: false,
      error: "inputs.0.data: element 1 is no FP64",
    });
    const tensor = { name: "features", datatype: "FP64", shape: [1, 7], data: [5, 2.5, 4, 0, 1, null, 40] };
    expect(readInferRequest({ inputs: [tensor] })).toEqual({
      ok: false,
      error: "row 1, column 3 (job): expected the place of a level, from 0 to 3",
    });
  });
});
