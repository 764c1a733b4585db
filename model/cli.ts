import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import * as z from "zod";
import { table, words } from "../tables/current";
import { type Artifact, canonicalJson, parseArtifact, type UnsignedArtifact } from "./artifact";
import { csvLine, type Dataset, parseDataset, selectRows } from "./dataset";
import { parseFolds, predictHeldOut, type Report, summarise } from "./evaluate";
import { goldenVectors } from "./golden";
import type { Choice } from "./grid";
import { createPredictor } from "./predict";
import { splitRows } from "./split";
import { fittingOf, train, trainOn } from "./train";

const USAGE = `Usage:
  npm run train                 train on ${table.dataFile}; writes artifact.json and golden.json beside it
  npm run train -- --split      try one 80/10/10 split instead; writes its three CSV files in data/split/
  npm run evaluate -- [--nested] --folds FILE [--data FILE] [--json OUT]   cross-validate the whole pipeline,
                                with --nested the choice of settings too`;

const { positive, negative } = table.classes;
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
/** A file of the table's folder. */
const inTable = (name: string) => here(`../${dirname(table.dataFile)}/${name}`);

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

const trainArtifact = (dataset: Dataset, hash: string) =>
  signed(train(dataset, { trainingData: hash, onTried: (count) => showProgress(`setting ${count}`) }));

/** On one line, which the next one replaces, where somebody looks on. */
function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${text}`);
}

function signed(unsigned: UnsignedArtifact): Artifact {
  return parseArtifact({ ...unsigned, hash: sha256(canonicalJson(unsigned)) });
}

function runTraining(): void {
  const { dataset, hash } = readDataset(here(`../${table.dataFile}`));
  const artifact = trainArtifact(dataset, hash);
  writeJson(inTable("artifact.json"), artifact);
  writeJson(inTable("golden.json"), goldenVectors(dataset, createPredictor(artifact)));
  console.log(`${artifact.name} ${artifact.version} ${artifact.hash}`);
}

type Task = { testRows: readonly number[]; choice: Choice; nested: boolean; level: number | undefined };
type Answer = ReturnType<typeof predictHeldOut>;

/** Runs the folds on a process per core; progress goes to stderr. */
async function crossValidate(dataset: Dataset, tasks: readonly Task[]): Promise<Answer[]> {
  const results: Answer[] = [];
  let started = 0;
  let done = 0;
  const total = tasks.length;
  const runWorker = () =>
    new Promise<void>((resolve, reject) => {
      // As JSON, the other kind, a value that is not known would arrive as null.
      const worker = fork(fileURLToPath(import.meta.url), ["worker"], { serialization: "advanced" });
      let current = -1;
      const next = () => {
        current = started++;
        if (current >= total) worker.disconnect();
        else worker.send(tasks[current] as Task);
      };
      worker.on("message", (answer: Answer) => {
        results[current] = answer;
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

/** The other side of `crossValidate`: first the dataset arrives, then one fold at a time. */
function serveFolds(): void {
  process.once("message", (dataset: Dataset) => {
    process.on("message", ({ testRows, choice, nested, level }: Task) =>
      process.send?.(predictHeldOut(dataset, testRows, choice, nested, level)),
    );
  });
}

type EvaluateOptions = { foldsFile: string; dataFile: string; nested: boolean; out: string | undefined };

async function runEvaluation({ foldsFile, dataFile, nested, out }: EvaluateOptions): Promise<void> {
  const { dataset, hash } = readDataset(dataFile);
  const folds = parseFolds(JSON.parse(readFileSync(foldsFile, "utf8")));
  selectRows(dataset, folds.test_rows.flat());
  const fitting = fittingOf(dataset);
  const choice = fitting.choose();
  const {
    name,
    version,
    hash: modelHash,
    threshold,
    conformal,
  } = signed(trainOn(dataset, fitting.fit(choice), { trainingData: hash }));
  // With another level in each fold, coverage would be of none of them.
  const level = table.certainAndWrong === undefined ? conformal.level : undefined;
  const answers = await crossValidate(
    dataset,
    folds.test_rows.map((testRows) => ({ testRows, choice, nested, level })),
  );
  const fixed = summarise(
    folds,
    answers.map((answer) => answer.fixed),
    threshold,
  );
  const chosen = answers.flatMap((answer) => (answer.chosen === null ? [] : [answer.chosen]));
  const report = nested ? summarise(folds, chosen, threshold) : fixed;
  const peers = readPeers(foldsFile);
  console.log(report.protocol);
  printFigures(
    { ...(nested && { "choice made inside each fold": report }), "choice of all cases": fixed },
    peers,
  );
  if (out !== undefined) {
    writeJson(out, {
      model: { name, version, hash: modelHash, threshold },
      trainingData: hash,
      nested,
      ...report,
      fixed: fixed.figures,
      singleSplit: trySplit(dataset, hash),
      peers,
    });
  }
}

/** Other models' figures on the same folds: peers.json beside them, or ../peers/ with the folds' name; empty without. */
function readPeers(foldsFile: string): z.infer<typeof peersSchema>["peers"] {
  const folder = dirname(foldsFile);
  const file = [join(folder, "peers.json"), join(folder, "../peers", basename(foldsFile))].find(existsSync);
  return file === undefined ? {} : peersSchema.parse(JSON.parse(readFileSync(file, "utf8"))).peers;
}

const peersSchema = z.object({ peers: z.record(z.string(), z.record(z.string(), z.number())) });

/** A table of the figures that peers have too, then all others with their intervals. */
function printFigures(reports: Record<string, Report>, peers: z.infer<typeof peersSchema>["peers"]): void {
  const columns = [
    ["accuracy", "accuracy", "accuracy"],
    ["rocAuc", "roc_auc", "AUC"],
    ["logLoss", "log_loss", "log-loss"],
    ["brier", "brier", "Brier"],
    ["sensitivity", "sensitivity", "sens."],
    ["specificity", "specificity", "spec."],
    ["specificityAt99Sensitivity", "specificity_at_99_sensitivity", "spec.@99%"],
    ["calibrationError", "calibration_error", "ECE"],
  ] as const;
  const width = Math.max(...Object.keys({ ...reports, ...peers }).map(({ length }) => length));
  const line = (first: string, cells: string[]) =>
    console.log([first.padEnd(width), ...cells.map((cell) => cell.padStart(9))].join(" "));
  line(
    "",
    columns.map(([, , head]) => head),
  );
  for (const [name, { figures }] of Object.entries(reports)) {
    line(
      name,
      columns.map(([key]) => figures[key].mean.toFixed(5)),
    );
  }
  for (const [peer, figures] of Object.entries(peers)) {
    line(
      peer,
      columns.map(([, key]) => figures[key]?.toFixed(5) ?? "-"),
    );
  }
  for (const [name, { figures, certain }] of Object.entries(reports)) {
    console.log(`\n${name}: mean, sd over repeats, 95 % interval over resampled cases`);
    for (const [key, { mean, sd, low, high }] of Object.entries(figures)) {
      console.log([key.padEnd(28), ...[mean, sd, low, high].map((x) => x.toFixed(5).padStart(9))].join(" "));
    }
    for (const [label, { answers, wrong }] of Object.entries(certain)) {
      console.log(`certain ${label}: ${answers} answers a repeat, ${wrong} of them wrong`);
    }
  }
}

/** The original's protocol: one shuffled 80/10/10 split, as SageMaker's linear learner wants the files. */
function runSplit(): void {
  const { dataset, hash } = readDataset(here(`../${table.dataFile}`));
  const parts = splitRows(dataset.features.length);
  // First, since with too few rows it throws, and nothing is to be written then.
  const { cases, correct, benign: negatives } = trySplit(dataset, hash);
  mkdirSync(here("../data/split"), { recursive: true });
  for (const [name, rows] of Object.entries(parts)) {
    const part = selectRows(dataset, rows);
    const lines = part.features.map((features, i) => `${part.positive[i]},${csvLine(features)}`);
    writeFileSync(here(`../data/split/${name}.csv`), `${lines.join("\n")}\n`);
    console.log(`data/split/${name}.csv: ${rows.length} rows`);
  }
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
    nested: { type: "boolean", default: false },
  },
});
const [command = "train"] = positionals;
if (command === "worker") serveFolds();
else if (command === "train" && values.split) runSplit();
else if (command === "train") runTraining();
else if (command === "evaluate" && values.folds !== undefined) {
  await runEvaluation({
    foldsFile: values.folds,
    dataFile: values.data ?? here(`../${table.dataFile}`),
    nested: values.nested,
    out: values.json,
  });
} else {
  console.error(USAGE);
  process.exitCode = 2;
}
