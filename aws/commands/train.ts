import { randomBytes } from "node:crypto";
import { createReadStream, existsSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { CopyObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import * as z from "zod";
import { fail, ok, type Result } from "../../lib/result";
import { compare } from "./gate";
import { type ModelStore, readModel, servedModel, serveModel } from "./models";
import { type ModelVersion, registerModel } from "./registry";

export type Training = ModelStore & {
  stateMachineArn: string;
  /** The group of the Model Registry; undefined where the deployment is older than it. */
  modelPackageGroup: string | undefined;
  /** Headerless CSV, label first, as `npm run train -- --split` writes them. */
  files: { train: string; validation: string };
  /** Promotes also a model that is worse than the served one. */
  isForced: boolean;
  report: (line: string) => void;
  pollMs?: number;
};

/** What Step Functions gives of a finished job, as DescribeTrainingJob answers, as far as it is used here. */
const finishedJob = z.object({
  ModelArtifacts: z.object({ S3ModelArtifacts: z.string() }),
  AlgorithmSpecification: z.object({ TrainingImage: z.string() }),
  FinalMetricDataList: z.array(z.object({ MetricName: z.string(), Value: z.number() })).default([]),
});

/**
 * Uploads the data, trains in the cloud, compares the model that came of it with the served one, and makes it the one that
 * the endpoint's next deployment serves. Resolves to its key in the bucket; nothing is promoted where any step fails, or
 * where it is worse.
 */
export async function trainInCloud(training: Training): Promise<Result<string, string>> {
  const { region, bucket, stateMachineArn, files, report, pollMs = 15_000 } = training;
  for (const file of Object.values(files)) if (!existsSync(file)) return fail(`There is no ${file}.`);
  const s3 = new S3Client({ region });
  const states = new SFNClient({ region });
  const at = new Date().toISOString().replaceAll(/[-:]|\.\d+Z/g, "");
  // Two trainings may begin within one second.
  const jobName = `${training.names.id}-${at}-${randomBytes(3).toString("hex")}`;

  const keys = { train: `split/${jobName}/train/`, validation: `split/${jobName}/validation/` };
  for (const channel of ["train", "validation"] as const) {
    const Key = `${keys[channel]}${channel}.csv`;
    report(`Uploading ${files[channel]} to s3://${bucket}/${Key}`);
    await s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key,
        Body: createReadStream(files[channel]),
        ContentLength: statSync(files[channel]).size,
        ContentType: "text/csv",
      }),
    );
  }

  const { executionArn } = await states.send(
    new StartExecutionCommand({
      stateMachineArn,
      name: jobName,
      input: JSON.stringify({ jobName, ...keys }),
    }),
  );
  report(`Training ${jobName}, usually a few minutes.`);
  const started = performance.now();
  for (;;) {
    const { status, output, error, cause } = await states.send(
      new DescribeExecutionCommand({ executionArn }),
    );
    const seconds = Math.round((performance.now() - started) / 1000);
    report(`  ${status} after ${seconds} s`);
    if (status === "SUCCEEDED") {
      const job = finishedJob.safeParse(JSON.parse(output ?? "null"));
      if (!job.success)
        return fail("The training ended, but does not say where its model is and which image made it.");
      return promote(s3, training, jobName, job.data);
    }
    if (status !== "RUNNING")
      return fail(`The training ended as ${status}: ${error ?? ""} ${cause ?? ""}`.trim());
    await sleep(pollMs);
  }
}

/**
 * Puts a trained model where the endpoint looks, once it is read, and found no worse than the served one beyond the margins.
 */
async function promote(
  s3: S3Client,
  training: Training,
  jobName: string,
  { ModelArtifacts, AlgorithmSpecification, FinalMetricDataList }: z.infer<typeof finishedJob>,
): Promise<Result<string, string>> {
  const { bucket, modelPackageGroup, report, isForced } = training;
  const uri = ModelArtifacts.S3ModelArtifacts;
  const prefix = `s3://${bucket}/`;
  if (!uri.startsWith(prefix)) return fail(`The model is at ${uri}, outside the bucket.`);
  const trained = uri.slice(prefix.length);
  const artifact = await readModel(training, trained);
  if (artifact === null) return fail(`${uri} holds no model that can be read.`);
  const served = await servedModel(training);
  const metrics = FinalMetricDataList.map(({ MetricName, Value }) => `${MetricName}=${Value.toFixed(4)}`);
  report(`The job's own metrics: ${metrics.join(" ") || "none"}`);
  report(`Served now: ${served.origin}`);
  const { lines, refusals, figures } = compare(served.artifact, artifact);
  for (const line of lines) report(line);
  const register = async (
    version: Pick<ModelVersion, "modelData" | "status">,
  ): Promise<Result<void, string>> => {
    if (modelPackageGroup === undefined) {
      report("Not in the Model Registry, which the deployment does not have: npm run aws:deploy makes it.");
      return ok(undefined);
    }
    const registered = await registerModel(training.region, {
      ...version,
      group: modelPackageGroup,
      image: AlgorithmSpecification.TrainingImage,
      description: [jobName, ...refusals].join("; "),
      figures,
    });
    if (!registered.ok) return registered;
    report(`${version.status} in the Model Registry: ${registered.value}`);
    return ok(undefined);
  };
  if (refusals.length > 0) {
    const reasons = refusals.join("; ");
    if (!isForced) {
      const noted = await register({ modelData: uri, status: "Rejected" });
      if (!noted.ok) report(noted.error);
      return fail(
        `Not promoted: ${reasons}. It stays at ${uri}; --force promotes what training gives anyway.`,
      );
    }
    report(`Forced, although ${reasons}.`);
  }
  const key = `models/${artifact.hash}/model.tar.gz`;
  await s3.send(
    new CopyObjectCommand({ Bucket: bucket, Key: key, CopySource: `${bucket}/${encodeURI(trained)}` }),
  );
  const noted = await register({ modelData: `${prefix}${key}`, status: "Approved" });
  if (!noted.ok) return fail(`Not promoted: ${noted.error}`);
  await serveModel(
    training,
    key,
    `Trained by ${jobName}${refusals.length > 0 ? ", promoted by --force" : ""}`,
  );
  report(`Promoted ${key}.`);
  return ok(key);
}
