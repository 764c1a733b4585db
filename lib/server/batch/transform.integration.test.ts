import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import type { Batch, BatchState } from "@/lib/batch/batch";
import { DEFAULT_BATCH_QUERY } from "@/lib/batch/query";
import { FEATURE_KEYS, table } from "@/tables/current";
import golden from "@/tables/wdbc/golden.json";
import { bundleInto } from "@/test/bundles";
import { freePort } from "@/test/free-port";
import { startS3 } from "@/test/s3-double";
import { startSageMaker } from "@/test/sagemaker-double";
import { createThrowawayDatabase } from "@/test/throwaway";

const root = mkdtempSync(join(tmpdir(), "transform-"));
mkdirSync(join(root, "model"));
copyFileSync("tables/wdbc/artifact.json", join(root, "model/artifact.json"));
const port = await freePort();
const container = spawn(process.execPath, [bundleInto(root, "container"), "serve"], {
  env: {
    ...process.env,
    ...{ ML_ROOT: root, SAGEMAKER_BIND_TO_PORT: String(port), BIND_ADDRESS: "127.0.0.1" },
    // As the job asks for it, which the test looks at.
    ...{ SAGEMAKER_BATCH: "true", CSV_COLUMNS: "all" },
  },
  stdio: ["ignore", "ignore", "inherit"],
});
while (!(await fetch(`http://127.0.0.1:${port}/ping`).catch(() => null))) await pause(20);

const s3 = await startS3();
const keys = { accessKeyId: "AKIATEST", secretAccessKey: "not-a-secret" };
const region = "eu-central-1";
const sageMaker = await startSageMaker({
  ...{ keys, region, objects: s3.objects },
  container: `http://127.0.0.1:${port}`,
});
const { url, remove } = createThrowawayDatabase();
const settings = {
  DATABASE_URL: url,
  BATCH_URL: "s3://cases/batches",
  BATCH_ENGINE: "sagemaker",
  BATCH_MODEL_NAME: "cytodesk-model",
  BATCH_INSTANCES: "2",
  BATCH_KMS_KEY: "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
  BATCH_TAG: "project=cytodesk",
  AWS_ENDPOINT_URL_S3: s3.url,
  AWS_ENDPOINT_URL_SAGEMAKER: sageMaker.url,
  AWS_REGION: region,
  AWS_ACCESS_KEY_ID: keys.accessKeyId,
  AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
};
Object.assign(process.env, settings, { BATCH_CACHE: join(root, "here") });
const { database } = await import("@/lib/server/database/db");
const { createBatch, findBatch, pauseBatch, resumeBatch, startBatch } = await import("./batches");
const { listRows } = await import("./rows");
const { startBatches } = await import("./runner");

let other: ChildProcess | null = null;

afterAll(async () => {
  other?.kill("SIGKILL");
  container.kill("SIGKILL");
  await (await database()).$disconnect();
  await Promise.all([s3.close(), sageMaker.close()]);
  remove();
  rmSync(root, { recursive: true, force: true });
});

async function until(id: string, state: BatchState): Promise<Batch> {
  for (let tries = 0; tries < 1000; tries++) {
    const found = await findBatch(id);
    if (!found.ok || found.value === null) throw new Error(`${id} cannot be read`);
    if (found.value.state === state && !found.value.isWorkedOn) return found.value;
    await pause(30);
  }
  throw new Error(`${id} did not come to be ${state}`);
}

async function untilCalled(call: string): Promise<void> {
  for (let tries = 0; !sageMaker.calls.includes(call); tries++) {
    if (tries > 1000) throw new Error(`${call} was not called: ${sageMaker.calls.join(", ")}`);
    await pause(30);
  }
}

async function started(content: string): Promise<string> {
  const made = await createBatch(
    (async function* () {
      yield Buffer.from(content);
    })(),
    "cases.csv",
  );
  if (!made.ok) throw new Error(made.error.code);
  await until(made.value, "read");
  expect(await startBatch(made.value)).toEqual({ ok: true, value: true });
  return made.value;
}

const isCreate = (call: string) => call.startsWith("CreateTransformJob");
const HEADER = FEATURE_KEYS.join(",");

describe("SageMaker Batch Transform", () => {
  it("answers a batch as the model here does, by one job although the machine that began it is gone", async () => {
    const code = 'import("./lib/server/batch/runner.ts").then((runner) => runner.startBatches())';
    const flags = ["--import", "tsx", "--conditions=react-server", "--input-type=module", "-e"];
    other = spawn(process.execPath, [...flags, `${code}; setInterval(() => {}, 1000);`], {
      env: { ...process.env, ...settings, BATCH_CACHE: join(root, "other") },
      stdio: ["ignore", "ignore", "inherit"],
    });
    const [first, second, ...others] = golden.cases.map(({ csv }) => csv);
    // A row that cannot be read, and one that only a closer look can read.
    const rows = [
      first,
      second?.replace(/^[^,]*/, "none"),
      ` ${first?.replace(",", " ,")}`,
      second,
      ...others,
    ];
    const id = await started(`${HEADER}\n${rows.join("\n")}\n`);
    const name = `cytodesk-${id}`;
    await untilCalled(`DescribeTransformJob ${name}`);
    await untilCalled(`CreateTransformJob ${name}`);
    other.kill("SIGKILL");
    await once(other, "exit");
    startBatches();
    expect(sageMaker.jobs.get(name)?.job).toMatchObject({
      ModelName: "cytodesk-model",
      Environment: { CSV_COLUMNS: "all" },
      TransformOutput: { KmsKeyId: settings.BATCH_KMS_KEY },
      TransformResources: {
        InstanceType: "ml.m5.large",
        InstanceCount: 2,
        VolumeKmsKeyId: settings.BATCH_KMS_KEY,
      },
      Tags: [{ Key: "project", Value: "cytodesk" }],
    });
    const inputs = [...s3.objects.keys()].filter((key) => key.includes("/transform/in/"));
    expect(inputs).toHaveLength(2);
    await sageMaker.release(name);
    const done = await until(id, "finished");
    expect(done).toMatchObject({
      problem: null,
      done: golden.cases.length + 1,
      model: golden.model,
    });
    expect(sageMaker.calls.filter(isCreate)).toEqual([`CreateTransformJob ${name}`]);

    const query = { ...DEFAULT_BATCH_QUERY, view: "all" as const, sort: "row" as const, size: 100 as const };
    const page = await listRows(done, { ...query, direction: "ascending" });
    if (!page.ok) throw new Error(page.error.code);
    const [one, ...rest] = golden.cases;
    expect(page.value.rows).toMatchObject(
      [one, one, ...rest].map((expected) => ({
        probability: expected?.probability,
        diagnosis: expected?.diagnosis,
        label: expected?.label,
      })),
    );
    expect([...s3.objects.keys()].filter((key) => key.includes("/transform/"))).toEqual([]);
  });

  it("stops its job when it is paused, goes on by another one, and says why one failed", async () => {
    const lines = readFileSync(table.dataFile, "utf8").trim().split("\n").slice(1, 40);
    const id = await started(`${HEADER}\n${lines.map((line) => line.slice(2)).join("\n")}\n`);
    const name = `cytodesk-${id}`;
    await untilCalled(`CreateTransformJob ${name}`);
    await pauseBatch(id);
    await until(id, "paused");
    expect(sageMaker.jobs.get(name)?.status).toBe("Stopped");

    await resumeBatch(id);
    await untilCalled(`CreateTransformJob ${name}-2`);
    await sageMaker.release(`${name}-2`, "ClientError: the disk is full");
    expect((await until(id, "paused")).problem).toContain("ClientError: the disk is full");

    await resumeBatch(id);
    await untilCalled(`CreateTransformJob ${name}-3`);
    await sageMaker.release(`${name}-3`);
    expect(await until(id, "finished")).toMatchObject({ done: lines.length, problem: null });
    expect(sageMaker.calls.filter((call) => isCreate(call) && call.includes(id))).toHaveLength(3);
  });
});
