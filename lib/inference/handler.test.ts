import { gzipSync } from "node:zlib";
import { describe, expect, it, vi } from "vitest";
import artifactJson from "../../tables/wdbc/artifact.json";
import golden from "../../tables/wdbc/golden.json";
import { type ErrorCode, errorAnswer, predictAnswer } from "../contract";
import { fail, ok } from "../result";
import type { ModelEndpoint } from "./endpoint";
import { failure } from "./failure";
import { createHandler, type LambdaContext, type Outcome } from "./handler";
import { createInProcessEndpoint } from "./in-process-endpoint";

const malignant = golden.cases[0]?.csv ?? "";
const benign = golden.cases[1]?.csv ?? "";
const features = malignant.split(",").map(Number);
const body = JSON.stringify({ instances: [{ features }] });

function handlerOver(invoke: ModelEndpoint["invoke"], timeoutMs?: number) {
  const report = vi.fn<(outcome: Outcome) => void>();
  return { handler: createHandler({ name: "test", invoke }, { report, timeoutMs }), report };
}

const answers = (body: unknown) => handlerOver(async () => ok({ body, containerMs: 1.5 }));

describe("a proxy event", () => {
  const report = vi.fn<(outcome: Outcome) => void>();
  const handler = createHandler(createInProcessEndpoint(artifactJson), { report });

  it("is answered with diagnosis, probability, contributions, model and request id", async () => {
    const answer = await handler({ body, headers: { "X-Request-Id": "abc-123" } });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).toMatchObject({ "content-type": "application/json", "x-request-id": "abc-123" });
    expect(JSON.parse(answer.body)).toEqual({
      predictions: [
        {
          diagnosis: "M",
          label: "M",
          probability: golden.cases[0]?.probability,
          base: expect.any(Number),
          contributions: expect.any(Array),
          typicality: {
            atypical: false,
            distance: expect.any(Number),
            unusual: expect.any(Array),
            scales: expect.arrayContaining([
              expect.objectContaining({ key: "size", factor: expect.any(Number) }),
            ]),
          },
          cautions: [],
        },
      ],
      model: { ...golden.model, uncertain: expect.objectContaining({ level: 0.99 }) },
      requestId: "abc-123",
    });
    expect(report).toHaveBeenCalledExactlyOnceWith({
      requestId: "abc-123",
      endpoint: golden.model.name,
      rows: 1,
      durations: { lambda: expect.any(Number), endpoint: expect.any(Number), container: undefined },
    });
  });

  it("says how long the hops behind it took", async () => {
    const { handler } = answers({ predictions: [{ score: 0.98, predicted_label: 1 }] });
    const { headers } = await handler({ body });
    const timed = /^lambda;dur=([\d.]+), endpoint;dur=([\d.]+), container;dur=1\.500$/.exec(
      headers["server-timing"] ?? "",
    );
    expect(Number(timed?.[1])).toBeGreaterThanOrEqual(Number(timed?.[2]));
  });

  it("may be base64", async () => {
    const answer = await handler({ body: Buffer.from(body).toString("base64"), isBase64Encoded: true });
    expect(answer.statusCode).toBe(200);
  });

  it("takes the gateway's request id where the caller's is absent or not fit for a log", async () => {
    const requestContext = { requestId: "gateway-1" };
    for (const headers of [null, {}, { "x-request-id": "a\nb" }, { "x-request-id": "x".repeat(129) }]) {
      expect((await handler({ body, headers, requestContext })).headers["x-request-id"]).toBe("gateway-1");
    }
    const context: LambdaContext = { awsRequestId: "lambda-1" };
    expect((await handler({ body }, context)).headers["x-request-id"]).toBe("lambda-1");
    expect((await handler({ body })).headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    ["no body", null],
    ["an empty body", ""],
    ["not JSON", "{"],
    ["another shape", '{"data":[1]}'],
    ["29 numbers", JSON.stringify({ instances: [{ features: features.slice(1) }] })],
    ["a negative", JSON.stringify({ instances: [{ features: [-1, ...features.slice(1)] }] })],
    ["a number as text", JSON.stringify({ instances: [{ features: ["17.99", ...features.slice(1)] }] })],
    ["infinity", body.replace("17.99", "1e999")],
    ["null", body.replace("17.99", "null")],
    ["no rows", '{"instances":[]}'],
    ["too many rows", JSON.stringify({ instances: Array(5_001).fill({ features }) })],
    ["an unknown key", JSON.stringify({ instances: [{ features }], model: "x" })],
  ])("with %s is a 400", async (_, wrong) => {
    const answer = await handler({ body: wrong });
    expect(answer.statusCode).toBe(400);
    expect(JSON.parse(answer.body).error).toMatchObject({ code: "bad_request", retryable: false });
  });

  it.each([["a string"], [null], [42], [{}], [{ body: 1 }]])(
    "that is %j is a 400",
    async (event: unknown) => {
      expect(await handler(event)).toMatchObject({ statusCode: 400 });
    },
  );

  it("may be compressed, if not to a bomb", async () => {
    const zipped = (text: string | Buffer, name = "Content-Encoding") => ({
      body: gzipSync(text).toString("base64"),
      isBase64Encoded: true,
      headers: { [name]: "gzip" },
    });
    expect(await handler(zipped(body))).toMatchObject({ statusCode: 200 });
    expect(await handler(zipped(body, "content-encoding"))).toMatchObject({ statusCode: 200 });
    expect(await handler(zipped(Buffer.alloc(11_000_000)))).toMatchObject({ statusCode: 413 });
    const { headers } = zipped(body);
    const plain = await handler({ body, headers });
    expect(plain).toMatchObject({ statusCode: 400, body: expect.stringContaining("not gzip") });
  });

  it("that is its body as an object is told which event is wanted", async () => {
    const event: unknown = { body: JSON.parse(body) };
    const answer = await handler(event);
    expect(answer).toMatchObject({ statusCode: 400, body: expect.stringContaining("proxy integration") });
  });
});

describe("the older, non-proxy event", () => {
  const report = vi.fn<(outcome: Outcome) => void>();
  const handler = createHandler(createInProcessEndpoint(artifactJson), { report });

  it("is answered with M or B", async () => {
    expect(await handler({ data: malignant.replaceAll(",", ", ") })).toBe("M");
    expect(await handler({ data: benign, requestId: "gateway-1" })).toBe("B");
    expect(report).toHaveBeenLastCalledWith(expect.objectContaining({ requestId: "gateway-1", rows: 1 }));
  });

  it("rejects with the answer that a proxy would get, and its code as the error's type", async () => {
    const { handler: broken } = handlerOver(async () => fail(failure("model_unavailable", "not ready")));
    for (const [rejects, event, code, message] of [
      [handler, { data: "1, 2" }, "bad_request", "expected 30 numbers, got 2"],
      [handler, { data: malignant.replace("17.99", "") }, "bad_request", "value 1 is not"],
      [handler, { data: [1] }, "bad_request", "data must be text"],
      [broken, { data: malignant }, "model_unavailable", "not ready"],
    ] as const) {
      const error: unknown = await rejects({ ...event, requestId: "gateway-1" }).catch((thrown) => thrown);
      if (!(error instanceof Error)) throw new Error("it did not reject");
      const answer = errorAnswer.parse(JSON.parse(error.message));
      expect([error.name, answer.error.code, answer.requestId]).toEqual([
        code,
        code,
        // Only text is trusted to be an event of the gateway.
        Array.isArray(event.data) ? expect.any(String) : "gateway-1",
      ]);
      expect(answer.error.message).toContain(message);
      expect(answer.error.message).not.toContain(code);
    }
  });

  it("does not cut the score to an integer", async () => {
    const at98 = answers({ predictions: [{ score: 0.98, predicted_label: 1 }] });
    expect(await at98.handler({ data: malignant })).toBe("M");
    const at02 = answers({ predictions: [{ score: 0.02, predicted_label: 0 }] });
    expect(await at02.handler({ data: malignant })).toBe("B");
  });
});

describe("the request itself, as Step Functions invokes with", () => {
  it("is answered with the answer itself", async () => {
    const { handler } = answers({ predictions: [{ score: 0.98, predicted_label: 1 }] });
    const event: unknown = { ...JSON.parse(body), requestId: "run-1" };
    const answer = predictAnswer.parse(await handler(event));
    expect(answer).toMatchObject({ predictions: [{ diagnosis: "M" }], requestId: "run-1" });
  });

  it("rejects with an error whose type is the code, by which a state machine catches", async () => {
    const { handler, report } = handlerOver(async () => fail(failure("model_unavailable", "not ready")));
    await expect(handler(JSON.parse(body))).rejects.toMatchObject({
      name: "model_unavailable",
      message: "model_unavailable: not ready",
    });
    const none: unknown = { instances: [] };
    await expect(handler(none)).rejects.toMatchObject({ name: "bad_request" });
    expect(report.mock.calls.map(([{ code }]) => code)).toEqual(["model_unavailable", "bad_request"]);
  });
});

it.each<[string, object]>([
  ["serverless-plugin-warmup", { source: "serverless-plugin-warmup" }],
  ["lambda-warmer", { warmer: true, concurrency: 1 }],
  ["a schedule", { source: "aws.events", "detail-type": "Scheduled Event", detail: {} }],
  [
    "a load balancer's check",
    {
      requestContext: { elb: { targetGroupArn: "arn" } },
      httpMethod: "GET",
      path: "/",
      headers: {},
      body: "",
    },
  ],
])("leaves the endpoint alone at the event of %s, and counts no failure", async (_, event: unknown) => {
  const invoke = vi.fn();
  const { handler, report } = handlerOver(invoke);
  expect(await handler(event)).toMatchObject({ statusCode: 200 });
  expect(invoke).not.toHaveBeenCalled();
  expect(report).not.toHaveBeenCalled();
});

describe("a failing endpoint", () => {
  it.each<[ErrorCode, number, boolean]>([
    ["model_contract", 502, false],
    ["model_failed", 502, true],
    ["too_large", 413, false],
    ["model_unavailable", 503, true],
    ["misconfigured", 500, false],
    ["timeout", 504, true],
    ["bad_answer", 502, false],
  ])("%s is a %i", async (code, status, retryable) => {
    const { handler, report } = handlerOver(async () =>
      fail(failure(code, "said", { detail: "inner", retryAfterSeconds: 3 })),
    );
    const answer = await handler({ body, headers: { "x-request-id": "r1" } });
    expect(answer).toMatchObject({
      statusCode: status,
      headers: { "retry-after": "3", "x-request-id": "r1" },
    });
    expect(JSON.parse(answer.body)).toEqual({ error: { code, message: "said", retryable }, requestId: "r1" });
    expect(report).toHaveBeenCalledExactlyOnceWith({
      requestId: "r1",
      endpoint: "test",
      code,
      detail: "inner",
      rows: 1,
      durations: { lambda: expect.any(Number), endpoint: expect.any(Number) },
    });
  });

  it.each([
    ["HTML", "<html>"],
    ["p = 1.7", { predictions: [{ score: 1.7, predicted_label: 1 }] }],
    ["NaN", { predictions: [{ score: Number.NaN, predicted_label: 1 }] }],
    ["a missing row", { predictions: [] }],
    ["a contradiction", { predictions: [{ score: 0.98, predicted_label: 0 }] }],
  ])("that answers %s is a 502 bad_answer", async (_, value) => {
    const answer = await answers(value).handler({ body });
    expect(answer.statusCode).toBe(502);
    expect(JSON.parse(answer.body).error.code).toBe("bad_answer");
  });

  it("that answers more than Lambda passes on is a 413, which the same request would meet again", async () => {
    const told = { score: 0.98, predicted_label: 1, cautions: Array<string>(20).fill("a".repeat(40)) };
    const scales = Array(20).fill({ key: "k".repeat(40), factor: Math.PI, deviations: Math.E });
    const typicality = { atypical: true, distance: 1, unusual: [], scales };
    const rows = (count: number) => JSON.stringify({ instances: Array(count).fill({ features }) });
    const { handler, report } = handlerOver(async ({ instances }) =>
      ok({ body: { predictions: instances.map(() => ({ ...told, typicality })) }, containerMs: null }),
    );
    const long = await handler({ body: rows(1_800) });
    expect(long.statusCode).toBe(413);
    expect(JSON.parse(long.body).error).toMatchObject({ code: "too_large", retryable: false });
    expect(report).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: "too_large" }));
    expect((await handler({ body: rows(900) })).statusCode).toBe(200);
  });

  it("that throws is a 502 model_failed, and no measurement reaches answer or log", async () => {
    const { handler, report } = handlerOver(async ({ instances }) => {
      throw new RangeError(`cannot use ${instances[0]?.features}`);
    });
    const answer = await handler({ body });
    expect(answer.statusCode).toBe(502);
    expect(JSON.parse(answer.body).error.code).toBe("model_failed");
    const said = answer.body + JSON.stringify(report.mock.calls);
    expect(said).toContain("RangeError");
    for (const value of ["17.99", "122.8", "0.006193"]) expect(said).not.toContain(value);
  });

  it("that hangs is a 504 within the budget, and its signal is aborted", async () => {
    let seen: AbortSignal | undefined;
    const { handler } = handlerOver((_, { signal }) => {
      seen = signal;
      return new Promise(() => {});
    }, 50);
    const answer = await handler({ body });
    expect(answer.statusCode).toBe(504);
    expect(seen?.aborted).toBe(true);
  });

  it("is given up while the Lambda still has time to answer", async () => {
    const { handler } = handlerOver(() => new Promise(() => {}));
    const started = performance.now();
    const answer = await handler({ body }, { getRemainingTimeInMillis: () => 1_500 });
    expect(answer.statusCode).toBe(504);
    expect(performance.now() - started).toBeLessThan(1_500);
  });
});
