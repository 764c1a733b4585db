import {
  createReadStream,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CopyObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { extract } from "tar";
import * as z from "zod";
import { fail, ok, type Result } from "../../lib/result";
import { parseArtifact } from "../../model/artifact";
import { MODEL_KEY_PARAMETER, SLUG } from "../cdk/project";

export type Training = {
  region: string;
  bucket: string;
  stateMachineArn: string;
  /** Headerless CSV, label first, as `npm run train -- --split` writes them. */
  files: { train: string; validation: string };
  report: (line: string) => void;
  pollMs?: number;
};

/** What Step Functions gives of a finished job, as far as it is used here. */
const finishedJob = z.object({ ModelArtifacts: z.object({ S3ModelArtifacts: z.string() }) });

/**
 * Uploads the data, trains in the cloud, checks the model that came of it, and makes it the one that the endpoint's next
 * deployment serves. Resolves to its key in the bucket; nothing is promoted where any step fails.
 */
export async function trainInCloud(training: Training): Promise<Result<string, string>> {
  const { region, bucket, stateMachineArn, files, report, pollMs = 15_000 } = training;
  for (const file of Object.values(files)) if (!existsSync(file)) return fail(`There is no ${file}.`);
  const s3 = new S3Client({ region });
  const states = new SFNClient({ region });
  const jobName = `${SLUG}-${new Date().toISOString().replaceAll(/[-:]|\.\d+Z/g, "")}`;

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
      if (!job.success) return fail("The training ended, but does not say where its model is.");
      return promote(s3, training, job.data.ModelArtifacts.S3ModelArtifacts);
    }
    if (status !== "RUNNING")
      return fail(`The training ended as ${status}: ${error ?? ""} ${cause ?? ""}`.trim());
    await sleep(pollMs);
  }
}

/** Puts a trained model, once it is read and whole, where the endpoint looks. */
async function promote(
  s3: S3Client,
  { region, bucket, report }: Training,
  uri: string,
): Promise<Result<string, string>> {
  const prefix = `s3://${bucket}/`;
  if (!uri.startsWith(prefix)) return fail(`The model is at ${uri}, outside the bucket.`);
  const trained = uri.slice(prefix.length);
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: trained }));
  const bytes = await Body?.transformToByteArray();
  const hash = bytes === undefined ? null : await hashIn(bytes);
  if (hash === null) return fail(`${uri} holds no model that can be read.`);
  const key = `models/${hash}/model.tar.gz`;
  await s3.send(
    new CopyObjectCommand({ Bucket: bucket, Key: key, CopySource: `${bucket}/${encodeURI(trained)}` }),
  );
  await new SSMClient({ region }).send(
    new PutParameterCommand({ Name: MODEL_KEY_PARAMETER, Value: key, Overwrite: true }),
  );
  report(`Promoted ${key}.`);
  return ok(key);
}

/** The hash of the artifact in a model.tar.gz; null where there is none, or it is not a model. */
async function hashIn(tarGz: Uint8Array): Promise<string | null> {
  const folder = mkdtempSync(join(tmpdir(), "cytodesk-model-"));
  try {
    const file = join(folder, "model.tar.gz");
    writeFileSync(file, tarGz);
    await extract({ file, cwd: folder }, ["artifact.json"]);
    return parseArtifact(JSON.parse(readFileSync(join(folder, "artifact.json"), "utf8"))).hash;
  } catch {
    return null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
