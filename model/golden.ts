import type { Dataset } from "./dataset";
import type { Prediction, Predictor } from "./predict";

/** Dataset rows (0-based) whose answers every path must repeat to the last bit of JSON. */
const GOLDEN_ROWS = { malignant: 0, benign: 46, borderline: 413, hard: 297 } as const;

export type GoldenCase = Prediction & {
  name: keyof typeof GOLDEN_ROWS;
  row: number;
  truth: "M" | "B";
  /** The 30 measurements as a text/csv request carries them. */
  csv: string;
};

/** What golden.json holds: the model's identity, and its answer for each of `GOLDEN_ROWS`. */
export function goldenVectors(
  dataset: Dataset,
  predictor: Predictor,
): { model: Predictor["identity"]; cases: GoldenCase[] } {
  const cases = Object.entries(GOLDEN_ROWS).map(([name, row]) => {
    const features = dataset.features[row];
    if (features === undefined) throw new RangeError(`the dataset has no row ${row}`);
    const truth = dataset.malignant[row] === 1 ? ("M" as const) : ("B" as const);
    return {
      name: name as keyof typeof GOLDEN_ROWS,
      row,
      truth,
      csv: features.join(),
      ...predictor.predict(features),
    };
  });
  return { model: predictor.identity, cases };
}
