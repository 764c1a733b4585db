import type { ServerResponse } from "node:http";
import { afterEach, describe, expect, it, vi } from "vitest";
import { INPUT, readInferRequest } from "@/lib/inference/open-inference";
import { writeInferAnswer } from "@/lib/inference/open-inference-answer";
import golden from "@/tables/wdbc/golden.json";
import { startLoopback } from "@/test/loopback";
import { createInference } from "./inference";
import { healthOf } from "./oip-backend";

vi.mock("@/lib/server/log", () => ({ log: vi.fn() }));

const rows = golden.cases.map(({ csv }) => csv.split(",").map(Number));
const [row = []] = rows;
const embedded = createInference({ target: { kind: "embedded" }, timeoutMs: 30_000 });
const servers: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map(({ close }) => close()));
});

const json = (response: ServerResponse, status: number, body: unknown) =>
  void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
type Answer = (body: string, response: ServerResponse) => unknown;

/** This application's own door, as another server would see it. */
const own: Answer = async (body, response) => {
  const read = readInferRequest(JSON.parse(body));
  if (!read.ok) return json(response, 400, { error: read.error });
  const answer = await embedded.predict(read.value.rows);
  if (!answer.ok) return json(response, 500, { error: answer.error.what });
  const written = writeInferAnswer(answer.value, read.value);
  return written.ok ? json(response, 200, written.value) : json(response, 400, { error: written.error });
};

const METADATA = {
  name: "wdbc",
  versions: ["1"],
  platform: "",
  inputs: [INPUT],
  outputs: [{ name: "label", datatype: "BYTES", shape: [-1] }],
};

async function serve({ infer = own, metadata = METADATA }: { infer?: Answer; metadata?: unknown } = {}) {
  const server = await startLoopback(({ path, body }, response) => {
    if (path === "/base/v2/models/wdbc/infer") return void infer(body, response);
    if (path === "/base/v2/health/ready") return json(response, 200, { ready: true });
    if (path !== "/base/v2/models/wdbc") return json(response, 404, { error: "no such path" });
    return typeof metadata === "function" ? void metadata(response) : json(response, 200, metadata);
  });
  servers.push(server);
  const url = `${server.url}/base/v2/models/wdbc`;
  return {
    ...server,
    inference: createInference({ target: { kind: "oip", url }, timeoutMs: 1_000, apiKey: "key" }),
  };
}

describe("an oip backend", () => {
  it("gives the golden vectors, and all else that this application's door says, to the last bit", async () => {
    const { inference, received } = await serve();
    const [here, there] = await Promise.all([
      embedded.predict(rows),
      inference.predict(rows, { requestId: "web-1" }),
    ]);
    if (!here.ok || !there.ok) throw new Error(JSON.stringify(there));
    expect(there.value).toMatchObject({ backend: "oip", requestId: "web-1", model: golden.model });
    expect(JSON.stringify(there.value.predictions)).toBe(JSON.stringify(here.value.predictions));
    expect(inference.describe()).toMatchObject({
      backend: "oip",
      model: golden.model,
      signed: false,
      region: null,
    });
    expect(received.at(-1)?.headers).toMatchObject({ "x-request-id": "web-1", "x-api-key": "key" });
    expect(JSON.parse(received.at(-1)?.body ?? "")).toMatchObject({
      id: "web-1",
      inputs: [{ shape: [4, 30] }],
    });
  });

  it("asks for the metadata once, and again after an error", async () => {
    let status = 200;
    const { inference, received } = await serve({
      infer: (body, response) =>
        status === 200 ? own(body, response) : json(response, status, { error: "" }),
    });
    const asked = () =>
      received
        .splice(0)
        .map(({ method }) => method)
        .join(" ");
    await inference.predict([row]);
    await inference.predict([row]);
    expect(asked()).toBe("GET POST POST");
    status = 400;
    await inference.predict([row]);
    await inference.predict([row]);
    expect(asked()).toBe("POST GET POST");
  });

  it("names the tensor and its type as the metadata does, and asks MLServer for its probabilities", async () => {
    const input = { name: "float_input", datatype: "FP32", shape: [-1, 30] };
    const triton = await serve({
      metadata: { ...METADATA, inputs: [input] },
      infer: (_, response) =>
        json(response, 200, {
          model_name: "wdbc",
          outputs: [
            { name: "label", datatype: "INT64", shape: [1, 1], data: [1] },
            { name: "probabilities", datatype: "FP32", shape: [1, 2], data: [0.03125, 0.96875] },
          ],
        }),
    });
    expect(await triton.inference.predict([row])).toMatchObject({
      ok: true,
      value: {
        predictions: [{ diagnosis: "M", probability: 0.96875 }],
        model: { name: "wdbc", version: "unknown" },
      },
    });
    expect(JSON.parse(triton.received.at(-1)?.body ?? "").inputs).toMatchObject([
      { name: "float_input", datatype: "FP32" },
    ]);

    const mlserver = await serve({
      metadata: { name: "wdbc", versions: [], platform: "", inputs: [], outputs: [] },
    });
    await mlserver.inference.predict([row]);
    expect(JSON.parse(mlserver.received.at(-1)?.body ?? "").outputs).toEqual([
      { name: "predict" },
      { name: "predict_proba" },
    ]);
  });

  it("is healthy where the server says that it is ready", async () => {
    const { inference } = await serve();
    expect(await inference.health()).toMatchObject({ ok: true, detail: "answered 200 to GET" });
    expect(healthOf("https://host/models/a/v2/models/m/versions/1")).toBe(
      "https://host/models/a/v2/health/ready",
    );
    const away = createInference({
      target: { kind: "oip", url: "http://127.0.0.1:1/v2/models/m" },
      timeoutMs: 500,
    });
    expect(await away.health()).toMatchObject({ ok: false });
  });
});

describe("a fault", () => {
  const status =
    (code: number, headers = {}): Answer =>
    (_, response) =>
      response.writeHead(code, { "content-type": "application/json", ...headers }).end('{"error":"no"}');

  it.each<[string, Parameters<typeof serve>[0], object]>([
    ["400", { infer: status(400) }, { reason: "refused_values", code: "bad_request" }],
    ["422", { infer: status(422) }, { reason: "refused_values" }],
    ["401", { infer: status(401) }, { reason: "access_denied" }],
    ["404", { infer: status(404) }, { reason: "not_found" }],
    ["413", { infer: status(413) }, { reason: "too_large" }],
    ["429", { infer: status(429) }, { reason: "busy", retryable: true }],
    [
      "503 with Retry-After",
      { infer: status(503, { "retry-after": "7" }) },
      { reason: "busy", retryAfterMs: 7000 },
    ],
    ["500", { infer: status(500) }, { reason: "gateway_error", failedAt: "gateway" }],
    ["a redirect", { infer: status(302, { location: "/" }) }, { reason: "redirected" }],
    [
      "a page",
      { infer: (_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<p>") },
      { reason: "bad_answer" },
    ],
    [
      "another protocol",
      { infer: (_, response) => json(response, 200, { predictions: [1] }) },
      { reason: "bad_answer", failedAt: "model" },
    ],
    ["a connection that breaks", { infer: (_, response) => response.destroy() }, { reason: "unreachable" }],
    ["no answer", { infer: () => {} }, { reason: "timeout" }],
    [
      "too much",
      { infer: (_, response) => json(response, 200, "x".repeat(7_000_000)) },
      { reason: "answer_too_large" },
    ],
    [
      "no metadata",
      { metadata: (response: ServerResponse) => json(response, 404, { error: "unknown model" }) },
      { reason: "not_found" },
    ],
    ["metadata of something else", { metadata: [] }, { reason: "bad_answer" }],
    [
      "a model of four columns",
      { metadata: { ...METADATA, inputs: [{ ...INPUT, shape: [-1, 4] }] } },
      { reason: "model_contract", failedAt: "model" },
    ],
    [
      "a model of several inputs",
      { metadata: { ...METADATA, inputs: [INPUT, INPUT] } },
      { reason: "model_contract" },
    ],
    [
      "a model of texts",
      { metadata: { ...METADATA, inputs: [{ ...INPUT, datatype: "BYTES" }] } },
      { reason: "model_contract" },
    ],
  ])("%s is reported, and no other model answers instead", async (_, server, error) => {
    const { inference } = await serve(server);
    expect(await inference.predict([row])).toMatchObject({ ok: false, error: { backend: "oip", ...error } });
  });

  it("of the values is found before anything is sent to the model", async () => {
    const { inference, received } = await serve();
    expect(await inference.predict([row.with(0, -1)])).toMatchObject({ error: { reason: "refused_values" } });
    expect(received.map(({ method }) => method)).toEqual(["GET"]);
  });
});
