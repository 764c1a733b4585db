import { performance } from "node:perf_hooks";
import { parseArtifact } from "../../model/artifact";
import artifact from "../../model/artifact.json";
import { createPredictor } from "../../model/predict";
import type { Case } from "../cases";
import { predictAll } from "../model";
import type { Section } from "../report";
import { median } from "../statistics";

const ROUNDS = 9;
const ROUND_MS = 60;

/** What one prediction costs without any server. */
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
  return {
    title: "Model, in process",
    header: ["", "ns a prediction"],
    rows: [
      ["probability and diagnosis", bare.toFixed(0)],
      ["with contributions, through the endpoint, answer parsed", answered.toFixed(0)],
    ],
    notes: [],
    data: { nanosecondsPerPrediction: bare, nanosecondsPerEndpointAnswer: answered },
    errors: [],
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
