import { type ClassCode, SAMPLES } from "../tables/current";
import { classOf, csvLine, type Dataset } from "./dataset";
import type { Prediction, Predictor } from "./predict";

export type GoldenCase = Prediction & {
  /** The key of a sample. */
  name: string;
  row: number;
  truth: ClassCode;
  /** The measurements as a text/csv request carries them. */
  csv: string;
};

/** What golden.json holds: the model's identity, and its answer for each of the table's samples, which every path must repeat to the last bit. */
export function goldenVectors(
  dataset: Dataset,
  predictor: Predictor,
): { model: Predictor["identity"]; cases: GoldenCase[] } {
  const cases = SAMPLES.map(({ key, row, values }) => {
    const features = row < 0 ? values : dataset.features[row];
    if (features === undefined) throw new RangeError(`the dataset has no row ${row}`);
    const truth = row < 0 ? predictor.predict(features).diagnosis : classOf(dataset.positive[row] as 0 | 1);
    return {
      name: key,
      row,
      truth,
      csv: csvLine(features),
      ...predictor.predict(features),
    };
  });
  return { model: predictor.identity, cases };
}
