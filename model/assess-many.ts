import { CAUTIONS, FEATURE_KEYS, oneCase, patterns, scales, table } from "../tables/current";
import type { Artifact } from "./artifact";
import { log } from "./elementary";
import { createPredictor } from "./predict";
import { distanceOf, REACH, roundedDeviations } from "./typicality";

/** A row's answer in few bits: the place of its label in LABELS, and its cautions as bits by their place in CAUTIONS. */
export type Answers = { probabilities: Float64Array; labels: Uint8Array; cautions: Uint32Array };

export const LABELS = [table.classes.positive, table.classes.negative, "uncertain", "no_answer"] as const;
const [POSITIVE, NEGATIVE, UNCERTAIN, NO_ANSWER] = [0, 1, 2, 3];

const bitOf = (code: string) => (1 << CAUTIONS.indexOf(code)) >>> 0;
const IMPOSSIBLE = bitOf("impossible");
const ATYPICAL = bitOf("atypical");

/**
 * Answers rows laid end to end, finite and in the table's order: what predict() and assess() say of each, without their
 * reasons, in a few microseconds a row.
 */
export function createAssessor(artifact: Artifact): (values: Float64Array) => Answers {
  const predictor = createPredictor(artifact);
  const { model, typicality } = artifact;
  const width = FEATURE_KEYS.length;
  const low = Float64Array.from(model.low, (x) => x / REACH);
  const high = Float64Array.from(model.high, (x) => x * REACH);
  const offsets = Float64Array.from(model.offsets);
  const means = Float64Array.from(model.means);
  const deviations = Float64Array.from(model.scales);
  const precision = Float64Array.from(typicality.precision);
  const fitted = scales.flatMap(({ key, caution }) => {
    const scale = typicality.scales.find((one) => one.key === key);
    if (scale === undefined) return [];
    return [
      { weights: Float64Array.from(scale.weights), sd: scale.sd, limit: scale.limit, bit: bitOf(caution) },
    ];
  });
  const looked = patterns.map(({ key, keys, isFound }) => ({
    isFound,
    bit: bitOf(key),
    places: keys.map((one) => FEATURE_KEYS.indexOf(one)),
    given: new Float64Array(keys.length),
  }));
  const z = new Float64Array(width);

  function cautionsOf(values: Float64Array, start: number): number {
    for (let j = 0; j < width; j++) {
      const x = values[start + j] as number;
      const clamped = Math.min(Math.max(x, low[j] as number), high[j] as number);
      z[j] = (log(clamped + (offsets[j] as number)) - (means[j] as number)) / (deviations[j] as number);
    }
    let bits = oneCase.isImpossibleRow(values, start) ? IMPOSSIBLE : 0;
    for (const { weights, sd, limit, bit } of fitted) {
      let shift = 0;
      for (let j = 0; j < width; j++) shift += (weights[j] as number) * (z[j] as number);
      // Rounding is slow, and matters only where the limit is near.
      if (Math.abs(shift / sd) > limit - 0.01 && Math.abs(roundedDeviations(shift, sd)) > limit) bits |= bit;
    }
    for (const { isFound, bit, places, given } of looked) {
      for (let k = 0; k < places.length; k++) given[k] = values[start + (places[k] as number)] as number;
      if (isFound(given)) bits |= bit;
    }
    if (distanceOf(precision, z) / typicality.limit > 1) bits |= ATYPICAL;
    return bits >>> 0;
  }

  return (values) => {
    const { probabilities, uncertain } = predictor.predictMany(values);
    const rows = probabilities.length;
    const labels = new Uint8Array(rows);
    const cautions = new Uint32Array(rows);
    for (let i = 0; i < rows; i++) {
      const bits = cautionsOf(values, i * width);
      const isPositive = (probabilities[i] as number) >= predictor.identity.threshold;
      cautions[i] = bits;
      labels[i] =
        (bits & IMPOSSIBLE) !== 0
          ? NO_ANSWER
          : bits !== 0 || uncertain[i] === 1
            ? UNCERTAIN
            : isPositive
              ? POSITIVE
              : NEGATIVE;
    }
    return { probabilities, labels, cautions };
  };
}

/** The codes of cautions given as bits, the most serious first. */
export const cautionCodes = (bits: number): string[] => CAUTIONS.filter((_, at) => (bits >>> at) & 1);
