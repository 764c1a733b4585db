// Extends zod, which has to come before the first schema is made.
import "@hono/zod-openapi";

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { MAX_INSTANCES, predictRequest } from "@/lib/contract";
import type { Handler } from "@/lib/inference/handler";
import { createInProcessEndpoint } from "@/lib/inference/in-process-endpoint";
import { parseArtifact } from "@/model/artifact";
import { assess } from "@/model/assess";
import { parseDataset } from "@/model/dataset";
import { createPredictor } from "@/model/predict";
import { answerProgram } from "@/server/api";
import { FEATURES, table } from "@/tables/current";
import { artifactJson as artifact, goldenJson as golden } from "@/tables/current-model";
import { bundleInto } from "@/test/bundles";
import { startLoopback } from "@/test/loopback";
import { createInference, type Inference } from "./inference";

const root = new URL("../../../", import.meta.url).pathname;
/** Enough of any table, and no more than a request can have. */
const rows = parseDataset(readFileSync(`${root}${table.dataFile}`, "utf8")).features.slice(0, 600);
const installed = parseArtifact(artifact);
const predictor = createPredictor(installed);
/** Probabilities, diagnoses and labels as JSON text: equal text is equal to the last bit. */
const expected = JSON.stringify(
  rows.map((row) => {
    const prediction = predictor.predict(row);
    return brief({ ...prediction, label: assess(installed, row, prediction).label });
  }),
);

type Brief = { diagnosis: string; probability: number; label: string | null };
function brief({ diagnosis, probability, label }: Brief) {
  return { diagnosis, probability, label };
}

const folder = mkdtempSync(join(tmpdir(), "any-table-"));
const timeoutMs = 10_000;
const closing: (() => Promise<void>)[] = [];
const paths: Record<string, Inference> = {};
const received: Record<string, Awaited<ReturnType<typeof startLoopback>>["received"]> = {};

beforeAll(async () => {
  paths.embedded = createInference({ target: { kind: "embedded" }, timeoutMs });

  const credentials = { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "secret" };
  // Answers POST /endpoints/NAME/invocations as the container does.
  const endpoint = createInProcessEndpoint(artifact);
  const container = await startLoopback(({ body }, response) => {
    const answer = endpoint.answer(predictRequest.parse(JSON.parse(body)).instances);
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
  vi.stubEnv("AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME", container.url);
  vi.stubEnv("AWS_ACCESS_KEY_ID", credentials.accessKeyId);
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", credentials.secretAccessKey);
  vi.stubEnv("AWS_REGION", "eu-central-1");

  vi.stubEnv("ENDPOINT_NAME", "cyto-1");
  vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
  vi.stubEnv("POWERTOOLS_METRICS_DISABLED", "true");
  const bundle: { handler: Handler } = createRequire(import.meta.url)(bundleInto(folder, "lambda"));
  const gateway = await startLoopback(async ({ body, headers }, response) => {
    const answer = await bundle.handler({
      body,
      isBase64Encoded: false,
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
      requestContext: { requestId: "gateway" },
    });
    response.writeHead(answer.statusCode, answer.headers).end(answer.body);
  });
  paths.https = createInference({
    target: { kind: "https", url: `${gateway.url}/predict` },
    timeoutMs,
    credentials: async () => credentials,
    region: "eu-central-1",
  });
  received.https = gateway.received;

  const target = { kind: "sagemaker", region: "eu-central-1", endpointName: "cyto-1" } as const;
  paths.sagemaker = createInference({ target, timeoutMs });
  received.sagemaker = container.received;
  closing.push(gateway.close, container.close);

  // Another installation of this application, whose model is in its process.
  const other = createServer((request, response) => void answerProgram(request, response));
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as AddressInfo;
  paths.oip = createInference({
    target: { kind: "oip", url: `http://127.0.0.1:${port}/v2/models/${table.name}` },
    timeoutMs,
  });
  closing.push(async () => {
    other.closeAllConnections();
    await new Promise((resolve) => other.close(resolve));
  });
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
  await Promise.all(closing.map((close) => close()));
});

/** Whichever class: only the values are looked at. */
const goldenRows = parseDataset(golden.cases.map(({ csv }) => `0,${csv}`).join("\n"), {
  header: false,
}).features;

const KINDS = ["embedded", "https", "sagemaker", "oip"];

it.each(KINDS)("all rows in one request through %s equal the model's own predictions", async (kind) => {
  const answer = await paths[kind]?.predict(rows);
  if (!answer?.ok) throw new Error(JSON.stringify(answer));
  expect(JSON.stringify(answer.value.predictions.map(brief))).toBe(expected);
  expect(answer.value).toMatchObject({ backend: kind, model: predictor.identity });
});

it.each(KINDS)("all rows one by one through %s equal the model's own predictions", async (kind) => {
  const answers: unknown[] = [];
  for (const row of rows) {
    const answer = await paths[kind]?.predict([row]);
    if (!answer?.ok) throw new Error(JSON.stringify(answer));
    answers.push(...answer.value.predictions.map(brief));
  }
  expect(JSON.stringify(answers)).toBe(expected);
});

it("the whole assessment is the same through every path", async () => {
  const answers = await Promise.all(KINDS.map((kind) => paths[kind]?.predict(rows.slice(0, 20))));
  const [first, ...others] = answers.map((a) => (a?.ok ? JSON.stringify(a.value.predictions) : a));
  for (const other of others) expect(other).toBe(first);
});

it.each(KINDS)("the golden vectors come back through %s", async (kind) => {
  const answer = await paths[kind]?.predict(goldenRows);
  if (!answer?.ok) throw new Error(JSON.stringify(answer));
  expect(answer.value.model).toMatchObject(golden.model);
  // A caution may make a label uncertain, of which golden vectors know nothing.
  const scored = ({ diagnosis, probability }: Pick<Brief, "diagnosis" | "probability">) => ({
    diagnosis,
    probability,
  });
  expect(JSON.stringify(answer.value.predictions.map(scored))).toBe(JSON.stringify(golden.cases.map(scored)));
});

it("the request id reaches every hop, and both remote paths are signed", async () => {
  await paths.https?.predict(rows.slice(0, 1), { requestId: "trace-1" });
  await paths.sagemaker?.predict(rows.slice(0, 1), { requestId: "trace-1" });
  expect(received.https?.at(-1)?.headers).toMatchObject({
    "x-request-id": "trace-1",
    authorization: expect.stringMatching(/\/eu-central-1\/execute-api\/aws4_request/),
  });
  expect(received.sagemaker?.at(-1)).toMatchObject({
    path: "/endpoints/cyto-1/invocations",
    headers: {
      "x-amzn-sagemaker-custom-attributes": "trace-1",
      authorization: expect.stringMatching(/\/eu-central-1\/sagemaker\/aws4_request/),
    },
  });
});

it("as many rows as a request can have fit the tightest limit, also where all their measurements stand out", async () => {
  const odd = rows.map((values) =>
    values.map((value, j) => (FEATURES[j]?.type === "number" ? value * 1000 : value)),
  );
  const many = Array.from({ length: MAX_INSTANCES }, (_, i) => odd[i % odd.length] ?? []);
  for (const kind of KINDS) {
    const answer = await paths[kind]?.predict(many);
    if (!answer?.ok) throw new Error(JSON.stringify(answer));
    expect(answer.value.predictions).toHaveLength(MAX_INSTANCES);
    expect(JSON.stringify(answer.value).length).toBeLessThan(4_000_000);
  }
});
