import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { create } from "tar";
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { splitRows } from "@/model/split";
import { startAwsAccount } from "@/test/aws-account";
import { bundleInto } from "@/test/bundles";
import { startS3 } from "@/test/s3-double";
import { namesOf } from "../cdk/project";
import { findRollback, rollBack } from "./models";
import { trainInCloud } from "./train";

/**
 * Training, the gate and going back on one account whose bucket and parameter outlast each command. A training job is the
 * project's own container: its bundle trains on what was uploaded.
 */
const root = new URL("../../", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "promotion-"));
/** Its own, since other tests write theirs anew meanwhile. */
let bundle = "";
const store = { region: "eu-central-1", bucket: "bucket", names: namesOf() };
const PARAMETER = "/cytodesk/model-key";
const committed = JSON.parse(readFileSync(join(root, "tables/wdbc/artifact.json"), "utf8")) as {
  hash: string;
};
const first = `models/${committed.hash}/model.tar.gz`;

let s3: Awaited<ReturnType<typeof startS3>>;
let aws: Awaited<ReturnType<typeof startAwsAccount>>;
/** Every version of the parameter, oldest first. */
const versions = () => aws.parameters.get(PARAMETER)?.versions ?? [];

type Input = Record<string, string>;

/** What SageMaker does with a job: channels in, `train`, the model folder out, and its metrics read from the log. */
function runJob({ jobName, ...channels }: { jobName: string } & Input): object {
  const mlRoot = join(folder, jobName);
  for (const [path, content] of s3.objects) {
    const channel = ["train", "validation"].find((name) => path.startsWith(`bucket/${channels[name]}`));
    if (channel === undefined) continue;
    const file = join(mlRoot, "input/data", channel, `${channel}.csv`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  const { status, stdout } = spawnSync(process.execPath, [bundle, "train"], {
    encoding: "utf8",
    env: { PATH: process.env.PATH, NODE_ENV: "test", ML_ROOT: mlRoot },
  });
  if (status !== 0) {
    const cause = readFileSync(join(mlRoot, "output/failure"), "utf8");
    return { status: "FAILED", error: "AlgorithmError", cause };
  }
  const key = `training/${jobName}/output/model.tar.gz`;
  pack(join(mlRoot, "model"), key);
  const FinalMetricDataList = [...stdout.matchAll(/(validation:\w+)=([0-9.]+)/g)].map(
    ([, MetricName, value]) => ({ MetricName, Value: Number(value), Timestamp: 1 }),
  );
  const output = {
    ModelArtifacts: { S3ModelArtifacts: `s3://bucket/${key}` },
    AlgorithmSpecification: { TrainingImage: "image" },
    FinalMetricDataList,
  };
  return { status: "SUCCEEDED", output: JSON.stringify(output) };
}

function pack(cwd: string, key: string): void {
  const file = join(folder, "model.tar.gz");
  create({ sync: true, file, gzip: true, cwd }, ["artifact.json"]);
  s3.objects.set(`bucket/${key}`, readFileSync(file));
}

/** The table's rows as training takes them: headerless, 1 or 0 first. */
const lines = readFileSync(join(root, "tables/wdbc/data.csv"), "utf8")
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => line.replace(/^M/, "1").replace(/^B/, "0"));
const parts = splitRows(lines.length);
const inverted = (line: string) => `${line.startsWith("1") ? 0 : 1}${line.slice(1)}`;

/** A third of the split's rows, in a tenth of the time: the second is as good as all, the first makes a model that is often uncertain. */
const third = (from: number) => parts.train.filter((_, at) => at % 3 === from);

async function trainOn(change: (line: string) => string, { isForced = false, rows = third(0) } = {}) {
  const files = { train: join(folder, "train.csv"), validation: join(folder, "validation.csv") };
  writeFileSync(files.train, rows.map((row) => change(lines[row] as string)).join("\n"));
  writeFileSync(files.validation, parts.validation.map((row) => lines[row]).join("\n"));
  const reported: string[] = [];
  const report = (line: string) => void reported.push(line);
  const stateMachineArn = "arn:aws:states:eu-central-1:123456789012:stateMachine:m";
  const deployed = { ...store, stateMachineArn, modelPackageGroup: "models" };
  const result = await trainInCloud({ ...deployed, files, isForced, report, pollMs: 1 });
  return { result, reported: reported.join("\n") };
}

beforeAll(async () => {
  bundle = bundleInto(folder, "container");
  s3 = await startS3();
  aws = await startAwsAccount();
  aws.runJob = (input) => runJob(JSON.parse(input) as { jobName: string } & Input);
  for (const [name, value] of Object.entries(aws.environment())) vi.stubEnv(name, value);
  vi.stubEnv("AWS_ENDPOINT_URL_S3", s3.url);
});
beforeEach(() => {
  s3.objects.clear();
  pack(join(root, "tables/wdbc"), first);
  aws.packages.length = 0;
  aws.parameters.clear();
  aws.putParameter(PARAMETER, first, "Key of the served model.tar.gz in the bucket");
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await Promise.all([aws.close(), s3.close()]);
  rmSync(folder, { recursive: true });
});

it("promotes what is as good as the served model, and goes back step by step", async () => {
  const { result, reported } = await trainOn((line) => line, { rows: third(1) });
  if (!result.ok) throw new Error(result.error);
  expect(reported).toMatch(/job's own metrics: validation:accuracy=0\.\d{4}.* validation:specificity=/);
  expect(reported).toMatch(/sensitivity +1\.0000 +1\.0000 +0\.0526/);
  expect(reported).toMatch(/ROC AUC +1\.0000 +(1\.0000|0\.9\d+) +0\.0200/);
  expect(reported).toMatch(/hard +benign\? 0\.\d+ +\w+\?? 0\.\d+ +malignant/);
  expect(s3.objects.has(`bucket/${result.value}`)).toBe(true);

  const fewer = await trainOn((line) => line);
  expect(fewer.result).toEqual({
    ok: false,
    error: expect.stringMatching(
      /^Not promoted: share of uncertain 0\.\d+ is worse than the served model's 0\.\d+ by 0\.\d+, and 0\.1000 is allowed\. /,
    ),
  });
  expect(aws.packages).toMatchObject([
    {
      ModelPackageGroupName: "models",
      ModelApprovalStatus: "Approved",
      InferenceSpecification: {
        Containers: [{ Image: "image", ModelDataUrl: `s3://bucket/${result.value}` }],
      },
      CustomerMetadataProperties: { sensitivity: "1.0000", brier: expect.stringMatching(/^0\.0\d{3}$/) },
    },
    {
      ModelApprovalStatus: "Rejected",
      ModelPackageDescription: expect.stringContaining("share of uncertain"),
    },
  ]);
  const again = await trainOn((line) => line, { isForced: true });
  if (!again.result.ok) throw new Error(again.result.error);
  expect(versions().map(({ Value }) => Value)).toEqual([first, result.value, again.result.value]);

  const back = async () => {
    const found = await findRollback(store);
    if (found.ok) await rollBack(store, found.value);
    return found;
  };
  expect(await back()).toMatchObject({ ok: true, value: { from: again.result.value, to: result.value } });
  expect(versions().at(-1)).toEqual({
    Value: result.value,
    Description: `Rolled back from ${again.result.value}`,
  });
  expect(await back()).toMatchObject({ ok: true, value: { from: result.value, to: first } });
  expect(await back()).toEqual({ ok: false, error: expect.stringContaining("There is no model before") });
  expect(versions()).toHaveLength(5);
});

it("refuses a model of inverted labels, changes nothing, and serves it only by force", async () => {
  const before = [...s3.objects.keys()].filter((path) => path.startsWith("bucket/models/"));
  const { result, reported } = await trainOn(inverted);
  expect(result).toMatchObject({ ok: false });
  const error = result.ok ? "" : result.error;
  expect(error).toContain(
    "sensitivity 0.0000 is worse than the served model's 1.0000 by 1.0000, and 0.0526 is allowed",
  );
  expect(error).toMatch(/coverage, malignant 0\.\d+ is worse than its own level 0\.9\d+ by/);
  expect(error).toContain("golden case malignant is benign, and not malignant as served");
  expect(error).toContain("--force");
  expect(reported).toMatch(/validation:sensitivity=0\.0\d+/);
  expect(versions()).toHaveLength(1);
  expect([...s3.objects.keys()].filter((path) => path.startsWith("bucket/models/"))).toEqual(before);

  const forced = await trainOn(inverted, { isForced: true });
  expect(forced.result).toMatchObject({ ok: true });
  expect(forced.reported).toContain("Forced, although sensitivity 0.0000");
  expect(versions().at(-1)?.Description).toMatch(/promoted by --force$/);
  // Held against an inverted model, another is refused still, by the level that it states.
  const next = await trainOn(inverted, { rows: third(1) });
  expect(next.result).toEqual({ ok: false, error: expect.stringContaining("coverage, malignant") });
});

it("holds a model against the committed one where the served one cannot be read", async () => {
  s3.objects.set(`bucket/${first}`, Buffer.from("no model"));
  const { result, reported } = await trainOn(inverted);
  expect(result.ok).toBe(false);
  expect(reported).toContain(`Served now: tables/wdbc/artifact.json, since ${first} holds no model`);
});

it("promotes nothing that cannot be registered", async () => {
  aws.denied.add("CreateModelPackage");
  const { result } = await trainOn((line) => line, { rows: third(1) });
  aws.denied.clear();
  expect(result).toEqual({ ok: false, error: expect.stringMatching(/^Not promoted: .*AccessDenied/) });
  expect(versions()).toHaveLength(1);
});

it("says why the container trained nothing, without a measurement", async () => {
  const { result } = await trainOn((line) => line, { rows: parts.train.slice(0, 3) });
  expect(result).toEqual({ ok: false, error: expect.stringContaining("at least 10 rows of each class") });
  expect(versions()).toHaveLength(1);
});

it("goes back to nothing that the bucket does not hold", async () => {
  aws.putParameter(PARAMETER, "models/gone/model.tar.gz", "");
  aws.putParameter(PARAMETER, first, "");
  expect(await findRollback(store)).toEqual({
    ok: false,
    error: "The model before is models/gone/model.tar.gz, and the bucket holds none there that can be read.",
  });
});
