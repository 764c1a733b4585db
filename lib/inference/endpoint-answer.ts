import * as z from "zod";
import { table } from "../../tables/current";
import {
  addsUp,
  agrees,
  assessment,
  type ModelIdentity,
  modelIdentity,
  type Prediction,
  probability,
} from "../contract";
import { fail, ok, type Result } from "../result";
import { type Failure, failure } from "./failure";

const { positive, negative } = table.classes;

/**
 * What a model endpoint answers. `score` and `predicted_label` are SageMaker's built-in linear learner's
 * (binary_classifier, application/json); the rest and `model` are this project's additions.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/LL-in-formats.html
 */
const endpointAnswer = z.object({
  predictions: z
    .array(
      z.object({
        score: probability,
        predicted_label: z.union([z.literal(0), z.literal(1)]),
        ...assessment,
      }),
    )
    .min(1),
  model: modelIdentity.optional(),
});
export type EndpointAnswer = z.infer<typeof endpointAnswer>;

/**
 * Parses what an endpoint answered to `rows` instances; anything doubtful is `bad_answer`.
 * The label decides, never the score cut to an integer: 0.98 cut to 0 would be the other class.
 */
export function parseEndpointAnswer(
  value: unknown,
  expected: { rows: number; endpointName: string },
): Result<{ predictions: Prediction[]; model: ModelIdentity }, Failure> {
  const parsed = endpointAnswer.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return badAnswer(`${issue?.path.join(".") || "answer"}: ${issue?.code ?? "unreadable"}`);
  }
  if (parsed.data.predictions.length !== expected.rows) {
    return badAnswer(`${parsed.data.predictions.length} predictions for ${expected.rows} instances`);
  }
  const model = parsed.data.model ?? {
    name: expected.endpointName,
    version: "unknown",
    hash: null,
    threshold: null,
    uncertain: null,
  };
  const predictions = parsed.data.predictions.map(
    ({ score, predicted_label, ...assessed }): Prediction => ({
      diagnosis: predicted_label === 1 ? positive : negative,
      probability: score,
      ...assessed,
    }),
  );
  if (!agrees(predictions, model.threshold)) return badAnswer("a label contradicts its score");
  if (!predictions.every(addsUp)) return badAnswer("a score contradicts its contributions");
  return ok({ predictions, model });
}

function badAnswer(detail: string) {
  return fail(failure("bad_answer", "The model endpoint's answer is not a valid prediction.", { detail }));
}
