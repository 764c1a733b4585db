import { type ClassCode, table } from "../tables/current";
import type { Artifact } from "./artifact";
import { log, sigmoid } from "./elementary";
import { REACH } from "./typicality";

const { positive, negative } = table.classes;

export type Prediction = {
  /** Positive when `probability` reaches the artifact's threshold. */
  diagnosis: ClassCode;
  /** Probability of the positive class, 0..1. */
  probability: number;
  /** ln(p / (1 - p)). */
  logit: number;
  /** The diagnosis where the conformal set holds it alone, else "uncertain". */
  label: ClassCode | "uncertain";
};

export type Predictor = {
  identity: { name: string; version: string; hash: string; threshold: number };
  /** `features`: finite numbers in the table's order, parsed by the caller. Throws RangeError otherwise. */
  predict(features: readonly number[]): Prediction;
  /** For rows laid end to end, the same to the bit as predict(); 1 where the label is "uncertain". Throws RangeError. */
  predictMany(
    values: Float64Array,
    /** Takes the values as z-scores with the training range widened by REACH, as typicality() has them. */
    wide?: Float64Array,
  ): { probabilities: Float64Array; uncertain: Uint8Array };
  /** The probabilities between which the label is "uncertain". */
  uncertainBand: { level: number; from: number; to: number };
};

const LANES = 4;

/** Prepares an artifact for prediction: about a microsecond a case. */
export function createPredictor(artifact: Artifact): Predictor {
  const { name, version, hash, threshold, model, conformal } = artifact;
  const low = Float64Array.from(model.low);
  const high = Float64Array.from(model.high);
  const offsets = Float64Array.from(model.offsets);
  const means = Float64Array.from(model.means);
  const scales = Float64Array.from(model.scales);
  const weights = Float64Array.from(model.weights);
  const products = Float64Array.from(model.products);
  const width = means.length;
  const z = new Float64Array(width * LANES);
  const single = new Float64Array(width);
  const logits = new Float64Array(LANES);

  /** Standardises the rows at `start` into `z`, a measurement's lanes side by side: standardise() without arrays. */
  function load(values: Float64Array, start: number, rows: number, wide?: Float64Array): void {
    for (let lane = 0; lane < rows; lane++) {
      for (let j = 0; j < width; j++) {
        const x = values[start + lane * width + j] as number;
        const clamped = Math.min(Math.max(x, low[j] as number), high[j] as number);
        // x - x is 0, or NaN for Infinity, which must not pass as the edge of the training range.
        const score = scoreOf(clamped + (x - x), j);
        z[j * LANES + lane] = score;
        if (wide === undefined) continue;
        const further = Math.min(Math.max(x, (low[j] as number) / REACH), (high[j] as number) * REACH);
        wide[start + lane * width + j] = further === clamped ? score : scoreOf(further, j);
      }
    }
  }

  const scoreOf = (x: number, j: number) =>
    (log(x + (offsets[j] as number)) - (means[j] as number)) / (scales[j] as number);

  /** Logits of the loaded lanes. Four rows share each read of a parameter, which makes a batch twice as fast. */
  function evaluate(): void {
    let [l0, l1, l2, l3] = [model.intercept, model.intercept, model.intercept, model.intercept];
    for (let j = 0, at = 0; j < width; j++) {
      let s0 = weights[j] as number;
      let [s1, s2, s3] = [s0, s0, s0];
      for (let k = j * LANES; k < z.length; k += LANES, at++) {
        const product = products[at] as number;
        s0 += product * (z[k] as number);
        s1 += product * (z[k + 1] as number);
        s2 += product * (z[k + 2] as number);
        s3 += product * (z[k + 3] as number);
      }
      const k = j * LANES;
      l0 += s0 * (z[k] as number);
      l1 += s1 * (z[k + 1] as number);
      l2 += s2 * (z[k + 2] as number);
      l3 += s3 * (z[k + 3] as number);
    }
    logits[0] = l0;
    logits[1] = l1;
    logits[2] = l2;
    logits[3] = l3;
  }

  /** Whether the conformal set holds the diagnosis alone. */
  const isCertain = (logit: number, probability: number) =>
    probability >= threshold
      ? logit > conformal.benignTo && logit >= conformal.malignantFrom
      : logit < conformal.malignantFrom && logit <= conformal.benignTo;

  return {
    identity: { name, version, hash, threshold },
    uncertainBand: {
      level: conformal.level,
      from: Math.min(sigmoid(conformal.malignantFrom), sigmoid(conformal.benignTo), threshold),
      to: Math.max(sigmoid(conformal.malignantFrom), sigmoid(conformal.benignTo), threshold),
    },
    predict(features) {
      if (features.length !== width) {
        throw new RangeError(`expected ${width} measurements, got ${features.length}`);
      }
      single.set(features);
      load(single, 0, 1);
      evaluate();
      const logit = logits[0] as number;
      if (Number.isNaN(logit)) throw new RangeError("measurements must be finite numbers");
      const probability = sigmoid(logit);
      const diagnosis = probability >= threshold ? positive : negative;
      return {
        diagnosis,
        probability,
        logit,
        label: isCertain(logit, probability) ? diagnosis : "uncertain",
      };
    },
    predictMany(values, wide) {
      if (values.length % width !== 0) throw new RangeError(`expected rows of ${width} measurements`);
      const probabilities = new Float64Array(values.length / width);
      const uncertain = new Uint8Array(probabilities.length);
      for (let i = 0; i < probabilities.length; i += LANES) {
        const rows = Math.min(LANES, probabilities.length - i);
        load(values, i * width, rows, wide);
        evaluate();
        for (let lane = 0; lane < rows; lane++) {
          const logit = logits[lane] as number;
          if (Number.isNaN(logit))
            throw new RangeError(`row ${i + lane}: measurements must be finite numbers`);
          const probability = sigmoid(logit);
          probabilities[i + lane] = probability;
          uncertain[i + lane] = isCertain(logit, probability) ? 0 : 1;
        }
      }
      return { probabilities, uncertain };
    },
  };
}
