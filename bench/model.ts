import type { Prediction } from "../lib/contract";
import { parseEndpointAnswer } from "../lib/inference/endpoint-answer";
import { createInProcessEndpoint } from "../lib/inference/in-process-endpoint";
import { artifactJson } from "../tables/current-model";

const endpoint = createInProcessEndpoint(artifactJson);
const options = { signal: new AbortController().signal, requestId: "bench" };

/** The committed model's name, version, hash and threshold. */
export const model = endpoint.identity;

/** What the committed model says of rows of measurements, its own answer parsed as the Lambda parses it. */
export async function predictAll(rows: readonly (readonly number[])[]): Promise<Prediction[]> {
  const answer = await endpoint.invoke(
    { instances: rows.map((features) => ({ features: [...features] })) },
    options,
  );
  if (!answer.ok) throw new Error(`the model does not answer: ${answer.error.message}`);
  const parsed = parseEndpointAnswer(answer.value.body, { rows: rows.length, endpointName: endpoint.name });
  if (!parsed.ok) throw new Error(`the model's answer is not usable: ${parsed.error.message}`);
  return parsed.value.predictions;
}
