import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, expect, it } from "vitest";
import golden from "../../tables/wdbc/golden.json";
import { bundleInto } from "../../test/bundles";
import { startLoopback } from "../../test/loopback";

const folder = mkdtempSync(join(tmpdir(), "cytodesk-cold-start-"));
const bundle = bundleInto(folder, "lambda");
const [golden1] = golden.cases;
const endpoint = await startLoopback((_, response) => {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify({ predictions: [{ score: golden1?.probability, predicted_label: 1 }] }));
});
afterAll(async () => {
  await endpoint.close();
  rmSync(folder, { recursive: true });
});

type Line = Record<string, unknown>;

/** Runs the bundle in a process of its own, as an environment of Lambda does: for two requests, one after the other. */
async function twoRequests(): Promise<Line[]> {
  const event = { body: JSON.stringify({ instances: [{ features: golden1?.csv.split(",").map(Number) }] }) };
  const script = `
    const { handler } = require(${JSON.stringify(bundle)});
    const context = (awsRequestId) => ({
      awsRequestId, functionName: "cytodesk-predict", functionVersion: "$LATEST", memoryLimitInMB: "512",
      invokedFunctionArn: "arn:aws:lambda:eu-central-1:123456789012:function:cytodesk-predict",
    });
    (async () => {
      for (const id of ["first", "second"]) await handler(${JSON.stringify(event)}, context(id));
    })();`;
  const child = spawn(process.execPath, ["-e", script], {
    env: {
      PATH: process.env.PATH,
      NODE_ENV: "production",
      ENDPOINT_NAME: "cytodesk-serverless",
      AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: endpoint.url,
      AWS_REGION: "eu-central-1",
      AWS_ACCESS_KEY_ID: "AKIATEST",
      AWS_SECRET_ACCESS_KEY: "not-a-secret",
      AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
      _X_AMZN_TRACE_ID: "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=557abcec3ee5a047;Sampled=1",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [output] = await Promise.all([text(child.stdout), once(child, "exit")]);
  return output
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
}

it("says in its log which request met a cold start, by which trace it is found, and counts it", async () => {
  const lines = await twoRequests();
  const logged = lines.filter(({ message }) => message === "answered");
  const traced = { xray_trace_id: "1-5759e988-bd862e3fe1be46a994272793" };
  expect(logged).toMatchObject([
    { cold_start: true, function_request_id: "first", ...traced },
    { cold_start: false, function_request_id: "second", ...traced },
  ]);
  expect(
    lines.flatMap(({ ColdStart, service }) => (ColdStart === undefined ? [] : [[ColdStart, service]])),
  ).toEqual([[1, "cytodesk"]]);
});

it("is no larger than what is wanted of a cold start", () => {
  expect(statSync(bundle).size).toBeLessThan(350_000);
});
