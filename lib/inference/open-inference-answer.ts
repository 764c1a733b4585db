import * as z from "zod";
import { table, words } from "../../tables/current";
import { type ModelIdentity, modelIdentity, type PredictAnswer, type Prediction } from "../contract";
import { fail, ok, type Result } from "../result";
import { parseEndpointAnswer } from "./endpoint-answer";
import { type InferRequest, MODEL_NAME, OUTPUTS, shapeOf } from "./open-inference";

/** Answers of the Open Inference Protocol v2: this application's own, and what other servers' can be read as. */

const { positive, negative } = table.classes;

/** The answer to a request; the error names an output that the model does not give. */
export function writeInferAnswer(
  { predictions, model }: Pick<PredictAnswer, "predictions" | "model">,
  { id, outputs }: Pick<InferRequest, "id" | "outputs">,
) {
  const tensors = [];
  for (const { name, datatype, width, of } of outputs.length > 0 ? outputs : OUTPUTS) {
    const data = predictions.map(of);
    if (!data.includes(null)) {
      tensors.push({ name, datatype, shape: shapeOf(width, predictions.length), data: data.flat() });
    } else if (outputs.length > 0) return fail(`the model behind gives no ${name}`);
  }
  return ok({
    model_name: MODEL_NAME,
    model_version: model.version,
    ...(id !== undefined && { id }),
    // Parameters are scalars by the protocol.
    parameters: { model: JSON.stringify(model) },
    outputs: tensors,
  });
}

const inferAnswer = z.object({
  model_name: z.string(),
  model_version: z.string().nullish(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
  outputs: z.array(
    z.object({
      name: z.string(),
      datatype: z.string(),
      shape: z.array(z.int().nonnegative()),
      data: z.array(z.unknown()),
    }),
  ),
});

/** A tensor whose elements are one list, `width` of them a row. */
type Output = { name: string; datatype: string; width: number; data: unknown[] };

/**
 * Reads what a server answered to `rows` rows: our own in full; of another, its probabilities of class 1 and its labels,
 * where it is clear which outputs they are. A label alone is no answer: a prediction has a probability.
 */
export function readInferAnswer(
  value: unknown,
  rows: number,
): Result<{ predictions: Prediction[]; model: ModelIdentity }, string> {
  const parsed = inferAnswer.safeParse(value);
  if (!parsed.success) return fail(`${parsed.error.issues[0]?.path.join(".")}: no answer of the protocol`);
  const outputs: Output[] = [];
  for (const { name, datatype, shape, data } of parsed.data.outputs) {
    const elements = data.flat();
    const count = shape.reduce((product, size) => product * size, 1);
    if (shape[0] !== rows || elements.length !== count) {
      return fail(`outputs ${name}: ${elements.length} elements of shape [${shape}] for ${rows} rows`);
    }
    outputs.push({ name, datatype, width: count / rows, data: elements });
  }
  const own = modelIdentity.safeParse(decode(parsed.data.parameters?.model));
  const read = own.success
    ? ok({ predictions: ownRows(outputs, rows), model: own.data })
    : readForeign(outputs, parsed.data);
  if (!read.ok) return read;
  const answer = parseEndpointAnswer(read.value, { rows, endpointName: MODEL_NAME });
  return answer.ok ? answer : fail(answer.error.detail ?? answer.error.message);
}

const decode = (text: unknown): unknown => {
  try {
    return typeof text === "string" ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
};

/** What `writeInferAnswer` wrote, as an endpoint's answer; not yet checked. */
function ownRows(outputs: readonly Output[], rows: number) {
  const of = new Map(outputs.map((output) => [output.name, output]));
  const one = (name: string, row: number) => of.get(name)?.data[row] ?? null;
  return Array.from({ length: rows }, (_, row) => {
    const cautions = one("cautions", row);
    const contributions = of.get("contributions");
    const width = contributions?.width ?? 0;
    return {
      score: one("probability", row),
      predicted_label: { [positive]: 1, [negative]: 0 }[String(one("diagnosis", row))],
      label: one("label", row),
      base: one("base", row),
      contributions: contributions?.data.slice(row * width, (row + 1) * width) ?? null,
      cautions: typeof cautions === "string" ? cautions.split(",").filter((code) => code !== "") : cautions,
      typicality: decode(one("typicality", row)) ?? null,
    };
  });
}

const FOUND_BY_NAME = /prob|score/i;
const ZERO_OR_ONE = new Set<unknown>([0, 1]);

/** How servers write a class: its number, its code or its word. */
const CLASSES = new Map<string, 0 | 1>(
  ([positive, negative] as const).flatMap((code, index) =>
    [String(1 - index), code, words.classes[code].word].map((text) => [
      text.toLowerCase(),
      index === 0 ? 1 : 0,
    ]),
  ),
);

function readForeign(
  outputs: readonly Output[],
  { model_name, model_version }: z.infer<typeof inferAnswer>,
): Result<unknown, string> {
  const isFloat = ({ datatype, width }: Output) => datatype.startsWith("FP") && width <= 2;
  const floats = outputs.filter(isFloat);
  const named = floats.filter(({ name }) => FOUND_BY_NAME.test(name));
  const [scores, ...others] = named.length > 0 ? named : floats;
  const given = outputs.map(({ name, datatype }) => `${name} (${datatype})`).join(", ");
  if (scores === undefined) return fail(`no output is a probability: ${given}`);
  if (others.length > 0) return fail(`several outputs may be the probability: ${given}`);
  // A regressor's or a classifier's labels may come as floating-point numbers.
  if (named.length === 0 && scores.data.every((element) => ZERO_OR_ONE.has(element))) {
    return fail(`the output ${scores.name} is labels, not probabilities`);
  }
  const { data, width } = scores;
  if (
    width === 2 &&
    data.some((second, at) => at % 2 === 1 && Math.abs(Number(data[at - 1]) + Number(second) - 1) > 1e-3)
  )
    return fail(`the two columns of ${scores.name} do not add up to 1`);
  const labels = outputs.filter((output) => !output.datatype.startsWith("FP") && output.width === 1);
  if (labels.length > 1) return fail(`several outputs may be the label: ${given}`);
  const [label] = labels;
  const predictions = Array.from({ length: data.length / width }, (_, row) => {
    const score = Number(data[(row + 1) * width - 1]);
    const said = label === undefined ? undefined : CLASSES.get(String(label.data[row]).toLowerCase());
    return { score, predicted_label: label === undefined ? (score >= 0.5 ? 1 : 0) : said };
  });
  const model: ModelIdentity = {
    name: model_name.slice(0, 100) || "unknown",
    version: model_version?.slice(0, 100) || "unknown",
    hash: null,
    // Without labels the cut-off is the one of this line; with them it is theirs, and unknown.
    threshold: label === undefined ? 0.5 : null,
    uncertain: null,
  };
  return ok({ predictions, model });
}
