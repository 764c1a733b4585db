import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create } from "tar";
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { type Received, startLoopback } from "@/test/loopback";
import { namesOf } from "../cdk/project";
import { trainInCloud } from "./train";

/** AWS's services on loopback, as far as the commands call them: their wire formats, and what a test makes them say. */
const root = new URL("../../", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "cytodesk-commands-"));
let aws: Awaited<ReturnType<typeof startLoopback>>;
let stacks: string[] = [];
let bootstrapped = true;
let execution: object[] = [];
let model: Buffer;
const calls: string[] = [];

const xml = (action: string, result: string) =>
  `<${action}Response xmlns="https://x/"><${action}Result>${result}</${action}Result></${action}Response>`;

function stackXml(name: string): string {
  const outputs = {
    BucketName: "bucket",
    StateMachineArn: "arn:aws:states:eu-central-1:123456789012:stateMachine:m",
  };
  const members = Object.entries(outputs).map(
    ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
  const status =
    "<StackStatus>CREATE_COMPLETE</StackStatus><CreationTime>2026-01-01T00:00:00Z</CreationTime>";
  return `<member><StackName>${name}</StackName>${status}<Outputs>${members.join("")}</Outputs></member>`;
}

/** What one call gets: a type, a body and a status. */
function answer({ method, path, headers, body }: Received): [string, string | Buffer, number] {
  const target = String(headers["x-amz-target"] ?? "");
  const form = new URLSearchParams(body);
  const action = target.split(".").at(-1) || form.get("Action") || `${method} ${path.split("?")[0]}`;
  calls.push(action === "DeleteStack" ? `${action} ${form.get("StackName")}` : action);
  const json = (value: object, status = 200): [string, string, number] => [
    "application/x-amz-json-1.1",
    JSON.stringify(value),
    status,
  ];
  switch (action) {
    case "GetCallerIdentity":
      return [
        "text/xml",
        xml(action, "<Arn>arn:aws:iam::123456789012:user/me</Arn><Account>123456789012</Account>"),
        200,
      ];
    case "GetParameter":
      return bootstrapped
        ? json({ Parameter: { Value: "21" } })
        : json({ __type: "ParameterNotFound", message: "none" }, 400);
    case "GetParameterHistory":
      return json({ Parameters: ["before", "served"].map((Value) => ({ Value })) });
    case "PutParameter":
      return json({ Version: 2 });
    case "DescribeStacks": {
      const one = form.get("StackName");
      const asked = one === null ? stacks : stacks.filter((name) => name === one);
      if (one !== null && asked.length === 0) {
        const error = `<Error><Code>ValidationError</Code><Message>Stack with id ${one} does not exist</Message></Error>`;
        return ["text/xml", `<ErrorResponse xmlns="https://x/">${error}</ErrorResponse>`, 400];
      }
      return ["text/xml", xml(action, `<Stacks>${asked.map(stackXml).join("")}</Stacks>`), 200];
    }
    case "DeleteStack":
      stacks = stacks.filter((name) => name !== form.get("StackName"));
      return ["text/xml", xml(action, ""), 200];
    case "StartExecution":
      return json({ executionArn: "arn:e", startDate: 1 });
    case "DescribeExecution":
      return json({
        executionArn: "arn:e",
        startDate: 1,
        ...(execution.length > 1 ? execution.shift() : execution[0]),
      });
  }
  if (method === "GET") return ["application/x-tar", model, 200];
  return headers["x-amz-copy-source"] === undefined
    ? ["application/xml", "", 200]
    : ["application/xml", "<CopyObjectResult><ETag>x</ETag></CopyObjectResult>", 200];
}

beforeAll(async () => {
  await create({ file: join(folder, "model.tar.gz"), gzip: true, cwd: `${root}tables/wdbc` }, [
    "artifact.json",
  ]);
  for (const part of ["train", "validation"]) writeFileSync(join(folder, `${part}.csv`), "1,2,3\n");
  aws = await startLoopback((request, response) => {
    const [type, body, status] = answer(request);
    response.writeHead(status, { "content-type": type }).end(body);
  });
});
beforeEach(() => {
  calls.length = 0;
  bootstrapped = true;
  stacks = [];
  model = readFileSync(join(folder, "model.tar.gz"));
  for (const [name, value] of Object.entries(environment())) vi.stubEnv(name, value);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await aws.close();
  rmSync(folder, { recursive: true });
});

const environment = () => ({
  AWS_ENDPOINT_URL: aws.url,
  AWS_REGION: "eu-central-1",
  AWS_ACCESS_KEY_ID: "AKIAEXAMPLE",
  AWS_SECRET_ACCESS_KEY: "secret",
});

/** Runs a command as npm does, with no terminal to answer at. */
function run(args: string[], env: Record<string, string> = environment()) {
  return new Promise<{ code: number; out: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      ["--import", "tsx", "aws/commands/cli.ts", ...args],
      {
        cwd: root,
        env: { PATH: process.env.PATH, NODE_ENV: "test", AWS_EC2_METADATA_DISABLED: "true", ...env },
      },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : 1, out: stdout + stderr }),
    );
    child.stdin?.end();
  });
}

it.each([
  [["diff"], { AWS_REGION: "" }, "Set AWS_REGION"],
  [["deploy"], { AWS_REGION: "eu-central-1" }, "AWS credentials are missing"],
  [["deploy", "-c", "endpoint=tiny"], {}, "endpoint must be serverless or instance"],
  [["deploy", "-c", "web=ec2"], {}, "webAllowedIps must be"],
  [["fly"], {}, "npm run aws:synth|diff|deploy|train|rollback|destroy"],
  [["synth", "--fast"], {}, "npm run aws:synth|diff|deploy|train|rollback|destroy"],
])("%j without what it needs says so before it does anything", async (args, env, says) => {
  const { code, out } = await run(args as string[], env as Record<string, string>);
  expect(out).toContain(says);
  expect(code).toBe(1);
  expect(calls).toEqual([]);
});

it("deploy tells how to set up the CDK where it is not", async () => {
  bootstrapped = false;
  const { code, out } = await run(["deploy"]);
  expect(out).toContain("npx cdk bootstrap aws://123456789012/eu-central-1");
  expect(code).toBe(1);
});

it("deploy asks the program that CDK_DOCKER names whether it runs", async () => {
  const [runs, doesNot] = await Promise.all(
    ["true", "false"].map((CDK_DOCKER) => run(["deploy"], { ...environment(), CDK_DOCKER })),
  );
  expect(runs?.out).toContain("Nothing was deployed.");
  expect(doesNot?.out).toContain("false does not run here");
});

it("destroy lists what it removes and removes nothing that nobody agreed to", async () => {
  stacks = ["CytodeskData", "CytodeskApi", "Other"];
  const { code, out } = await run(["destroy"]);
  expect(out).toMatch(/CytodeskApi[\s\S]*CytodeskData/);
  expect(out).not.toContain("Other");
  expect(out).toContain("Nothing was removed.");
  expect(code).toBe(1);
  expect(stacks).toHaveLength(3);
});

it("destroy removes the stacks one by one, nothing before what uses it", async () => {
  stacks = [
    "CytodeskData",
    "CytodeskEndpoint-instance",
    "CytodeskApi",
    "CytodeskEndpoint-serverless",
    "Other",
  ];
  const { code, out } = await run(["destroy", "--yes"]);
  expect(out).toContain("Removing CytodeskApi");
  expect(code).toBe(0);
  expect(calls.filter((call) => call.startsWith("DeleteStack"))).toEqual([
    "DeleteStack CytodeskApi",
    "DeleteStack CytodeskEndpoint-serverless",
    "DeleteStack CytodeskEndpoint-instance",
    "DeleteStack CytodeskData",
  ]);
  expect(stacks).toEqual(["Other"]);
});

it("rollback says from which model to which, and changes nothing that nobody agreed to", async () => {
  stacks = ["CytodeskApi", "CytodeskEndpoint-serverless"];
  const { code, out } = await run(["rollback"]);
  expect(out).toMatch(/region eu-central-1[\s\S]*from +served\nto +before +\(quadratic-logistic-regression/);
  expect(out).toContain("Nothing was changed.");
  expect(code).toBe(1);
  expect(calls).not.toContain("PutParameter");
});

it("train wants a deployed stack", async () => {
  const { code, out } = await run(["train", "--yes"]);
  expect(out).toContain("is not deployed in eu-central-1");
  expect(code).toBe(1);
});

const training = (reported: string[] = []) => ({
  region: "eu-central-1",
  names: namesOf(),
  bucket: "bucket",
  stateMachineArn: "arn:aws:states:eu-central-1:123456789012:stateMachine:m",
  files: { train: join(folder, "train.csv"), validation: join(folder, "validation.csv") },
  modelPackageGroup: undefined,
  isForced: false,
  report: (line: string) => reported.push(line),
  pollMs: 1,
});
const succeeded = (S3ModelArtifacts: string) => ({
  status: "SUCCEEDED",
  output: JSON.stringify({
    ModelArtifacts: { S3ModelArtifacts },
    AlgorithmSpecification: { TrainingImage: "image" },
  }),
});

it("training uploads, waits, checks the model and promotes it", async () => {
  execution = [{ status: "RUNNING" }, succeeded("s3://bucket/training/job/output/model.tar.gz")];
  const reported: string[] = [];
  const trained = await trainInCloud(training(reported));
  const { hash } = JSON.parse(readFileSync(`${root}tables/wdbc/artifact.json`, "utf8"));
  expect(trained).toEqual({ ok: true, value: `models/${hash}/model.tar.gz` });
  expect(reported.join("\n")).toMatch(/RUNNING[\s\S]*SUCCEEDED[\s\S]*Promoted/);
  expect(calls.map((call) => call.replace(/cytodesk-[\w-]+/, "job"))).toEqual([
    "PUT /bucket/split/job/train/train.csv",
    "PUT /bucket/split/job/validation/validation.csv",
    "StartExecution",
    "DescribeExecution",
    "DescribeExecution",
    "GET /bucket/training/job/output/model.tar.gz",
    "GetParameter",
    "GET /bucket/21",
    `PUT /bucket/models/${hash}/model.tar.gz`,
    "PutParameter",
  ]);
});

it.each([
  [
    "a failed job",
    { status: "FAILED", error: "AlgorithmError", cause: "row 3" },
    "FAILED: AlgorithmError row 3",
  ],
  ["an output that says nothing", { status: "SUCCEEDED", output: "{}" }, "does not say where its model is"],
  ["a model elsewhere", succeeded("s3://another/model.tar.gz"), "outside the bucket"],
])("training promotes nothing after %s", async (_, last, says) => {
  execution = [last];
  expect(await trainInCloud(training())).toEqual({ ok: false, error: expect.stringContaining(says) });
  expect(calls).not.toContain("PutParameter");
});

it("trainings that begin at once have names and data of their own", async () => {
  execution = [{ status: "FAILED" }];
  await Promise.all([trainInCloud(training()), trainInCloud(training())]);
  const uploads = calls.filter((call) => call.startsWith("PUT /bucket/split/"));
  expect(new Set(uploads).size).toBe(4);
  for (const upload of uploads) expect(upload).toMatch(/\/cytodesk-\d{8}T\d{6}-[0-9a-f]{6}\//);
});

it("training promotes nothing that is not a model", async () => {
  execution = [succeeded("s3://bucket/training/job/output/model.tar.gz")];
  model = Buffer.from("not a tarball");
  expect(await trainInCloud(training())).toEqual({
    ok: false,
    error: expect.stringContaining("no model that can be read"),
  });
  expect(calls).not.toContain("PutParameter");
});
