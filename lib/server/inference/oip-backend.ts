import "server-only";
import * as z from "zod";
import { predictRequest } from "@/lib/contract";
import { INPUT, writeInferRequest } from "@/lib/inference/open-inference";
import { readInferAnswer } from "@/lib/inference/open-inference-answer";
import { fail, ok, type Result } from "@/lib/result";
import { FEATURES } from "@/tables/current";
import type { Backend, Send, WireAnswer } from "./backend";
import { checkAnswers, exchange } from "./exchange";
import type { InferenceFailure } from "./failure";
import { readJson } from "./read-answer";

/** `url`: http(s)://host/v2/models/NAME, with or without /versions/VERSION behind it. */
export type OipBackendOptions = { url: string; apiKey?: string };

const tensor = z.object({ name: z.string(), datatype: z.string(), shape: z.array(z.number()) });
const metadata = z.object({ inputs: z.array(tensor).default([]), outputs: z.array(tensor).default([]) });

/** How this server wants to be asked. */
type Form = { input: { name: string; datatype: string }; outputs?: { name: string }[] };

/** A server of the Open Inference Protocol v2: KServe, Triton, MLServer, or another installation of this application. */
export function createOipBackend({ url, apiKey }: OipBackendOptions): Backend {
  const { host } = new URL(url);
  let form: Form | undefined;

  const headersFor = (requestId: string) => ({
    "content-type": "application/json",
    accept: "application/json",
    "x-request-id": requestId,
    ...(apiKey !== undefined && { "x-api-key": apiKey }),
  });

  const send: Send = async (body, { signal, requestId }) => {
    const headers = headersFor(requestId);
    if (form === undefined) {
      const asked = await exchange(url, { method: "GET", headers, signal });
      if (!asked.ok || asked.value.status !== 200) return asked;
      const read = readForm(asked.value);
      if (!read.ok) return read;
      form = read.value;
    }
    const instances = predictRequest.safeParse(JSON.parse(body));
    if (!instances.success) return fail({ reason: "refused_values", detail: "not a row of values" });
    const rows = instances.data.instances.map(({ features }) => features);
    const request = writeInferRequest(rows, form.input, { id: requestId, outputs: form.outputs });
    const answer = await exchange(`${url}/infer`, {
      method: "POST",
      headers,
      body: JSON.stringify(request),
      signal,
    });
    if (answer.ok && answer.value.status === 200) {
      const read = readInferAnswer(readJson(answer.value), rows.length);
      if (read.ok) return ok({ ...answer.value, body: JSON.stringify({ ...read.value, requestId }) });
      form = undefined;
      return fail({ reason: "bad_answer", status: 200, detail: read.error, failedAt: "model" });
    }
    // Another model may stand there now.
    form = undefined;
    return answer;
  };

  return {
    kind: "oip",
    target: host,
    region: null,
    signed: false,
    model: null,
    send,
    check: () => checkAnswers(healthOf(url), "GET", (status) => status === 200),
  };
}

/** The server's readiness, below the same path as its models. */
export const healthOf = (url: string) =>
  url.replace(/\/models\/[^/]+(?:\/versions\/[^/]+)?$/, "/health/ready");

/** What the model's metadata says of its input. MLServer's need not say anything; it then takes any name. */
function readForm(answer: WireAnswer): Result<Form, InferenceFailure> {
  const parsed = metadata.safeParse(readJson(answer));
  if (!parsed.success) return fail({ reason: "bad_answer", status: 200, detail: "no metadata of a model" });
  const { inputs, outputs } = parsed.data;
  // Its scikit-learn runtime gives the probabilities only where they are asked for, and says nothing of them.
  const wanted = outputs.length > 0 ? {} : { outputs: [{ name: "predict" }, { name: "predict_proba" }] };
  const [input = INPUT, ...others] = inputs;
  const columns = input.shape.at(-1);
  if (
    others.length > 0 ||
    !input.datatype.startsWith("FP") ||
    (columns !== -1 && columns !== FEATURES.length)
  ) {
    const shapes = inputs.map(({ datatype, shape }) => `${datatype} [${shape}]`).join(", ");
    return fail({ reason: "model_contract", detail: `the model takes ${shapes}`, failedAt: "model" });
  }
  return ok({ input, ...wanted });
}
