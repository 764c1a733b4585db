import * as z from "zod";
import { FEATURES, type Feature, type FeatureKey, table } from "../../tables/current";
import { MAX_INSTANCES, type Prediction, wantedOf } from "../contract";
import { holdsValue, readWireValue } from "../prediction/value";
import { fail, ok, type Result } from "../result";

/**
 * What this application reads and writes of the Open Inference Protocol v2 over REST (KServe, Triton, MLServer).
 * Source: https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md
 */

const WIDTH = FEATURES.length;

/** The model's name in addresses. */
export const MODEL_NAME = table.name;
/** The one input tensor, [rows, columns]: of a category the place of its level, of a yes-no column 0 or 1, null where a value is not known. */
export const INPUT = { name: "features", datatype: "FP64", shape: [-1, WIDTH] };

type Output = {
  name: string;
  datatype: "FP64" | "BYTES";
  /** Values a row. */
  width: number;
  /** Null where the model gives none. */
  of: (prediction: Prediction) => string | number | readonly number[] | null;
};

/** Every tensor of an answer; a text that has parts is one element. */
export const OUTPUTS: readonly Output[] = [
  { name: "diagnosis", datatype: "BYTES", width: 1, of: ({ diagnosis }) => diagnosis },
  { name: "probability", datatype: "FP64", width: 1, of: ({ probability }) => probability },
  { name: "label", datatype: "BYTES", width: 1, of: ({ label }) => label },
  { name: "cautions", datatype: "BYTES", width: 1, of: ({ cautions }) => cautions?.join(",") ?? null },
  { name: "base", datatype: "FP64", width: 1, of: ({ base }) => base },
  { name: "contributions", datatype: "FP64", width: WIDTH, of: ({ contributions }) => contributions },
  {
    name: "typicality",
    datatype: "BYTES",
    width: 1,
    of: ({ typicality }) => (typicality === null ? null : JSON.stringify(typicality)),
  },
];

/** The shape of a tensor with so many values a row, for any number of rows (-1) or this one. */
export const shapeOf = (width: number, rows = -1) => (width === 1 ? [rows] : [rows, width]);

const NUMBERS = /^(?:FP(?:16|32|64)|U?INT(?:8|16|32|64))$/;
const HAS_LEVELS = FEATURES.some(({ type }) => type !== "number");
const DATATYPES = HAS_LEVELS ? new RegExp(`${NUMBERS.source}|^(?:BYTES|BOOL)$`) : NUMBERS;
const WANTED_TYPE = HAS_LEVELS
  ? "expected a type of numbers, such as FP64, BYTES or BOOL"
  : "expected a type of numbers, such as FP64";

const parameters = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const inferRequest = z.strictObject({
  id: z.string().max(200).optional(),
  parameters: parameters.optional(),
  inputs: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(200),
        shape: z.array(z.int().nonnegative()).min(1).max(2),
        datatype: z.string().regex(DATATYPES, WANTED_TYPE),
        parameters: parameters.optional(),
        data: z.array(z.unknown()),
      }),
    )
    .min(1)
    .max(WIDTH),
  outputs: z
    .array(z.strictObject({ name: z.string(), parameters: parameters.optional() }))
    .max(100)
    .optional(),
});

export type InferRequest = {
  id: string | undefined;
  /** Rows in the table's order. */
  rows: number[][];
  /** Those that are asked for; none for all that the model gives. */
  outputs: readonly Output[];
};

/**
 * Reads a request: one tensor [rows, columns] in the table's order, or a tensor [rows] or [rows, 1] for each column, named
 * by its key, which has levels as BYTES, by their codes, and those of a yes-no column as BOOL too. The error says where it is
 * wrong; rows are counted from 1.
 */
export function readInferRequest(value: unknown): Result<InferRequest, string> {
  const parsed = inferRequest.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return fail(`${issue?.path.join(".") || "the body"}: ${issue?.message ?? "not valid"}`);
  }
  const { id, inputs } = parsed.data;
  const unsupported = findUnsupported(parsed.data);
  if (unsupported !== undefined) return fail(`${unsupported}; send and ask for tensors as JSON`);
  const outputs = parsed.data.outputs?.map(({ name }) => OUTPUTS.find((each) => each.name === name)) ?? [];
  const unknown = outputs.indexOf(undefined);
  if (unknown >= 0) {
    const names = OUTPUTS.map(({ name }) => name).join(", ");
    return fail(`outputs.${unknown}.name: there is no such output; there are ${names}`);
  }
  const rows = inputs.length === 1 ? readOneTensor(inputs[0]) : readColumns(inputs);
  if (!rows.ok) return rows;
  for (const [at, row] of rows.value.entries()) {
    const wrong = FEATURES.find((feature) => !holdsValue(feature, row[feature.index] ?? Number.NaN));
    if (wrong === undefined) continue;
    const wanted =
      wrong.type === "number"
        ? wantedOf(wrong)
        : `the place of a level, from 0 to ${wrong.levels.length - 1}${wrong.mayMiss ? ", or null" : ""}`;
    return fail(`row ${at + 1}, column ${wrong.index + 1} (${wrong.key}): expected ${wanted}`);
  }
  return ok({ id, rows: rows.value, outputs: outputs.filter((output) => output !== undefined) });
}

type Tensor = z.infer<typeof inferRequest>["inputs"][number];

/** What changes how tensors travel, and is not done here. */
function findUnsupported({ parameters, inputs, outputs = [] }: z.infer<typeof inferRequest>) {
  if (parameters?.binary_data_output === true) return "parameters.binary_data_output is not supported";
  for (const [kind, tensors] of Object.entries({ inputs, outputs })) {
    for (const [at, tensor] of tensors.entries()) {
      for (const [name, value] of Object.entries(tensor.parameters ?? {})) {
        // MLServer's hint of the type to decode to; what it says is the shape anyway.
        if (name !== "content_type" && value !== false)
          return `${kind}.${at}.parameters.${name} is not supported`;
      }
    }
  }
  return undefined;
}

function readOneTensor(tensor: Tensor | undefined): Result<number[][], string> {
  if (tensor === undefined || tensor.shape.length !== 2 || tensor.shape[1] !== WIDTH) {
    return fail(
      `inputs.0.shape: expected [rows, ${WIDTH}], or one input for each of the ${WIDTH} columns, named by its key`,
    );
  }
  const numbers = readElements(tensor, 0, (column) => FEATURES[column % WIDTH]?.mayMiss === true);
  if (!numbers.ok) return numbers;
  const [rows = 0] = tensor.shape;
  return ok(Array.from({ length: rows }, (_, row) => numbers.value.slice(row * WIDTH, (row + 1) * WIDTH)));
}

function readColumns(tensors: readonly Tensor[]): Result<number[][], string> {
  const [rows = 0] = tensors[0]?.shape ?? [];
  const columns = new Map<FeatureKey, number[]>();
  for (const [at, tensor] of tensors.entries()) {
    const feature = FEATURES.find(({ key }) => key === tensor.name);
    if (feature === undefined) return fail(`inputs.${at}.name: there is no such column`);
    if (columns.has(feature.key)) return fail(`inputs.${at}.name: ${feature.key} is there twice`);
    if (tensor.shape[0] !== rows || (tensor.shape[1] ?? 1) !== 1) {
      return fail(`inputs.${at}.shape: expected [${rows}] or [${rows}, 1], as many rows as the first has`);
    }
    const numbers = NUMBERS.test(tensor.datatype)
      ? readElements(tensor, at, () => feature.mayMiss)
      : readCodes(tensor, at, feature);
    if (!numbers.ok) return numbers;
    columns.set(feature.key, numbers.value);
  }
  const missing = FEATURES.find(({ key }) => !columns.has(key));
  if (missing !== undefined) return fail(`inputs: ${missing.key} is missing`);
  return ok(
    Array.from({ length: rows }, (_, row) =>
      FEATURES.map(({ key }) => columns.get(key)?.[row] ?? Number.NaN),
    ),
  );
}

/** The elements of a tensor, which JSON may nest as its shape does. */
function elementsOf({ shape, data }: Tensor, at: number): Result<unknown[], string> {
  const [rows = 0] = shape;
  if (rows < 1 || rows > MAX_INSTANCES)
    return fail(`inputs.${at}.shape: expected 1 to ${MAX_INSTANCES} rows`);
  const count = shape.reduce((product, size) => product * size, 1);
  const elements = data.flat();
  if (elements.length === count) return ok(elements);
  const what = HAS_LEVELS ? "elements" : "numbers";
  return fail(`inputs.${at}.data: expected ${count} ${what} by its shape, found ${elements.length}`);
}

/** Those of a tensor of numbers; null is NaN where it may be. */
function readElements(
  tensor: Tensor,
  at: number,
  mayMiss: (place: number) => boolean,
): Result<number[], string> {
  const { datatype } = tensor;
  if (!NUMBERS.test(datatype)) return fail(`inputs.${at}.datatype: expected a type of numbers, such as FP64`);
  const elements = elementsOf(tensor, at);
  if (!elements.ok) return elements;
  const isOfType = datatype.startsWith("FP") ? isNumber : Number.isInteger;
  const wrong = elements.value.findIndex(
    (element, place) => !isOfType(element) && !(element === null && mayMiss(place)),
  );
  if (wrong >= 0) return fail(`inputs.${at}.data: element ${wrong + 1} is no ${datatype}`);
  return ok(elements.value.map((element) => (isNumber(element) ? element : Number.NaN)));
}

/** The places of the levels that a tensor of codes or booleans names. */
function readCodes(tensor: Tensor, at: number, feature: Feature): Result<number[], string> {
  const elements = elementsOf(tensor, at);
  if (!elements.ok) return elements;
  const isOfType = tensor.datatype === "BOOL" ? isBoolean : isText;
  const values = elements.value.map((element) => {
    if (element === null || isOfType(element)) return readElement(feature, element);
    return undefined;
  });
  const wrong = values.indexOf(undefined);
  if (wrong < 0) return ok(values.filter(isNumber));
  const codes = feature.levels.map((code) => `“${code}”`).join(", ");
  const wanted = feature.type === "number" ? "a number" : `one of ${codes}`;
  return fail(`inputs.${at}.data: element ${wrong + 1}: expected ${wanted}`);
}

/** A yes-no column has codes too, where it is not of booleans. */
function readElement(feature: Feature, element: unknown): number | undefined {
  const isCode = feature.type === "yes-no" && isText(element);
  return readWireValue(isCode ? { ...feature, type: "category" } : feature, element);
}

const isNumber = (element: unknown): element is number => typeof element === "number";
const isText = (element: unknown) => typeof element === "string";
const isBoolean = (element: unknown) => typeof element === "boolean";

/** The request that asks for `rows`, as one tensor. */
export function writeInferRequest(
  rows: readonly (readonly number[])[],
  { name, datatype }: { name: string; datatype: string } = INPUT,
  more: { id?: string; outputs?: { name: string }[] } = {},
) {
  return { ...more, inputs: [{ name, datatype, shape: [rows.length, WIDTH], data: rows.flat() }] };
}
