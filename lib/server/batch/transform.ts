import "server-only";
import { createReadStream, createWriteStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream/promises";
import { setTimeout as wait } from "node:timers/promises";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { Check } from "@/lib/batch/batch";
import type { Mapping } from "@/lib/batch/mapping";
import { totalOf } from "@/lib/batch/progress";
import { AS_NUMBERS, identityOf, type ModelIdentity } from "@/lib/contract";
import { csvCell } from "@/lib/exchange/spreadsheet-text";
import { readCautions } from "@/lib/prediction/cautions";
import { cellText } from "@/lib/prediction/value";
import { log } from "@/lib/server/log";
import { FEATURES, words } from "@/tables/current";
import { readRow } from "./check";
import { installedModel } from "./installed-model";
import { type AnswerMany, CLASSES, LABELS, oneAtATime } from "./many-answers";
import { ANOTHER_MODEL, cautionBits, emptyAnswers, writeAnswer } from "./models";
import type { Prepared } from "./prepare";
import { VALUE_COLUMNS } from "./relation";
import { type CallError, createJob, describeJob, type JobState, stopJob } from "./sagemaker-jobs";
import { stagedClause } from "./stage";
import { type BatchStore, transformFolder } from "./store";
import type { TransformTarget } from "./transform-target";

/**
 * Has SageMaker Batch Transform answer a batch: the rows that can be read go to the bucket as CSV, each behind its number
 * among them, and come back as that number with what the container said. The job's name follows from the batch, so that
 * a process which takes a batch over finds its job; only after one that has ended without answers is another created.
 */

export type Transform = {
  id: string;
  store: BatchStore;
  /** A folder of this machine for files on their way. */
  folder: string;
  connection: DuckDBConnection;
  prepared: Prepared;
  /** The file of its staged rows. */
  stage: string;
  mapping: Mapping;
  check: Check;
  /** Rows answered before, and by which model. */
  done: number;
  model: ModelIdentity | null;
  signal: AbortSignal;
};

/** `answer`: gives the answers that came back, from the row after `done` on; `problem`: null where it was asked to end. */
export type Transformed = { answer: AnswerMany } | { problem: string | null };

/** Rows of a file of the input: several instances share files, not the rows of one. */
const FILE_ROWS = 100_000;
/** What SageMaker asks the container at a time; its default. */
const PAYLOAD_MB = 6;
const FIRST_POLL_MS = 500;
const SLOWEST_POLL_MS = 30_000;

/** Waits for the job of a batch, which it creates where there is none. */
export async function transform(batch: Transform, target: TransformTarget): Promise<Transformed> {
  const { id, store, signal } = batch;
  const { region } = target;
  const base = transformFolder(id);
  const over = (await store.names(`${base}/over-`)).length;
  const name = `${words.app.slug}-${id}${over === 0 ? "" : `-${over + 1}`}`;
  const output = `${base}/out-${over + 1}/`;
  /** The next job of this batch is another one. */
  const noteOver = async () => {
    const file = join(batch.folder, "over");
    await writeFile(file, "");
    await store.keep(`${base}/over-${over + 1}`, file);
  };

  let job = await describeJob(region, name);
  if (job.ok && job.value === null) {
    // A job that was created had all of its input.
    if (over === 0) await writeInput(batch, `${base}/in/`, target.instances);
    if (signal.aborted) return { problem: null };
    const created = await createJob(region, jobOf(name, `${base}/in/`, output, target));
    if (!created.ok) return { problem: refusal(created.error) };
    log("info", "transform_job_created", { batch: id, name });
    job = await describeJob(region, name);
  }
  for (let pauseMs = FIRST_POLL_MS; ; pauseMs = Math.min(2 * pauseMs, SLOWEST_POLL_MS)) {
    if (!job.ok && !job.error.isTransient) return { problem: refusal(job.error) };
    // What cannot be reached now, or is not there yet, is asked for again.
    const state: JobState = (job.ok ? job.value : null) ?? { status: "InProgress", reason: null };
    if (state.status === "Completed") break;
    if (state.status === "Failed" || state.status === "Stopped") {
      await noteOver();
      const why =
        state.status === "Stopped" ? "It was stopped there." : (state.reason ?? "It gave no reason.");
      return { problem: `SageMaker ended the job without answers. ${why}` };
    }
    if (!signal.aborted) await wait(pauseMs, undefined, { signal }).catch(() => {});
    if (signal.aborted) {
      const stopped = await stopJob(region, name);
      // One that cannot be stopped goes on, and is found when the batch does.
      if (stopped.ok) await noteOver();
      return { problem: null };
    }
    job = await describeJob(region, name);
  }
  return { answer: answersOf(outputLines(store, output), batch, target.modelName) };
}

const refusal = ({ code }: CallError) =>
  `SageMaker did not take the job (${code}). The log has its words; go on once it is mended.`;

const jobOf = (
  name: string,
  input: string,
  output: string,
  { place, modelName, instance, instances, kmsKey, tag }: TransformTarget,
) => ({
  TransformJobName: name,
  ModelName: modelName,
  MaxConcurrentTransforms: 1,
  MaxPayloadInMB: PAYLOAD_MB,
  BatchStrategy: "MultiRecord",
  Environment: { CSV_COLUMNS: "all" },
  TransformInput: {
    DataSource: { S3DataSource: { S3DataType: "S3Prefix", S3Uri: `${place}${input}` } },
    ContentType: "text/csv",
    SplitType: "Line",
    CompressionType: "None",
  },
  TransformOutput: {
    S3OutputPath: `${place}${output}`,
    Accept: "text/csv",
    AssembleWith: "Line",
    // Without it SageMaker uses the account's own key of S3, whatever the bucket's is.
    KmsKeyId: kmsKey,
  },
  TransformResources: {
    InstanceType: instance,
    InstanceCount: instances,
    VolumeKmsKeyId: hasVolume(instance) ? kmsKey : undefined,
  },
  Tags: tag === undefined ? undefined : [tagOf(tag)],
  DataProcessing: {
    InputFilter: "$[1:]",
    JoinSource: "Input",
    // The row's number, and what follows the measurements.
    OutputFilter: `$[0,${FEATURES.length + 1}:]`,
  },
});

/** SageMaker refuses a key where the disk is the instance's own, as with ml.m5d; those are encrypted by the machine itself. */
const hasVolume = (instance: string) => /^ml\.[cmrt]\d+[agin]?\./.test(instance);

function tagOf(tag: string): { Key: string; Value: string } {
  const [Key = "", Value = ""] = tag.split("=");
  return { Key, Value };
}

/** Writes the rows that can be read, numbered from 1, as files "00000.csv" … below a name. */
async function writeInput(
  { id, store, folder, connection, prepared, stage, mapping, check, signal }: Transform,
  below: string,
  instances: number,
): Promise<void> {
  // An earlier attempt that came to no job may have left files, for another number of instances.
  await store.remove(`${transformFolder(id)}/in`);
  const fileRows = Math.min(FILE_ROWS, Math.ceil(totalOf({ check }) / instances));
  const rows = await connection.stream(`SELECT raw, ${VALUE_COLUMNS.join(", ")} FROM ${stagedClause(stage)}`);
  let [row, files] = [0, 0];
  let lines: string[] = [];
  const flush = async () => {
    const path = join(folder, `input-${files}.csv`);
    await pipeline(lines, createWriteStream(path));
    await store.keep(`${below}${String(files).padStart(5, "0")}.csv`, path);
    files++;
    lines = [];
  };
  for await (const some of rows.yieldRowsJs()) {
    if (signal.aborted) return;
    for (const [raw, ...plain] of some) {
      let values = plain as readonly number[];
      if (raw !== null) {
        const reading = readRow(prepared, mapping, JSON.parse(String(raw)));
        if (reading.kind !== "read") continue;
        values = reading.values;
      }
      lines.push(`${++row},${AS_NUMBERS ? values.join() : cellsOf(values)}\n`);
      if (lines.length === fileRows) await flush();
    }
  }
  if (lines.length > 0) await flush();
}

const cellsOf = (values: readonly number[]) =>
  FEATURES.map((feature) => csvCell(cellText(feature, values[feature.index] ?? Number.NaN))).join();

/** The lines of the output, in the rows' order. */
async function* outputLines(store: BatchStore, below: string): AsyncGenerator<string, void> {
  for (const name of await store.names(below)) {
    const path = await store.fetch(name);
    if (path !== null) yield* createInterface({ input: createReadStream(path) });
  }
}

/** Answers of the rows after the first `done`, each of them once. */
function answersOf(
  lines: AsyncGenerator<string, void>,
  { done, model: first }: Pick<Transform, "done" | "model">,
  modelName: string,
): AnswerMany {
  const { codes, bitOf } = cautionBits();
  let [number, model] = [done, first];
  let hash: string | undefined;

  /** Null where there is none, or it is not the next row's. */
  async function next() {
    for (;;) {
      const { value: line } = await lines.next();
      // Where records are put together, a line may be empty.
      if (line === "") continue;
      const answer = line === undefined ? null : readLine(line);
      if (answer !== null && answer.number <= done) continue;
      return answer?.number === number + 1 ? answer : null;
    }
  }

  return oneAtATime(async (_, rows) => {
    const answers = emptyAnswers(rows);
    let problem: string | null = null;
    let answered = 0;
    for (; answered < rows; answered++) {
      const answer = await next();
      if (answer === null) {
        problem = `SageMaker left no answer that can be read for row ${number + 1} of those that were sent.`;
        break;
      }
      if (answer.hash !== hash) {
        hash = answer.hash;
        const another = modelOf(hash, modelName);
        if (model !== null && identityOf(model) !== identityOf(another)) {
          problem = ANOTHER_MODEL;
          break;
        }
        model = another;
      }
      number++;
      writeAnswer(answers, answered, answer, bitOf);
    }
    return {
      ...answers,
      cautionCodes: codes,
      model: model ?? modelOf("", modelName),
      stopped: problem === null ? null : { answered, problem },
    };
  });
}

/** A container that says its model's hash says which of ours it is; another is known by the name it has in SageMaker. */
function modelOf(hash: string, modelName: string): ModelIdentity {
  const installed = installedModel();
  if (hash === installed.hash) return installed;
  return { name: modelName, version: "unknown", hash: hash || null, threshold: null, uncertain: null };
}

/**
 * A line "number,score,label", behind which our own container says the third answer, the cautions and the model's hash;
 * null where it is none.
 */
function readLine(line: string) {
  const [number, score, predicted, third = "", codes = "", hash = ""] = line.split(",");
  const probability = score === undefined || score === "" ? Number.NaN : Number(score);
  const diagnosis = predicted === "1" ? CLASSES[0] : predicted === "0" ? CLASSES[1] : undefined;
  const label = third === "" ? null : LABELS.find((each) => each === third);
  if (!(probability >= 0 && probability <= 1) || diagnosis === undefined || label === undefined) return null;
  if (CLASSES.some((each) => each === label) && label !== diagnosis) return null;
  return {
    ...{ number: Number(number), probability, diagnosis, label, hash },
    cautions: readCautions(codes === "" ? null : codes),
  };
}
