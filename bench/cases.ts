import { readFileSync } from "node:fs";
import type { Diagnosis, Prediction } from "../lib/contract";
import { classOf, parseDataset } from "../model/dataset";
import { FEATURE_KEYS, table } from "../tables/current";
import { predictAll } from "./model";

/** One row of the dataset: as numbers, as the texts a person would type, what it is, and what the model says of it. */
export type Case = {
  values: readonly number[];
  texts: Readonly<Record<string, string>>;
  truth: Diagnosis;
  prediction: Prediction;
};

/** The dataset's rows with the committed model's answers. */
export async function loadCases(): Promise<Case[]> {
  const csv = readFileSync(new URL(`../${table.dataFile}`, import.meta.url), "utf8");
  const { features, positive } = parseDataset(csv);
  const predictions = await predictAll(features);
  return predictions.map((prediction, row): Case => {
    const values = features[row] ?? [];
    const texts = Object.fromEntries(FEATURE_KEYS.map((key, index) => [key, String(values[index])]));
    return { values, texts, truth: classOf(positive[row] as 0 | 1), prediction };
  });
}

/** Calls for one item after the other, without end. */
export function takeTurns<T>(items: readonly T[]): () => T {
  let next = 0;
  return () => {
    const item = items[next++ % items.length];
    if (item === undefined) throw new RangeError("nothing to take turns with");
    return item;
  };
}
