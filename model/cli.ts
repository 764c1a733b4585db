import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import * as z from "zod";
import { table, words } from "../tables/current";
import { type Artifact, canonicalJson, parseArtifact } from "./artifact";
import { type Dataset, parseDataset, selectRows } from "./dataset";
import { type Folds, type HeldOut, parseFolds, predictHeldOut, type Report, summarise } from "./evaluate";
import { goldenVectors } from "./golden";
import { createPredictor } from "./predict";
import { splitRows } from "./split";
import { train } from "./train";

const USAGE = `Usage:
  npm run train                 train on ${table.dataFile}; writes artifact.json and golden.json in model/
  npm run train -- --split      try one 80/10/10 split instead; writes its three CSV files in data/split/
  npm run evaluate -- --folds FILE [--data FILE] [--json OUT]   cross-validate the whole pipeline`;

const { positive, negative } = table.classes;
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

function readDataset(file: string): { dataset: Dataset; hash: string } {
  const bytes = readFileSync(file);
  return { dataset: parseDataset(bytes.toString("utf8")), hash: sha256(bytes) };
}

function writeJson(file: string, content: unknown): void {
  const text = `${JSON.stringify(content, null, 2)}\n`;
  writeFileSync(file, text);
  console.log(`${file}: ${text.length} bytes`);
}

function trainArtifact(dataset: Dataset, hash: string): Artifact {
  const unsigned = train(dataset, { trainingData: hash });
  return parseArtifact({ ...unsigned, hash: sha256(canonicalJson(unsigned)) });
}

function runTraining(): void {
  const { dataset, hash } = readDataset(here(`../${table.dataFile}`));
  const artifact = trainArtifact(dataset, hash);
  writeJson(here("artifact.json"), artifact);
  writeJson(here("golden.json"), goldenVectors(dataset, createPredictor(artifact)));
  console.log(`${artifact.name} ${artifact.version} ${artifact.hash}`);
}

/** Runs the folds on a process per core; progress goes to stderr. */
async function crossValidate(dataset: Dataset, folds: Folds): Promise<HeldOut[][]> {
  const results: HeldOut[][] = [];
  let started = 0;
  let done = 0;
  const total = folds.test_rows.length;
  const runWorker = () =>
    new Promise<void>((resolve, reject) => {
      const worker = fork(fileURLToPath(import.meta.url), ["worker"]);
      let current = -1;
      const next = () => {
        current = started++;
        if (current >= total) worker.disconnect();
        else worker.send(folds.test_rows[current] as number[]);
      };
      worker.on("message", (heldOut: HeldOut[]) => {
        results[current] = heldOut;
        process.stderr.write(`\rfold ${++done} of ${total}${done === total ? "\n" : ""}`);
        next();
      });
      worker.on("error", reject);
      worker.on("exit", (code) =>
        code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`)),
      );
      worker.send(dataset);
      next();
    });
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), total) }, runWorker));
  return results;
}

/** The other side of `crossValidate`: first the dataset arrives, then one list of test rows at a time. */
function serveFolds(): void {
  process.once("message", (dataset: Dataset) => {
    process.on("message", (testRows: number[]) => process.send?.(predictHeldOut(dataset, testRows)));
  });
}

async function runEvaluation(foldsFile: string, dataFile: string, out: string | undefined): Promise<void> {
  const { dataset, hash } = readDataset(dataFile);
  const folds = parseFolds(JSON.parse(readFileSync(foldsFile, "utf8")));
  selectRows(dataset, folds.test_rows.flat());
  const { name, version, hash: modelHash, threshold } = trainArtifact(dataset, hash);
  const report = summarise(folds, await crossValidate(dataset, folds), threshold);
  const peersFile = join(dirname(foldsFile), "peers.json");
  const peers = existsSync(peersFile)
    ? peersSchema.parse(JSON.parse(readFileSync(peersFile, "utf8"))).peers
    : {};
  print(`${name} ${version}`, report, peers);
  if (out !== undefined) {
    writeJson(out, {
      model: { name, version, hash: modelHash, threshold },
      trainingData: hash,
      ...report,
      singleSplit: trySplit(dataset, hash),
      peers,
    });
  }
}

const peersSchema = z.object({ peers: z.record(z.string(), z.record(z.string(), z.number())) });

function print(name: string, report: Report, peers: z.infer<typeof peersSchema>["peers"]): void {
  const columns = [
    ["accuracy", "accuracy"],
    ["rocAuc", "roc_auc"],
    ["logLoss", "log_loss"],
    ["brier", "brier"],
    ["sensitivity", "sensitivity"],
    ["specificity", "specificity"],
    ["specificityAt99Sensitivity", "specificity_at_99_sensitivity"],
    ["calibrationError", "calibration_error"],
  ] as const;
  const heads = ["accuracy", "AUC", "log-loss", "Brier", "sens.", "spec.", "spec.@99%", "ECE"];
  const width = Math.max(name.length, ...Object.keys(peers).map((peer) => peer.length));
  const line = (first: string, cells: string[]) =>
    console.log([first.padEnd(width), ...cells.map((cell) => cell.padStart(9))].join(" "));
  console.log(report.protocol);
  line("", heads);
  line(
    name,
    columns.map(([key]) => report.figures[key].mean.toFixed(5)),
  );
  line(
    "  sd over repeats",
    columns.map(([key]) => report.figures[key].sd.toFixed(5)),
  );
  for (const [peer, figures] of Object.entries(peers)) {
    line(
      peer,
      columns.map(([, key]) => figures[key]?.toFixed(5) ?? "-"),
    );
  }
  for (const [key, { mean, sd }] of Object.entries(report.conformal)) {
    console.log(`${key}: ${(100 * mean).toFixed(2)} % (sd ${(100 * sd).toFixed(2)})`);
  }
  console.log(`atypical: ${(100 * report.atypicalRate.mean).toFixed(2)} %`);
}

/** The original's protocol: one shuffled 80/10/10 split, as SageMaker's linear learner wants the files. */
function runSplit(): void {
  const { dataset, hash } = readDataset(here(`../${table.dataFile}`));
  const parts = splitRows(dataset.features.length);
  mkdirSync(here("../data/split"), { recursive: true });
  for (const [name, rows] of Object.entries(parts)) {
    const part = selectRows(dataset, rows);
    const lines = part.features.map((features, i) => [part.positive[i], ...features].join());
    writeFileSync(here(`../data/split/${name}.csv`), `${lines.join("\n")}\n`);
    console.log(`data/split/${name}.csv: ${rows.length} rows`);
  }
  const { cases, correct, benign: negatives } = trySplit(dataset, hash);
  const percent = (count: number) => `${((100 * count) / cases).toFixed(1)} %`;
  console.log(
    `test accuracy ${percent(correct)}, always ${words.classes[negative].word} ${percent(negatives)} (${cases} cases)`,
  );
}

/** Counts of the split's test cases: all, those answered right, and those of the negative class, by the name that evaluation.json has for them. */
function trySplit(dataset: Dataset, hash: string): { cases: number; correct: number; benign: number } {
  const parts = splitRows(dataset.features.length);
  const predictor = createPredictor(trainArtifact(selectRows(dataset, parts.train), hash));
  const test = selectRows(dataset, parts.test);
  const isRight = (features: readonly number[], row: number) =>
    (predictor.predict(features).diagnosis === positive) === (test.positive[row] === 1);
  return {
    cases: test.features.length,
    correct: test.features.filter(isRight).length,
    benign: test.positive.filter((label) => label === 0).length,
  };
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    split: { type: "boolean" },
    folds: { type: "string" },
    data: { type: "string" },
    json: { type: "string" },
  },
});
const [command = "train"] = positionals;
if (command === "worker") serveFolds();
else if (command === "train" && values.split) runSplit();
else if (command === "train") runTraining();
else if (command === "evaluate" && values.folds !== undefined) {
  await runEvaluation(values.folds, values.data ?? here(`../${table.dataFile}`), values.json);
} else {
  console.error(USAGE);
  process.exitCode = 2;
}
