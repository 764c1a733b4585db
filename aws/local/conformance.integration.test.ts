import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsV4Signer } from "aws4fetch";
import { afterAll, beforeAll, expect, it } from "vitest";
import * as z from "zod";
import { type ErrorCode, errorAnswer, predictAnswer } from "../../lib/contract";
import { FAILURES } from "../../lib/inference/failure";
import golden from "../../tables/wdbc/golden.json";
import { startLoopback } from "../../test/loopback";
import { API_TEMPLATE, readApiDescription } from "./api-description";
import { awsKeys } from "./hop";
import { type LocalPath, startPath } from "./path";

/**
 * What the gateway and all behind it answer. By default to the path on loopback, whose fronts only encode AWS's
 * documentation; with AWS_CONFORMANCE=1 to a deployed stack (MODEL_URL, AWS_REGION and keys from the environment),
 * which shows whether the fronts are right.
 */

const deployed = z
  .object({
    AWS_CONFORMANCE: z.literal("1"),
    MODEL_URL: z.url({ protocol: /^https$/ }),
    AWS_REGION: z.string(),
    AWS_ACCESS_KEY_ID: z.string(),
    AWS_SECRET_ACCESS_KEY: z.string(),
    AWS_SESSION_TOKEN: z.string().optional(),
  })
  .transform((env) => ({
    modelUrl: env.MODEL_URL,
    olderUrl: env.MODEL_URL.replace(/predict$/, "api-ml-model"),
    region: env.AWS_REGION,
    keys: { accessKeyId: env.AWS_ACCESS_KEY_ID, secretAccessKey: env.AWS_SECRET_ACCESS_KEY },
    sessionToken: env.AWS_SESSION_TOKEN,
  }));
type Target = z.infer<typeof deployed>;

let target: Target;
let path: LocalPath | undefined;
let container: Awaited<ReturnType<typeof startLoopback>> | undefined;
const folder = mkdtempSync(join(tmpdir(), "cytodesk-conformance-"));
let functions = 0;

beforeAll(async () => {
  if (process.env.AWS_CONFORMANCE !== undefined) {
    target = deployed.parse(process.env);
    return;
  }
  path = await startPath({ api: readApiDescription(API_TEMPLATE) });
  const { environment, modelUrl, olderUrl } = path;
  const keys = awsKeys.parse({
    accessKeyId: environment.AWS_ACCESS_KEY_ID,
    secretAccessKey: environment.AWS_SECRET_ACCESS_KEY,
  });
  target = { modelUrl, olderUrl, region: environment.AWS_REGION, keys, sessionToken: undefined };
});

afterAll(async () => {
  await Promise.all([path?.stop(), container?.close()]);
  rmSync(folder, { recursive: true });
});

type Signing = { keys?: z.infer<typeof awsKeys>; datetime?: string; sent?: string; type?: string };

/** POSTs JSON text, signed; `sent` is what goes out in place of what was signed. */
async function post(
  url: string,
  body: string,
  { keys = target.keys, datetime, sent = body, type = "application/json" }: Signing = {},
) {
  const signer = new AwsV4Signer({
    method: "POST",
    url,
    headers: { "content-type": type, "x-request-id": "conformance-1" },
    body,
    ...keys,
    sessionToken: target.sessionToken,
    service: "execute-api",
    region: target.region,
    datetime,
  });
  const { headers } = await signer.sign();
  return fetch(url, { method: "POST", headers, body: sent });
}

const features = (csv: string) => csv.split(",").map(Number);
const bodyOf = (...rows: string[]) =>
  JSON.stringify({ instances: rows.map((csv) => ({ features: features(csv) })) });
const [first, second] = golden.cases.map(({ csv }) => csv) as [string, string];

it("answers the golden vectors to the last bit, under the caller's request id", async () => {
  const response = await post(target.modelUrl, bodyOf(...golden.cases.map(({ csv }) => csv)));
  expect(response.status).toBe(200);
  const answer = predictAnswer.parse(await response.json());
  expect(answer.requestId).toBe("conformance-1");
  expect(answer.model).toMatchObject(golden.model);
  expect(
    answer.predictions.map(({ diagnosis, probability, label }) => ({ diagnosis, probability, label })),
  ).toEqual(golden.cases.map(({ diagnosis, probability, label }) => ({ diagnosis, probability, label })));
});

/** The discard port, where nothing listens. */
const NOWHERE = "http://127.0.0.1:9";

/** A container that answers every request alike; with 0, never. */
function answering(status: number): (path: LocalPath) => Promise<void> {
  return async ({ change }) => {
    container ??= await startLoopback((request, response) => {
      const status = Number(/\d+/.exec(request.path));
      if (status !== 0) response.writeHead(status, { "content-type": "application/json" }).end("{}");
    });
    await change("sagemaker", () => ({ container: `${container?.url}/${status}` }));
  };
}

/** For it the Lambda waits a fifth of a second. */
async function hanging(path: LocalPath): Promise<void> {
  await path.change("lambda", ({ environment }) => ({
    environment: { ...environment, ENDPOINT_TIMEOUT_MS: "200" },
  }));
  await answering(0)(path);
}

/** Another function in the place of ours, which is given half a second. */
function withFunction(body: string): (path: LocalPath) => Promise<void> {
  const taskRoot = join(folder, String(functions++));
  mkdirSync(taskRoot);
  writeFileSync(join(taskRoot, "index.cjs"), `exports.handler = async () => ${body};\n`);
  return ({ change }) => change("lambda", () => ({ taskRoot, timeoutMs: 500 }));
}

it("answers the older contract with M or B, and its mistakes with a status", async () => {
  const malignant = await post(target.olderUrl, JSON.stringify({ data: first.replaceAll(",", ", ") }));
  expect([malignant.status, await malignant.json()]).toEqual([200, "M"]);
  const benign = await post(target.olderUrl, JSON.stringify({ data: second }));
  expect([benign.status, await benign.json()]).toEqual([200, "B"]);
  const short = await post(target.olderUrl, JSON.stringify({ data: "1, 2, 3" }));
  expect(short.status).toBe(400);
  expect(errorAnswer.parse(await short.json()).error.code).toBe("bad_request");
});

/** What makes a hop of the path on loopback fail, and what the older contract's caller is told. */
const FAILED: [what: string, change: (path: LocalPath) => Promise<void>, status: number, code: ErrorCode][] =
  [
    ["no endpoint", ({ change }) => change("sagemaker", () => ({ endpointName: "b" })), 500, "misconfigured"],
    ["a request that is too large", answering(413), 413, "too_large"],
    ["a model that does not take it", answering(400), 502, "model_contract"],
    ["a model that fails", answering(500), 502, "model_failed"],
    ["an answer that is none", answering(200), 502, "bad_answer"],
    [
      "no container",
      ({ change }) => change("sagemaker", () => ({ container: NOWHERE })),
      503,
      "model_unavailable",
    ],
    ["a container that hangs", hanging, 504, "timeout"],
    ["a Lambda's exception", withFunction("{ throw new TypeError('a 17.99'); }"), 502, "model_failed"],
    ["a Lambda that exits", withFunction("process.exit(1)"), 502, "model_failed"],
    ["a Lambda that hangs", withFunction("new Promise(() => setInterval(() => {}, 1_000))"), 504, "timeout"],
    [
      "a gateway that does not wait",
      ({ change }) => change("gateway", () => ({ timeoutMs: 1 })),
      504,
      "timeout",
    ],
    ["no Lambda", ({ change }) => change("gateway", () => ({ lambda: NOWHERE })), 502, "model_failed"],
  ];

it.each(FAILED)("tells the older contract's caller of %s by one code", async (_, change, status, code) => {
  if (path === undefined) return;
  await change(path);
  const response = await post(target.olderUrl, JSON.stringify({ data: first }));
  const { error, requestId } = errorAnswer.parse(await response.json());
  await path.repair();
  expect([response.status, error.code, error.retryable]).toEqual([status, code, FAILURES[code].retryable]);
  expect(error.message).toMatch(/^[A-Z][^_:]+(: [^_:]+)?$/);
  expect(requestId).toBe(response.headers.get("x-amzn-requestid"));
});

it("needs no more than a known key for the older contract where that was asked for", async () => {
  if (path === undefined) return;
  // What the template has with olderCallers=apiKey.
  await path.change("gateway", ({ api }) => ({
    api: {
      ...api,
      routes: api.routes.map((route) =>
        route.resource === "/predict" ? route : { ...route, isIamAuthorized: false, needsApiKey: true },
      ),
    },
  }));
  const ask = (key: Record<string, string>, url = target.olderUrl) => {
    const headers = { "content-type": "application/json", ...key };
    return fetch(url, { method: "POST", headers, body: JSON.stringify({ data: first }) });
  };
  const known = { "x-api-key": path.apiKey };
  expect(await (await ask(known)).json()).toBe("M");
  for (const key of [{}, { "x-api-key": "another" }] as Record<string, string>[]) {
    const refused = await ask(key);
    expect([refused.status, await refused.json()]).toEqual([403, { message: "Forbidden" }]);
    expect(refused.headers.get("x-amzn-errortype")).toBe("ForbiddenException");
  }
  expect((await ask(known, target.modelUrl)).status).toBe(403);
  await path.repair();
});

it("holds who has a key to its usage plan, a second and a day", async () => {
  if (path === undefined) return;
  const { apiKey } = path;
  for (const [plan, retryAfter] of [
    [{ perSecond: 0.001, burst: 1, perDay: null }, "1"],
    [{ perSecond: 1000, burst: 1000, perDay: 1 }, null],
  ] as const) {
    await path.change("gateway", ({ api }) => ({
      api: {
        ...api,
        plan,
        routes: api.routes.map((route) => ({ ...route, isIamAuthorized: false, needsApiKey: true })),
      },
    }));
    const ask = () => {
      const headers = { "content-type": "application/json", "x-api-key": apiKey };
      return fetch(target.olderUrl, { method: "POST", headers, body: JSON.stringify({ data: first }) });
    };
    expect((await ask()).status).toBe(200);
    const refused = await ask();
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, retryAfter]);
    expect(errorAnswer.parse(await refused.json()).error).toMatchObject({
      code: "model_unavailable",
      retryable: true,
      message: expect.stringContaining(retryAfter === null ? "of today are used up" : "too many requests"),
    });
    await path.repair();
  }
});

it("takes only JSON for the older contract, and no text ends the path", async () => {
  const template = JSON.stringify({ data: `${first} $input.path('$') #set($x = 1)` });
  expect((await post(target.olderUrl, template)).status).toBe(400);
  for (const type of ["text/plain", "text/csv"]) {
    const other = await post(target.olderUrl, JSON.stringify({ data: first }), { type });
    expect([other.status, await other.json()]).toEqual([415, { message: "Unsupported Media Type" }]);
  }
  expect((await post(target.olderUrl, JSON.stringify({ data: first }))).status).toBe(200);
});

it.each([
  ["not JSON", "{"],
  ["another shape", '{"data":[1]}'],
  ["29 numbers", JSON.stringify({ instances: [{ features: Array(29).fill(1) }] })],
  ["a negative", JSON.stringify({ instances: [{ features: Array(30).fill(-1) }] })],
  ["text for a number", JSON.stringify({ instances: [{ features: Array(30).fill("1") }] })],
  ["no rows", '{"instances":[]}'],
])("refuses %s with 400 in the wire contract", async (_, body) => {
  const response = await post(target.modelUrl, body);
  expect(response.status).toBe(400);
  expect(errorAnswer.parse(await response.json())).toMatchObject({
    error: { code: "bad_request", retryable: false },
    requestId: expect.any(String),
  });
});

it("lets nobody in without a signature of a known key over what was sent, now", async () => {
  const body = bodyOf(first);
  const unsigned = await fetch(target.modelUrl, { method: "POST", body });
  const others = await Promise.all([
    post(target.modelUrl, body, { keys: { ...target.keys, accessKeyId: "AKIAIOSFODNN7EXAMPLE" } }),
    post(target.modelUrl, body, { keys: { ...target.keys, secretAccessKey: "another" } }),
    post(target.modelUrl, body, { sent: bodyOf(second) }),
    post(target.modelUrl, body, { datetime: "20200101T000000Z" }),
  ]);
  for (const response of [unsigned, ...others]) {
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({ message: expect.any(String) });
  }
});

it("knows no other resource", async () => {
  const response = await post(target.modelUrl.replace(/predict$/, "other"), bodyOf(first));
  expect(response.status).toBe(403);
});
