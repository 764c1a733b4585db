import type { ServerResponse } from "node:http";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createHandler, type ProxyAnswer } from "@/lib/inference/handler";
import { createInProcessEndpoint } from "@/lib/inference/in-process-endpoint";
import { log } from "@/lib/server/log";
import artifactJson from "@/tables/wdbc/artifact.json";
import golden from "@/tables/wdbc/golden.json";
import { startLoopback } from "@/test/loopback";
import { MAX_ANSWER_BYTES } from "./exchange";
import { regionOf } from "./https-backend";
import { createInference, type InferenceConfig } from "./inference";

vi.mock("@/lib/server/log", () => ({ log: vi.fn() }));

const features = (golden.cases[0]?.csv ?? "").split(",").map(Number);
const handler = createHandler(createInProcessEndpoint(artifactJson), { report: () => {} });
const servers: { close(): Promise<void> }[] = [];

async function serve(...[answer]: Parameters<typeof startLoopback>) {
  const server = await startLoopback(answer);
  servers.push(server);
  return server;
}

/** A gateway that answers as the Lambda does, after `change` has had its way. */
const gateway = (change: (answer: ProxyAnswer) => ProxyAnswer | undefined = (answer) => answer) =>
  serve(async ({ body, headers }, response) => {
    const answer = change(
      await handler({ body, headers: { "x-request-id": String(headers["x-request-id"]) } }),
    );
    if (answer) response.writeHead(answer.statusCode, answer.headers).end(answer.body);
  });

const inferenceAt = (url: string, config: Partial<InferenceConfig> = {}) =>
  createInference({ target: { kind: "https", url }, timeoutMs: 20_000, ...config });

/** Changes the answer's JSON as text, so that NaN and the like can be written. */
const edited = (edit: (body: string) => string) => (answer: ProxyAnswer) => ({
  ...answer,
  body: edit(answer.body),
});

const send = (status: number, type: string, text: string) => (_: unknown, response: ServerResponse) =>
  void response.writeHead(status, { "content-type": type }).end(text);

/** The longest pause before a retry that the service did not ask for. */
const PAUSE_MS = 200;

// The guard's clock stands still, save for what a test lets pass and for the pause before a retry. The sockets are real.
let pause: NodeJS.Immediate | undefined;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"] });
  vi.mocked(log).mockImplementation((_, event) => {
    // No retry follows where the prediction has failed in the same turn.
    clearImmediate(pause);
    if (event === "attempt_failed") pause = setImmediate(() => vi.advanceTimersByTime(PAUSE_MS));
  });
});

afterEach(async () => {
  clearImmediate(pause);
  vi.useRealTimers();
  await Promise.all(servers.splice(0).map((server) => server.close()));
  vi.mocked(log).mockClear();
});

describe("an https backend", () => {
  it("answers as the gateway does, with its request id, and then knows the model", async () => {
    const server = await gateway();
    const inference = inferenceAt(`${server.url}/predict`);
    expect(inference.describe()).toMatchObject({ backend: "https", model: null, signed: false });
    expect(await inference.predict([features], { requestId: "web-1" })).toMatchObject({
      ok: true,
      value: {
        backend: "https",
        latencyMs: expect.any(Number),
        requestId: "web-1",
        model: golden.model,
        predictions: [{ diagnosis: "M", probability: golden.cases[0]?.probability }],
      },
    });
    expect(inference.describe().model).toMatchObject(golden.model);
    expect(server.received[0]).toMatchObject({
      method: "POST",
      path: "/predict",
      headers: { "x-request-id": "web-1" },
    });
    expect(server.received[0]?.headers).not.toHaveProperty("authorization");
    expect(server.received[0]?.headers).not.toHaveProperty("x-api-key");
    expect(log).not.toHaveBeenCalled();
  });

  it("signs with SigV4 and sends the API key where they are set", async () => {
    const server = await gateway();
    const inference = inferenceAt(server.url, {
      apiKey: "key-1",
      region: "eu-central-1",
      credentials: async () => ({
        accessKeyId: "AKIAEXAMPLE",
        secretAccessKey: "secret",
        sessionToken: "token",
      }),
    });
    expect((await inference.predict([features])).ok).toBe(true);
    expect(inference.describe()).toMatchObject({ signed: true, region: "eu-central-1" });
    const headers = server.received[0]?.headers;
    expect(headers?.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE\/\d{8}\/eu-central-1\/execute-api\/aws4_request, SignedHeaders=[a-z0-9;-]*host[a-z0-9;-]*, Signature=[0-9a-f]{64}$/,
    );
    expect(headers).toMatchObject({ "x-api-key": "key-1", "x-amz-security-token": "token" });
  });

  it("takes the region from the gateway's host name", () => {
    expect(regionOf("https://abc.execute-api.us-east-2.amazonaws.com/prod", "eu-central-1")).toBe(
      "us-east-2",
    );
    expect(regionOf("https://model.example.org/", "eu-central-1")).toBe("eu-central-1");
    expect(
      regionOf("https://abc.execute-api.us-east-2.amazonaws.com.example.org/", undefined),
    ).toBeUndefined();
  });

  it("checks its health without a prediction", async () => {
    const server = await gateway();
    expect(await inferenceAt(server.url).health()).toMatchObject({ ok: true, backend: "https" });
    expect(server.received).toHaveLength(0);
    expect(await inferenceAt("http://127.0.0.1:9").health()).toMatchObject({ ok: false });
  });
});

describe("a gateway that fails", () => {
  async function outcome(url: string, config?: Partial<InferenceConfig>) {
    const started = performance.now();
    const result = await inferenceAt(url, config).predict([features], { requestId: "web-1" });
    expect(performance.now() - started).toBeLessThanOrEqual(config?.timeoutMs ?? 20_000);
    expect(result.ok).toBe(false);
    if (result.ok) throw new Error("expected a failure");
    const logged = JSON.stringify(vi.mocked(log).mock.calls);
    expect(logged).toContain('"requestId":"web-1"');
    for (const value of ["17.99", "122.8", "0.006193"]) expect(logged).not.toContain(value);
    return result.error;
  }

  it("down: unreachable, after one retry", async () => {
    const server = await gateway();
    await server.close();
    expect(await outcome(server.url)).toMatchObject({
      code: "model_unavailable",
      reason: "unreachable",
      retryable: true,
      what: "The model service cannot be reached.",
      advice: expect.stringContaining("MODEL_URL"),
    });
    expect(vi.mocked(log).mock.calls.filter(([, event]) => event === "attempt_failed")).toHaveLength(2);
  });

  it("hanging: a timeout that names the budget", async () => {
    const server = await gateway(() => {
      vi.advanceTimersByTime(1_000);
      return undefined;
    });
    expect(await outcome(server.url, { timeoutMs: 1_000 })).toMatchObject({
      code: "timeout",
      what: "The model service did not answer within 1 s.",
      advice: "Try again, or ask your administrator to check MODEL_URL.",
    });
    expect(server.received).toHaveLength(1);
  });

  it("slowly dripping: a timeout", async () => {
    let drips = 0;
    const server = await serve(async (_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      while (!response.destroyed) {
        response.write(" ");
        drips += 1;
        await nextTurn();
        if (drips <= 50) vi.advanceTimersByTime(20);
      }
    });
    expect(await outcome(server.url, { timeoutMs: 1_000 })).toMatchObject({ code: "timeout" });
    expect(drips).toBeGreaterThanOrEqual(50);
  });

  it("cutting the connection in the middle: unreachable, after one retry", async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
      response.write("{", () => response.destroy());
    });
    expect(await outcome(server.url)).toMatchObject({ reason: "unreachable" });
    expect(server.received).toHaveLength(2);
  });

  it("too much: stops reading", async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const chunk = Buffer.alloc(1_000_000, " ");
      const more = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on("drain", more);
      more();
    });
    expect(await outcome(server.url)).toMatchObject({ code: "bad_answer", reason: "answer_too_large" });
    expect(MAX_ANSWER_BYTES).toBeLessThan(6.3e6);
  });

  it("redirecting: not followed", async () => {
    const target = await gateway();
    const server = await serve((_, response) => void response.writeHead(307, { location: target.url }).end());
    expect(await outcome(server.url)).toMatchObject({ code: "misconfigured", reason: "redirected" });
    expect(target.received).toHaveLength(0);
  });

  it.each([
    ["502 with HTML", 502, "text/html", "<html>Bad Gateway", "gateway_error", 2],
    ["API Gateway's 502", 502, "application/json", '{"message":"Internal server error"}', "gateway_error", 2],
    ["API Gateway's 429", 429, "application/json", '{"message":"Too Many Requests"}', "busy", 2],
    ["503", 503, "text/plain", "", "busy", 2],
    ["API Gateway's 403", 403, "application/json", '{"message":"Forbidden"}', "access_denied", 1],
    [
      "API Gateway's 403 for another path",
      403,
      "application/json",
      '{"message":"Missing Authentication Token"}',
      "no_such_route",
      1,
    ],
    ["401", 401, "text/html", "", "access_denied", 1],
    ["404", 404, "text/html", "<html>", "not_found", 1],
    ["413", 413, "application/json", '{"message":"Request Too Long"}', "too_large", 1],
    ["400", 400, "application/json", '{"message":"Invalid request body"}', "refused_values", 1],
    [
      "the Lambda's 502",
      502,
      "application/json",
      '{"error":{"code":"model_contract","message":"x","retryable":false}}',
      "model_contract",
      1,
    ],
    [
      "the Lambda's 503",
      503,
      "application/json",
      '{"error":{"code":"model_unavailable","message":"x","retryable":true}}',
      "busy",
      2,
    ],
    [
      "the Lambda's 500",
      500,
      "application/json",
      '{"error":{"code":"misconfigured","message":"x","retryable":false}}',
      "misconfigured",
      1,
    ],
    ["200 with HTML", 200, "text/html", "<html>Sign in", "bad_answer", 1],
    ["200 with HTML that says JSON", 200, "application/json", "<html>", "bad_answer", 1],
    ["200 with a JSON type missing", 200, "text/plain", "{}", "bad_answer", 1],
    ["200 with nothing", 200, "application/json", "", "bad_answer", 1],
    ["200 with other JSON", 200, "application/json", '{"diagnosis":"M"}', "bad_answer", 1],
    ["204", 204, "application/json", "", "bad_answer", 1],
  ])("%s", async (_, status, type, text, reason, attempts) => {
    const server = await serve(send(status, type, text));
    expect(await outcome(server.url)).toMatchObject({ reason });
    expect(server.received).toHaveLength(attempts);
  });

  it.each([
    ["p = 1.7", edited((body) => body.replace(/"probability":[^,]+/, '"probability":1.7'))],
    ["p = NaN", edited((body) => body.replace(/"probability":[^,]+/, '"probability":NaN'))],
    ["p = Infinity", edited((body) => body.replace(/"probability":[^,]+/, '"probability":1e999'))],
    ["p = null", edited((body) => body.replace(/"probability":[^,]+/, '"probability":null'))],
    ["a missing row", edited((body) => JSON.stringify({ ...JSON.parse(body), predictions: [] }))],
    ["a surplus row", edited((body) => body.replace(/"predictions":\[(\{.*?\})\]/, '"predictions":[$1,$1]'))],
    ["29 contributions", edited((body) => body.replace(/"contributions":\[[^,]+,/, '"contributions":['))],
    ["a diagnosis that its probability contradicts", edited((body) => body.replace('"M"', '"B"'))],
    ["half of its answer", edited((body) => body.slice(0, body.length / 2))],
  ])("answering 200 with %s", async (_, change) => {
    const server = await gateway(change);
    expect(await outcome(server.url)).toMatchObject({ code: "bad_answer", retryable: false });
    expect(server.received).toHaveLength(1);
  });

  it("is retried once and may then answer", async () => {
    let failures = 1;
    const server = await gateway((answer) =>
      failures-- > 0 ? { statusCode: 503, headers: { "retry-after": "0" }, body: "" } : answer,
    );
    expect(await inferenceAt(server.url).predict([features])).toMatchObject({ ok: true });
    expect(server.received).toHaveLength(2);
  });

  it("repeatedly is left alone, then asked again, and the next try works", async () => {
    let well = false;
    const server = await gateway((answer) =>
      well ? answer : { statusCode: 502, headers: {}, body: "<html>" },
    );
    const inference = inferenceAt(server.url, { guard: { opensAfter: 4, recoversAfterMs: 1_500 } });
    await inference.predict([features]);
    await inference.predict([features]);
    expect(server.received).toHaveLength(4);
    vi.advanceTimersByTime(1_499 - PAUSE_MS);
    expect(await inference.predict([features])).toMatchObject({
      ok: false,
      error: { reason: "circuit_open", what: expect.stringContaining("several times in a row") },
    });
    expect(server.received).toHaveLength(4);
    expect(await inference.health()).toMatchObject({ ok: false, circuit: "open" });

    well = true;
    vi.advanceTimersByTime(PAUSE_MS + 1);
    expect(await inference.predict([features])).toMatchObject({ ok: true });
    expect(inference.describe().circuit).toBe("closed");
  });

  it("is never replaced by the embedded model", async () => {
    const server = await serve(send(502, "text/html", "<html>"));
    const result = await inferenceAt(server.url).predict([features]);
    expect(result.ok).toBe(false);
  });
});
