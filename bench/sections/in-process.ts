import { execFileSync } from "node:child_process";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { parseArtifact } from "../../model/artifact";
import { createPredictor, type Predictor } from "../../model/predict";
import { FEATURE_KEYS, table } from "../../tables/current";
import { artifactJson as artifact } from "../../tables/current-model";
import type { Case } from "../cases";
import { predictAll } from "../model";
import type { Section } from "../report";
import { findPython } from "../servers";
import { median, pairedRatio } from "../statistics";

const ROUNDS = 9;
const ROUND_MS = 60;

const BATCH_ROWS = 1_000_000;
const BATCH_ROUNDS = 3;
const WANTED_RATIO = 3;
/** The best of scikit-learn's peers by AUC, log-loss and specificity at 99 % sensitivity; none is as accurate. */
const BEST_PEER = "PowerTransformer+SVC(rbf, C=10, gamma=0.01)+Platt";

/** What one prediction costs without any server, and a million at once beside scikit-learn. */
export async function measureModel(cases: readonly Case[]): Promise<Section> {
  const predictor = createPredictor(parseArtifact(artifact));
  const rows = cases.map(({ values }) => values);
  let sum = 0;
  const bare = await nanosecondsPerRow(rows, (row) => {
    sum += predictor.predict(row).probability;
  });
  const answered = await nanosecondsPerRow(rows, async (row) => {
    sum += (await predictAll([row]))[0]?.probability ?? 0;
  });
  // Used, so that no compiler may leave the work out.
  if (!Number.isFinite(sum)) throw new Error("the model gave no number");
  const batch = measureBatch(rows, predictor.predictMany);
  return {
    title: "Model, in process",
    header: ["", "ns a prediction", "Cytodesk is"],
    rows: [
      ["one: probability and diagnosis", bare.toFixed(0), ""],
      ["one: with its assessment, through the endpoint, answer parsed", answered.toFixed(0), ""],
      [`${BATCH_ROWS} at once: probability`, perRow(batch.ours), ""],
      ...Object.entries(batch.peers).map(([name, seconds]) => [
        `${BATCH_ROWS} at once: scikit-learn, ${name}`,
        perRow(seconds),
        `x ${pairedRatio(seconds, batch.ours).toFixed(2)}`,
      ]),
    ],
    notes: [batch.note],
    data: { nanosecondsPerPrediction: bare, nanosecondsPerEndpointAnswer: answered, batchSeconds: batch },
    errors: [],
  };
}

const perRow = (seconds: readonly number[]) => ((median(seconds) * 1e9) / BATCH_ROWS).toFixed(0);

/** Seconds for a million rows, in turns with scikit-learn's peers where a Python has them. */
function measureBatch(rows: readonly (readonly number[])[], predictMany: Predictor["predictMany"]) {
  const python = findPython("sklearn");
  const values = new Float64Array(BATCH_ROWS * FEATURE_KEYS.length);
  for (let row = 0; row < BATCH_ROWS; row++) {
    values.set(rows[row % rows.length] as readonly number[], row * FEATURE_KEYS.length);
  }
  const ours: number[] = [];
  const peers: Record<string, number[]> = {};
  for (let round = 0; round < BATCH_ROUNDS; round++) {
    const started = performance.now();
    if (predictMany(values).probabilities.length !== BATCH_ROWS) throw new Error("the model left out rows");
    ours.push((performance.now() - started) / 1000);
    if (python === null) continue;
    const script = fileURLToPath(new URL("../peers/sklearn/predict.py", import.meta.url));
    const dataset = fileURLToPath(new URL(`../../${table.dataFile}`, import.meta.url));
    const answer = execFileSync(python.python, [script, dataset, String(BATCH_ROWS)], { encoding: "utf8" });
    for (const [name, seconds] of Object.entries(
      z.record(z.string(), z.number()).parse(JSON.parse(answer)),
    )) {
      peers[name] = [...(peers[name] ?? []), seconds];
    }
  }
  if (python === null) {
    return {
      ours,
      peers,
      note: "scikit-learn is left out: no python3 has it (Debian: apt install python3-sklearn).",
    };
  }
  const ratio = pairedRatio(peers[BEST_PEER] ?? [], ours);
  const met = ratio >= WANTED_RATIO ? "met" : "NOT MET";
  return {
    ours,
    peers,
    note: `A batch takes scikit-learn ${python.version}'s best peer x ${ratio.toFixed(2)} as long; wanted: at least x ${WANTED_RATIO}: ${met}.`,
  };
}

/** The median over rounds; the first ones, in which the code is still being compiled, weigh no more than others. */
async function nanosecondsPerRow(
  rows: readonly (readonly number[])[],
  use: (row: readonly number[]) => void | Promise<void>,
): Promise<number> {
  const perRow: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const started = performance.now();
    let used = 0;
    while (performance.now() - started < ROUND_MS) {
      for (const row of rows) {
        const pending = use(row);
        if (pending !== undefined) await pending;
      }
      used += rows.length;
    }
    perRow.push(((performance.now() - started) * 1e6) / used);
  }
  return median(perRow);
}
