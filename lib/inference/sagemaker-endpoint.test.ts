import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createSageMakerEndpoint, explainSdkError } from "./sagemaker-endpoint";

const request = { instances: [{ features: Array<number>(30).fill(1) }] };
let closing: (() => Promise<unknown>)[] = [];

/** A SageMaker runtime on loopback; the SDK finds it by its own environment variable. */
async function runtime(answer: (response: ServerResponse) => void) {
  const seen: {
    path?: string;
    authorization?: string;
    attributes?: string;
    type?: string;
    accept?: string;
    body: string;
  }[] = [];
  const server = createServer(async (message, response) => {
    let body = "";
    for await (const chunk of message) body += chunk;
    seen.push({
      path: message.url,
      authorization: message.headers.authorization,
      attributes: String(message.headers["x-amzn-sagemaker-custom-attributes"]),
      type: message.headers["content-type"],
      accept: message.headers.accept,
      body,
    });
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  vi.stubEnv(
    "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME",
    `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  );
  return seen;
}

function reject(response: ServerResponse, status: number, type: string, fields: object = {}) {
  response.writeHead(status, { "content-type": "application/json", "x-amzn-errortype": type });
  response.end(JSON.stringify({ Message: "account 123456789012 says 17.99", ...fields }));
}

const invoke = (signal = new AbortController().signal, timeoutMs = 20_000) =>
  createSageMakerEndpoint({ endpointName: "cyto-1", region: "eu-central-1", timeoutMs }).invoke(request, {
    signal,
    requestId: "r-1",
  });

beforeEach(() => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(closing.map((close) => close()));
  closing = [];
});

describe("the SageMaker endpoint", () => {
  it("signs one request, passes the request id and gives back the decoded answer", async () => {
    const seen = await runtime((response) =>
      response.end('{"predictions":[{"score":0.98,"predicted_label":1}]}'),
    );
    expect(await invoke()).toEqual({
      ok: true,
      value: { body: { predictions: [{ score: 0.98, predicted_label: 1 }] }, containerMs: null },
    });
    expect(seen).toEqual([
      {
        path: "/endpoints/cyto-1/invocations",
        authorization: expect.stringContaining("/eu-central-1/sagemaker/aws4_request"),
        attributes: "r-1",
        type: "application/json",
        accept: "application/json",
        body: JSON.stringify(request),
      },
    ]);
  });

  it.each([
    ["ModelError", 424, { OriginalStatusCode: 500 }, "model_failed"],
    ["ModelError", 424, { OriginalStatusCode: 400 }, "model_contract"],
    ["ModelError", 424, { OriginalStatusCode: 413 }, "too_large"],
    [
      "ModelError",
      424,
      { OriginalStatusCode: 500, Message: "Response payload size exceeded maximum allowed payload size" },
      "too_large",
    ],
    [
      "ModelError",
      424,
      { OriginalStatusCode: 0, Message: "Your invocation timed out while waiting for a response" },
      "timeout",
    ],
    ["ValidationError", 400, { Message: "Request 1f has oversize body." }, "too_large"],
    ["ValidationError", 413, {}, "too_large"],
    ["ModelNotReadyException", 429, {}, "model_unavailable"],
    ["ThrottlingException", 400, {}, "model_unavailable"],
    ["ServiceUnavailable", 503, {}, "model_unavailable"],
    ["InternalFailure", 500, {}, "model_unavailable"],
    [
      "ValidationError",
      400,
      { Message: "Endpoint cyto-1 of account 123456789012 not found." },
      "misconfigured",
    ],
    ["ValidationError", 400, {}, "model_contract"],
    ["AccessDeniedException", 403, {}, "misconfigured"],
    ["ExpiredTokenException", 403, {}, "misconfigured"],
    ["UnrecognizedClientException", 403, {}, "misconfigured"],
  ])("maps %s %i %j to %s in one attempt, keeping its text to itself", async (type, status, fields, code) => {
    const seen = await runtime((response) => reject(response, status, type, fields));
    const result = await invoke();
    expect(result).toMatchObject({ ok: false, error: { code } });
    expect(JSON.stringify(result)).not.toMatch(/123456789012|17\.99/);
    expect(seen).toHaveLength(1);
  });

  it("asks an endpoint that knows CSV alone in CSV, and decides by the stated threshold", async () => {
    const seen = await runtime((response) => response.end("0.98\n"));
    const options = { endpointName: "xgb", region: "eu-central-1", timeoutMs: 20_000, csvThreshold: 0.5 };
    const asked = { signal: new AbortController().signal, requestId: "r-1" };
    expect(await createSageMakerEndpoint(options).invoke(request, asked)).toMatchObject({
      value: { body: { predictions: [{ score: 0.98, predicted_label: 1 }], model: { threshold: 0.5 } } },
    });
    expect(seen).toMatchObject([{ type: "text/csv", accept: "text/csv", body: Array(30).fill(1).join() }]);
    const two = { instances: [...request.instances, ...request.instances] };
    const answer = await createSageMakerEndpoint({ ...options, csvThreshold: 0.99 }).invoke(two, asked);
    expect(answer).toMatchObject({ value: { body: { predictions: [{ predicted_label: 0 }] } } });
  });

  it("says that an answer which is not JSON is a bad answer", async () => {
    await runtime((response) => response.end("<html>"));
    expect(await invoke()).toMatchObject({ ok: false, error: { code: "bad_answer" } });
  });

  it("stops at its signal and at its own timeout", async () => {
    await runtime(() => {});
    const started = performance.now();
    expect(await invoke(AbortSignal.timeout(50))).toMatchObject({ ok: false, error: { code: "timeout" } });
    expect(await invoke(undefined, 100)).toMatchObject({ ok: false, error: { code: "timeout" } });
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it("is unavailable where nothing listens", async () => {
    vi.stubEnv("AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME", "http://127.0.0.1:9");
    expect(await invoke()).toMatchObject({ ok: false, error: { code: "model_unavailable" } });
  });

  it("is misconfigured where there are no credentials", async () => {
    await runtime((response) => response.end("{}"));
    for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"])
      vi.stubEnv(name, undefined);
    for (const name of ["AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"]) vi.stubEnv(name, "/nonexistent");
    const endpoint = createSageMakerEndpoint({ endpointName: "e", region: "eu-central-1", timeoutMs: 1_000 });
    const expected = {
      ok: false,
      error: { code: "misconfigured", message: "No AWS credentials were found." },
    };
    expect(await endpoint.check()).toMatchObject(expected);
    expect(
      await endpoint.invoke(request, { signal: new AbortController().signal, requestId: "r" }),
    ).toMatchObject(expected);
  });
});

it.each([
  [
    { name: "TimeoutError", message: "the request socket did not establish a connection" },
    "model_unavailable",
  ],
  [{ name: "TimeoutError", message: "exceeded the configured requestTimeout" }, "timeout"],
  [{ name: "Error", message: "Region is missing" }, "misconfigured"],
  [{ name: "SyntaxError", message: "Unexpected token", $metadata: { httpStatusCode: 200 } }, "bad_answer"],
  ["not even an error", "model_unavailable"],
  [null, "model_unavailable"],
])("explains %j as %s", (error, code) => {
  expect(explainSdkError(error, undefined).code).toBe(code);
});
