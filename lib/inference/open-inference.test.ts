import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_INSTANCES } from "@/lib/contract";
import { FEATURES } from "@/tables/current";
import golden from "@/tables/wdbc/golden.json";
import { readInferRequest, writeInferRequest } from "./open-inference";

const rows = golden.cases.map(({ csv }) => csv.split(",").map(Number));
const [row = []] = rows;
const width = FEATURES.length;
const tensor = { name: "features", shape: [1, width], datatype: "FP64", data: row };
const columns = (shape: (rows: number) => number[]) =>
  FEATURES.map(({ key, index }) => ({
    name: key,
    shape: shape(rows.length),
    datatype: "FP64",
    data: rows.map((values) => values[index]),
  }));

describe("readInferRequest", () => {
  it.each([
    [
      "as KServe documents it for scikit-learn, its data nested",
      { inputs: [{ ...tensor, name: "input-0", datatype: "FP32", data: [row] }] },
    ],
    [
      "as MLServer documents it, its data flat, with a content type",
      { inputs: [{ ...tensor, name: "predict", parameters: { content_type: "np" } }] },
    ],
    [
      "as Triton documents it, with an id and outputs",
      {
        id: "42",
        inputs: [tensor],
        outputs: [{ name: "probability", parameters: { binary_data: false } }],
      },
    ],
    [
      "as tritonclient sends it with binary_data=False",
      { parameters: { binary_data_output: false }, inputs: [tensor] },
    ],
  ])("reads one tensor %s", (_, request) => {
    expect(readInferRequest(request)).toMatchObject({ ok: true, value: { rows: [row] } });
  });

  it("reads one input for each column, in any order, as MLServer's pandas codec sends them", () => {
    for (const shape of [(count: number) => [count], (count: number) => [count, 1]]) {
      const inputs = columns(shape);
      expect(readInferRequest({ inputs })).toMatchObject({ ok: true, value: { rows } });
      expect(readInferRequest({ inputs: inputs.toReversed() })).toMatchObject({ ok: true, value: { rows } });
    }
  });

  it("gives the outputs that are asked for, or all", () => {
    expect(readInferRequest({ inputs: [tensor] })).toMatchObject({ value: { outputs: [] } });
    expect(readInferRequest({ inputs: [tensor], outputs: [] })).toMatchObject({ value: { outputs: [] } });
    const read = readInferRequest({ inputs: [tensor], outputs: [{ name: "label" }, { name: "base" }] });
    expect(read.ok && read.value.outputs.map(({ name }) => name)).toEqual(["label", "base"]);
  });

  it("reads what it writes, whatever the values", () => {
    const values = fc.array(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), {
      minLength: width,
      maxLength: width,
    });
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 5 }), (instances) => {
        const sent = JSON.parse(JSON.stringify(writeInferRequest(instances)));
        expect(readInferRequest(sent)).toMatchObject({
          ok: true,
          value: { rows: instances.map((each) => each.map((v) => v + 0)) },
        });
      }),
    );
  });

  const swapped = (at: number, value: unknown) => row.map((number, index) => (index === at ? value : number));
  it.each<[string, unknown, RegExp]>([
    ["no object", [], /expected object/],
    ["no inputs", { inputs: [] }, /^inputs: /],
    ["an unknown member", { inputs: [tensor], extra: 1 }, /extra/],
    [
      "another width",
      { inputs: [{ ...tensor, shape: [1, 4], data: [1, 2, 3, 4] }] },
      /^inputs\.0\.shape: expected \[rows, 30\]/,
    ],
    ["three dimensions", { inputs: [{ ...tensor, shape: [1, 1, width] }] }, /^inputs\.0\.shape/],
    [
      "fewer numbers than the shape",
      { inputs: [{ ...tensor, shape: [2, width] }] },
      /expected 60 numbers by its shape, found 30/,
    ],
    ["no rows", { inputs: [{ ...tensor, shape: [0, width], data: [] }] }, /1 to 1800 rows/],
    [
      "too many rows",
      { inputs: [{ ...tensor, shape: [MAX_INSTANCES + 1, width], data: [] }] },
      /1 to 1800 rows/,
    ],
    ["texts", { inputs: [{ ...tensor, datatype: "BYTES", data: row.map(String) }] }, /a type of numbers/],
    ["a text among the numbers", { inputs: [{ ...tensor, data: swapped(2, "7") }] }, /element 3 is no FP64/],
    ["a fraction among integers", { inputs: [{ ...tensor, datatype: "INT32" }] }, /element 1 is no INT32/],
    ["deeply nested data", { inputs: [{ ...tensor, data: [[row]] }] }, /expected 30 numbers/],
    [
      "a negative number",
      { inputs: [{ ...tensor, data: swapped(1, -1) }] },
      /^row 1, column 2 \(texture_mean\): .*not negative/,
    ],
    [
      "infinity",
      { inputs: [{ ...tensor, data: swapped(0, Number.POSITIVE_INFINITY) }] },
      /^row 1, column 1 \(radius_mean\)/,
    ],
    ["a column that is missing", { inputs: columns((n) => [n]).slice(1) }, /radius_mean is missing/],
    [
      "a column that is unknown",
      { inputs: [...columns((n) => [n]).slice(1), { ...columns((n) => [n])[0], name: "id" }] },
      /no such column/,
    ],
    [
      "a column twice",
      { inputs: [...columns((n) => [n]).slice(1), columns((n) => [n])[1]] },
      /texture_mean is there twice/,
    ],
    [
      "columns of different lengths",
      {
        inputs: columns((n) => [n]).map((each, at) => (at === 3 ? { ...each, shape: [1], data: [1] } : each)),
      },
      /^inputs\.3\.shape/,
    ],
    [
      "an unknown output",
      { inputs: [tensor], outputs: [{ name: "predict" }] },
      /there are diagnosis, probability/,
    ],
    [
      "a binary output",
      { inputs: [tensor], outputs: [{ name: "label", parameters: { binary_data: true } }] },
      /outputs\.0\.parameters\.binary_data is not supported/,
    ],
    [
      "binary outputs",
      { parameters: { binary_data_output: true }, inputs: [tensor] },
      /binary_data_output is not supported/,
    ],
    [
      "shared memory",
      { inputs: [{ ...tensor, parameters: { shared_memory_region: "r" } }] },
      /shared_memory_region/,
    ],
    [
      "a classification",
      { inputs: [tensor], outputs: [{ name: "probability", parameters: { classification: 2 } }] },
      /classification/,
    ],
  ])("refuses %s", (_, request, message) => {
    const read = readInferRequest(request);
    expect(read.ok ? "" : read.error).toMatch(message);
  });
});
