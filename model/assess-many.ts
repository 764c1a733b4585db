import { CAUTIONS, FEATURE_KEYS, oneCase, patterns, scales, table } from "../tables/current";
import type { Artifact } from "./artifact";
import { createPredictor } from "./predict";
import { numbersOf } from "./standardise";
import { distanceOf, roundedDeviations } from "./typicality";

/** A row's answer in few bits: the place of its label in LABELS, and its cautions as bits by their place in CAUTIONS. */
export type Answers = { probabilities: Float64Array; labels: Uint8Array; cautions: Uint32Array };

export const LABELS = [table.classes.positive, table.classes.negative, "uncertain", "no_answer"] as const;
const [POSITIVE, NEGATIVE, UNCERTAIN, NO_ANSWER] = [0, 1, 2, 3];

const bitOf = (code: string) => (1 << CAUTIONS.indexOf(code)) >>> 0;
const IMPOSSIBLE = bitOf("impossible");
const ATYPICAL = bitOf("atypical");

/**
 * Answers rows laid end to end, in the table's order: what predict() and assess() say of each, without their
 * reasons, in a few microseconds a row. Throws RangeError as predictMany() does.
 */
export function createAssessor(artifact: Artifact): (values: Float64Array) => Answers {
  const predictor = createPredictor(artifact);
  const { typicality } = artifact;
  const width = FEATURE_KEYS.length;
  const numbers = numbersOf(artifact.model).length;
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
  let z = new Float64Array(0);

  function cautionsOf(values: Float64Array, row: number): number {
    const [start, from] = [row * width, row * numbers];
    let bits = oneCase.isImpossibleRow(values, start) ? IMPOSSIBLE : 0;
    for (const { weights, sd, limit, bit } of fitted) {
      let shift = 0;
      for (let j = 0; j < numbers; j++) shift += (weights[j] as number) * (z[from + j] as number);
      // Rounding is slow, and matters only where the limit is near.
      if (Math.abs(shift / sd) > limit - 0.01 && Math.abs(roundedDeviations(shift, sd)) > limit) bits |= bit;
    }
    for (const { isFound, bit, places, given } of looked) {
      for (let k = 0; k < places.length; k++) given[k] = values[start + (places[k] as number)] as number;
      if (isFound(given)) bits |= bit;
    }
    if (distanceOf(precision, z, from, from + numbers) / typicality.limit > 1) bits |= ATYPICAL;
    return bits >>> 0;
  }

  return (values) => {
    const wanted = (values.length / width) * numbers;
    if (z.length < wanted) z = new Float64Array(wanted);
    const { probabilities, uncertain } = predictor.predictMany(values, z);
    const rows = probabilities.length;
    const labels = new Uint8Array(rows);
    const cautions = new Uint32Array(rows);
    for (let i = 0; i < rows; i++) {
      const bits = cautionsOf(values, i);
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
