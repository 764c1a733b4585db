import { describe, expect, it } from "vitest";
import artifactJson from "@/tables/wdbc/artifact.json";
import golden from "@/tables/wdbc/golden.json";
import { parseEndpointAnswer } from "./endpoint-answer";
import { createInProcessEndpoint } from "./in-process-endpoint";
import { OUTPUTS } from "./open-inference";
import { readInferAnswer, writeInferAnswer } from "./open-inference-answer";

const endpoint = createInProcessEndpoint(artifactJson);
const instances = golden.cases.map(({ csv }) => ({ features: csv.split(",").map(Number) }));
const parsed = parseEndpointAnswer(endpoint.answer(instances), { rows: instances.length, endpointName: "" });
if (!parsed.ok) throw new Error(parsed.error.message);
const answer = parsed.value;

describe("this application's answer", () => {
  it("has every output as a tensor, and is read back whole", () => {
    const written = writeInferAnswer(answer, { id: "42", outputs: [] });
    if (!written.ok) throw new Error(written.error);
    expect(written.value).toMatchObject({ model_name: "wdbc", model_version: "3.0.0", id: "42" });
    expect(written.value.outputs.map(({ name, datatype, shape }) => [name, datatype, ...shape])).toEqual([
      ["diagnosis", "BYTES", 4],
      ["probability", "FP64", 4],
      ["label", "BYTES", 4],
      ["cautions", "BYTES", 4],
      ["base", "FP64", 4],
      ["contributions", "FP64", 4, 30],
      ["typicality", "BYTES", 4],
    ]);
    for (const { shape, data } of written.value.outputs) {
      expect(data).toHaveLength(shape.reduce((product, size) => product * size, 1));
    }
    const read = readInferAnswer(JSON.parse(JSON.stringify(written.value)), instances.length);
    expect(read).toEqual({ ok: true, value: answer });
  });

  it("leaves out what the model behind does not give, and says so where it was asked for", () => {
    const poor = {
      ...answer,
      predictions: answer.predictions.map((each) => ({ ...each, base: null, contributions: null })),
    };
    const all = writeInferAnswer(poor, { id: undefined, outputs: [] });
    expect(all.ok && all.value.outputs.map(({ name }) => name)).not.toContain("base");
    expect(readInferAnswer(all.ok && all.value, 4)).toEqual({ ok: true, value: poor });
    const asked = OUTPUTS.filter(({ name }) => name === "base");
    expect(writeInferAnswer(poor, { id: undefined, outputs: asked })).toEqual({
      ok: false,
      error: "the model behind gives no base",
    });
  });

  it("is refused where it contradicts itself", () => {
    const written = writeInferAnswer(answer, { id: undefined, outputs: [] });
    if (!written.ok) throw new Error(written.error);
    const change = (name: string, data: unknown[]) => ({
      ...written.value,
      outputs: written.value.outputs.map((output) => (output.name === name ? { ...output, data } : output)),
    });
    const others = answer.predictions.map(({ diagnosis }) => (diagnosis === "M" ? "B" : "M"));
    for (const broken of [
      change("diagnosis", others),
      change("diagnosis", ["M", "M", "M", "X"]),
      change("probability", [0.1, 0.2, 0.3, 1.5]),
      change("probability", [0.1, 0.2, 0.3]),
      change("typicality", ["{}", "", "no", "1"]),
      { ...written.value, outputs: written.value.outputs.filter(({ name }) => name !== "probability") },
    ]) {
      expect(readInferAnswer(broken, 4).ok).toBe(false);
    }
    expect(readInferAnswer(written.value, 3).ok).toBe(false);
  });
});

const output = (name: string, datatype: string, shape: number[], data: unknown[]) => ({
  name,
  datatype,
  shape,
  data,
});

describe("another server's answer", () => {
  const labels = output("predict", "INT64", [2, 1], [1, 0]);
  const two = output("predict_proba", "FP64", [2, 2], [0.1, 0.9, 0.75, 0.25]);
  const read = (...outputs: unknown[]) =>
    readInferAnswer({ model_name: "cells", model_version: "v0.1.0", outputs }, 2);

  it.each<[string, unknown[], number | null]>([
    ["MLServer's scikit-learn runtime", [labels, two], null],
    [
      "its data nested",
      [
        labels,
        {
          ...two,
          data: [
            [0.1, 0.9],
            [0.75, 0.25],
          ],
        },
      ],
      null,
    ],
    [
      "Triton's ONNX of scikit-learn",
      [output("label", "INT64", [2], [1, 0]), output("probabilities", "FP32", [2, 2], two.data)],
      null,
    ],
    ["Triton's forest library", [output("output__0", "FP32", [2], [0.9, 0.25])], 0.5],
    ["MLServer's XGBoost runtime", [output("predict", "FP32", [2, 1], [0.9, 0.25])], 0.5],
    ["codes", [output("class", "BYTES", [2], ["M", "B"]), two], null],
    ["words", [output("class", "BYTES", [2], ["malignant", "Benign"]), two], null],
    [
      "a score beside other numbers",
      [output("score", "FP64", [2], [0.9, 0.25]), output("margin", "FP64", [2], [2.1, -1])],
      0.5,
    ],
  ])("of %s is read as probabilities of class 1", (_, outputs, threshold) => {
    expect(read(...outputs)).toMatchObject({
      ok: true,
      value: {
        predictions: [
          { diagnosis: "M", probability: 0.9, label: null, contributions: null },
          { diagnosis: "B", probability: 0.25 },
        ],
        model: { name: "cells", version: "v0.1.0", hash: null, threshold },
      },
    });
  });

  it.each<[string, unknown[], RegExp]>([
    ["has labels alone", [labels], /no output is a probability: predict \(INT64\)/],
    ["has labels as floating-point numbers", [output("predict", "FP64", [2], [1, 0])], /is labels/],
    [
      "has two that may be it",
      [output("a", "FP32", [2], [0.9, 0.25]), output("b", "FP32", [2], [0.1, 0.2])],
      /several outputs may be the probability/,
    ],
    [
      "has two labels",
      [labels, output("other", "INT64", [2], [0, 0]), two],
      /several outputs may be the label/,
    ],
    ["has scores that are none", [output("score", "FP32", [2], [3.2, -1])], /score/],
    ["has two columns that are no probabilities", [{ ...two, data: [0.2, 0.9, 0.5, 0.1] }], /add up to 1/],
    [
      "has three classes",
      [output("probabilities", "FP32", [2, 3], [0.1, 0.9, 0, 0.7, 0.2, 0.1])],
      /no output is a probability/,
    ],
    ["has a class that is unknown", [output("class", "INT64", [2], [1, 2]), two], /predicted_label/],
    ["contradicts its labels", [output("class", "INT64", [2], [0, 1]), two], /contradicts/],
    ["has fewer rows", [output("score", "FP32", [1], [0.9])], /for 2 rows/],
    ["has fewer numbers than its shape", [output("score", "FP32", [2], [0.9])], /1 elements of shape \[2\]/],
    ["has no outputs", [], /no output is a probability/],
  ])("is refused where it %s", (_, outputs, message) => {
    const answered = read(...outputs);
    expect(answered.ok ? "" : answered.error).toMatch(message);
  });

  it.each([undefined, null, {}, { error: "no" }, { model_name: "m", outputs: 1 }])("is not %j", (value) => {
    expect(readInferAnswer(value, 1).ok).toBe(false);
  });
});
