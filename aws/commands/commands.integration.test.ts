import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create } from "tar";
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { startAwsAccount } from "@/test/aws-account";
import { startS3 } from "@/test/s3-double";
import { namesOf } from "../cdk/project";
import { trainInCloud } from "./train";

/** The command line, on an account on loopback. */
const root = new URL("../../", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "cytodesk-commands-"));
const BOOTSTRAP = "/cdk-bootstrap/hnb659fds/version";
const MODEL = "training/job/output/model.tar.gz";
const outputs = {
  BucketName: "bucket",
  StateMachineArn: "arn:aws:states:eu-central-1:123456789012:stateMachine:m",
};
let aws: Awaited<ReturnType<typeof startAwsAccount>>;
let s3: Awaited<ReturnType<typeof startS3>>;
let model: Buffer;

beforeAll(async () => {
  await create({ file: join(folder, "model.tar.gz"), gzip: true, cwd: `${root}tables/wdbc` }, [
    "artifact.json",
  ]);
  model = readFileSync(join(folder, "model.tar.gz"));
  for (const part of ["train", "validation"]) writeFileSync(join(folder, `${part}.csv`), "1,2,3\n");
  writeFileSync(
    join(folder, "config"),
    "[profile clinic]\nregion = eu-central-1\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = secret\n",
  );
  [aws, s3] = await Promise.all([startAwsAccount(), startS3()]);
});
beforeEach(() => {
  aws.calls.length = 0;
  s3.requests.length = 0;
  aws.stacks.clear();
  aws.parameters.clear();
  aws.putParameter(BOOTSTRAP, "21", "");
  s3.objects.clear();
  s3.objects.set(`bucket/${MODEL}`, model);
  for (const [name, value] of Object.entries(environment())) vi.stubEnv(name, value);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await Promise.all([aws.close(), s3.close()]);
  rmSync(folder, { recursive: true });
});

const environment = () => ({ ...aws.environment(), AWS_ENDPOINT_URL_S3: s3.url });
const deployed = (...names: string[]) => {
  for (const name of names) aws.addStack(name, outputs);
};

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
  [["synth", "-c", "batch=sagemaker"], {}, "batch must be"],
  [["deploy", "-c", "alarmMail=a@example.org"], {}, "There is no setting alarmMail. There are: stage, "],
  [["fly"], {}, "npm run aws:synth|diff|deploy|status|logs|backup|train|rollback|destroy"],
])("%j without what it needs says so before it does anything", async (args, env, says) => {
  const { code, out } = await run(args as string[], env as Record<string, string>);
  expect(out).toContain(says);
  expect(code).toBe(1);
  expect(aws.calls).toEqual([]);
});

it("deploy tells how to set up the CDK where it is not", async () => {
  aws.parameters.clear();
  const { code, out } = await run(["deploy"]);
  expect(out).toContain("npx cdk bootstrap aws://123456789012/eu-central-1");
  expect(code).toBe(1);
});

it("deploy asks the program that CDK_DOCKER names whether it runs", async () => {
  const [runs, doesNot] = await Promise.all(
    ["true", "false"].map((CDK_DOCKER) => run(["deploy"], { ...environment(), CDK_DOCKER })),
  );
  expect(runs?.out).not.toContain("does not run here");
  expect(runs?.out).toContain("alarmEmail");
  expect(doesNot?.out).toContain("false does not run here");
});

it("destroy lists what it removes and removes nothing that nobody agreed to", async () => {
  deployed("CytodeskData", "CytodeskApi", "Other");
  const { code, out } = await run(["destroy"]);
  expect(out).toMatch(/CytodeskApi[\s\S]*CytodeskData/);
  expect(out).not.toContain("Other");
  expect(out).toContain("Nothing was removed.");
  expect(code).toBe(1);
  expect([...aws.stacks.keys()]).toHaveLength(3);
});

it("destroy removes the stacks one by one, nothing before what uses it, and lists what remains", async () => {
  deployed("CytodeskData", "CytodeskEndpoint-instance", "CytodeskEndpoint-serverless", "Other");
  deployed("Cytodesk-dev-Api");
  aws.addStack("CytodeskApi", {
    ...outputs,
    ModelUrl: "https://abc1.execute-api.eu-central-1.amazonaws.com/prod/predict",
  });
  aws.putParameter("/cytodesk/settings", "{}", "");
  for (const project of ["cytodesk", "cytodesk-dev", "cytodesk"])
    aws.retained.push({ arn: `arn:aws:s3:::${project}-${aws.retained.length}`, project });
  for (const group of ["API-Gateway-Execution-Logs_abc1/prod", "API-Gateway-Execution-Logs_other/prod"])
    aws.logs.set(group, []);
  aws.images = 3;
  const { code, out } = await run(["destroy", "--yes"]);
  expect(out).toContain("Removing CytodeskApi");
  expect(code).toBe(0);
  expect(aws.calls.filter((call) => call.startsWith("DeleteStack"))).toEqual([
    "DeleteStack CytodeskApi",
    "DeleteStack CytodeskEndpoint-serverless",
    "DeleteStack CytodeskEndpoint-instance",
    "DeleteStack CytodeskData",
  ]);
  // Those of another stage, and what is not this application's, stay.
  expect([...aws.stacks.keys()]).toEqual(["Other", "Cytodesk-dev-Api"]);
  expect(aws.parameters.has("/cytodesk/settings")).toBe(false);
  expect(out.split("Still in the account:\n")[1]?.split("\n").slice(0, 4)).toEqual([
    "  arn:aws:s3:::cytodesk-0",
    "  arn:aws:s3:::cytodesk-2",
    "  log group API-Gateway-Execution-Logs_abc1/prod",
    "  3 images in ECR's cdk-hnb659fds-container-assets-123456789012-eu-central-1, of every CDK application of the account",
  ]);
});

it("works in the region of the profile, and on the stage that is named", async () => {
  deployed("Cytodesk-dev-Data", "CytodeskApi");
  const env = {
    AWS_ENDPOINT_URL: aws.url,
    AWS_PROFILE: "clinic",
    AWS_CONFIG_FILE: join(folder, "config"),
  };
  const { out } = await run(["destroy", "-c", "stage=dev"], env);
  expect(out).toContain("region eu-central-1");
  expect(out).toContain("  Cytodesk-dev-Data  ");
  expect(out).not.toContain("CytodeskApi");
});

it("rollback says from which model to which, and changes nothing that nobody agreed to", async () => {
  deployed("CytodeskApi", "CytodeskEndpoint-serverless");
  s3.objects.set("bucket/before", model);
  for (const key of ["before", "served"]) aws.putParameter("/cytodesk/model-key", key, "");
  const { code, out } = await run(["rollback"]);
  expect(out).toMatch(/region eu-central-1[\s\S]*from +served\nto +before +\(quadratic-logistic-regression/);
  expect(out).toContain("Nothing was changed.");
  expect(code).toBe(1);
  expect(aws.calls).not.toContain("PutParameter");
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

const ends = (execution: object) => {
  aws.runJob = () => execution;
};

it("training uploads, waits, checks the model and promotes it", async () => {
  ends(succeeded(`s3://bucket/${MODEL}`));
  aws.putParameter("/cytodesk/model-key", "served", "");
  const reported: string[] = [];
  const trained = await trainInCloud(training(reported));
  const { hash } = JSON.parse(readFileSync(`${root}tables/wdbc/artifact.json`, "utf8"));
  expect(trained).toEqual({ ok: true, value: `models/${hash}/model.tar.gz` });
  expect(reported.join("\n")).toMatch(/RUNNING[\s\S]*SUCCEEDED[\s\S]*Promoted/);
  expect(s3.requests.map((request) => request.replace(/cytodesk-[\w-]+/, "job"))).toEqual([
    "PUT bucket/split/job/train/train.csv",
    "PUT bucket/split/job/validation/validation.csv",
    `GET bucket/${MODEL}`,
    "GET bucket/served",
    `PUT bucket/models/${hash}/model.tar.gz`,
  ]);
  expect(aws.calls).toEqual([
    "StartExecution",
    "DescribeExecution",
    "DescribeExecution",
    "GetParameter",
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
  ends(last);
  expect(await trainInCloud(training())).toEqual({ ok: false, error: expect.stringContaining(says) });
  expect(aws.calls).not.toContain("PutParameter");
});

it("trainings that begin at once have names and data of their own", async () => {
  ends({ status: "FAILED" });
  await Promise.all([trainInCloud(training()), trainInCloud(training())]);
  const uploads = s3.requests.filter((request) => request.startsWith("PUT bucket/split/"));
  expect(new Set(uploads).size).toBe(4);
  for (const upload of uploads) expect(upload).toMatch(/\/cytodesk-\d{8}T\d{6}-[0-9a-f]{6}\//);
});

it("training promotes nothing that is not a model", async () => {
  ends(succeeded(`s3://bucket/${MODEL}`));
  s3.objects.set(`bucket/${MODEL}`, Buffer.from("not a tarball"));
  expect(await trainInCloud(training())).toEqual({
    ok: false,
    error: expect.stringContaining("no model that can be read"),
  });
  expect(aws.calls).not.toContain("PutParameter");
});
