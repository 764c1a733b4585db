import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create } from "tar";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { startAwsAccount } from "@/test/aws-account";
import { startS3 } from "@/test/s3-double";
import { inProject } from "../cdk/project";

/**
 * Training and going back through the whole command line, on an account on loopback, up to what the CDK's program is asked
 * for. They run in a copy of the project, since a command makes bundles and templates anew that other tests read; in it
 * a program that notes its arguments stands for the CDK's.
 */
const copy = mkdtempSync(join(tmpdir(), "cytodesk-served-"));
const noted = join(copy, "cdk.json");
const PARAMETER = "/cytodesk/model-key";
const TRAINED = "training/job/output/model.tar.gz";
const STAND_IN = `
  const { writeFileSync } = require("node:fs");
  const { AWS_REGION, BUILDAH_FORMAT, CDK_STAND_IN } = process.env;
  writeFileSync(${JSON.stringify(noted)}, JSON.stringify({ args: process.argv.slice(2), AWS_REGION, BUILDAH_FORMAT }));
  process.exit(Number(CDK_STAND_IN));
`;
let aws: Awaited<ReturnType<typeof startAwsAccount>>;
let s3: Awaited<ReturnType<typeof startS3>>;
let model: Buffer;

beforeAll(async () => {
  for (const part of ["aws", "lib", "model", "tables", "package.json", "tsconfig.json"]) {
    const isUsed = (path: string) =>
      !/node_modules|\/generated\b|\.test\.ts$/.test(path.slice(inProject("").length));
    cpSync(inProject(part), join(copy, part), { recursive: true, filter: isUsed });
  }
  const packages = inProject("node_modules");
  mkdirSync(join(copy, "node_modules/aws-cdk/bin"), { recursive: true });
  writeFileSync(join(copy, "node_modules/aws-cdk/bin/cdk"), STAND_IN);
  for (const name of readdirSync(packages)) {
    if (name !== "aws-cdk") symlinkSync(join(packages, name), join(copy, "node_modules", name));
  }
  await create({ file: join(copy, "model.tar.gz"), gzip: true, cwd: inProject("tables/wdbc") }, [
    "artifact.json",
  ]);
  model = readFileSync(join(copy, "model.tar.gz"));
  writeFileSync(join(copy, "rows.csv"), "1,2,3\n");
  [aws, s3] = await Promise.all([startAwsAccount(), startS3()]);
  aws.isSlow = false;
});
beforeEach(() => {
  rmSync(noted, { force: true });
  aws.stacks.clear();
  aws.parameters.clear();
  const StateMachineArn = "arn:aws:states:eu-central-1:123456789012:stateMachine:m";
  aws.addStack("CytodeskApi", { BucketName: "bucket", StateMachineArn });
  aws.addStack("CytodeskEndpoint-instance");
  aws.putParameter("/cytodesk/settings", JSON.stringify({ endpoint: "instance", alarmEmail: "none" }), "");
  for (const key of ["models/first.tar.gz", "models/second.tar.gz"]) {
    s3.objects.set(`bucket/${key}`, model);
    aws.putParameter(PARAMETER, key, "");
  }
  s3.objects.set(`bucket/${TRAINED}`, model);
});
afterAll(async () => {
  await Promise.all([aws.close(), s3.close()]);
  rmSync(copy, { recursive: true });
});

function run(args: string[], CDK_STAND_IN = "0") {
  return new Promise<{ code: number; out: string }>((resolve) => {
    const env = {
      ...aws.environment(),
      AWS_ENDPOINT_URL_S3: s3.url,
      AWS_EC2_METADATA_DISABLED: "true",
      CDK_STAND_IN,
    };
    execFile(
      process.execPath,
      ["--import", "tsx", "aws/commands/cli.ts", ...args],
      { cwd: copy, env: { PATH: process.env.PATH, NODE_ENV: "test", ...env } },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : 1, out: stdout + stderr }),
    ).stdin?.end();
  });
}

const versions = () => aws.parameters.get(PARAMETER)?.versions.map(({ Value }) => Value);
/** What the CDK's program was asked for; null where it was not. */
const asked = () => (existsSync(noted) ? JSON.parse(readFileSync(noted, "utf8")) : null);

/** One endpoint alone, although its template is the same, with the settings that are in force. */
const ENDPOINT = {
  args: expect.arrayContaining([
    ...["deploy", "CytodeskEndpoint-instance", "--exclusively", "--force"],
    ...["--context", "endpoint=instance", "--context", "alarmEmail=none"],
  ]),
  AWS_REGION: "eu-central-1",
  BUILDAH_FORMAT: "docker",
};

it("rollback --yes serves the model before, and has that endpoint deployed", async () => {
  const { code, out } = await run(["rollback", "--yes"]);
  expect(out).toMatch(/from +models\/second\.tar\.gz\nto +models\/first\.tar\.gz/);
  expect(code).toBe(0);
  expect(versions()?.slice(2)).toEqual(["models/first.tar.gz"]);
  expect(asked()).toEqual(ENDPOINT);
  for (const name of ["lambda", "container"])
    expect(existsSync(join(copy, `dist/${name}/index.cjs`))).toBe(true);
});

it("rollback says what to do where the model is chosen and the endpoint could not be deployed", async () => {
  const { code, out } = await run(["rollback", "--yes"], "1");
  expect(out).toContain(
    "The model is chosen, but its endpoint was not deployed. npm run aws:deploy does so.",
  );
  expect(code).toBe(1);
  expect(versions()).toHaveLength(3);
});

it("train --yes uploads, trains, promotes and has the endpoint deployed; after a failed job it deploys nothing", async () => {
  const train = ["train", "--yes", "--train", "rows.csv", "--validation", "rows.csv"];
  aws.runJob = () => ({ status: "FAILED", error: "AlgorithmError", cause: "row 3" });
  const failed = await run(train);
  expect(failed.out).toContain("The training ended as FAILED: AlgorithmError row 3");
  expect(failed.code).toBe(1);
  expect(asked()).toBeNull();
  expect(versions()).toHaveLength(2);

  const output = {
    ModelArtifacts: { S3ModelArtifacts: `s3://bucket/${TRAINED}` },
    AlgorithmSpecification: { TrainingImage: "image" },
  };
  aws.runJob = () => ({ status: "SUCCEEDED", output: JSON.stringify(output) });
  const { code, out } = await run(train);
  const promoted = `models/${JSON.parse(readFileSync(inProject("tables/wdbc/artifact.json"), "utf8")).hash}/model.tar.gz`;
  expect(out).toContain(`Promoted ${promoted}.`);
  expect(code).toBe(0);
  expect(versions()?.slice(2)).toEqual([promoted]);
  expect(asked()).toEqual(ENDPOINT);
});
