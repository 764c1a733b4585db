import { type ClassCode, FEATURES, table } from "../tables/current";
import type { Artifact } from "./artifact";
import { HIGH, log, sigmoid } from "./elementary";
import { inputsOf, isNumber, widened } from "./standardise";
import { CELLS, DEPTH } from "./trees";
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

/** The ends of the conformal set, as the artifact has them. */
type SetEnds = Pick<Artifact["conformal"], "malignantFrom" | "benignTo">;

/** Whether the conformal set of a case holds a class: 1 is the positive one. */
export const isInSet = (logit: number, truth: 0 | 1, { malignantFrom, benignTo }: SetEnds): boolean =>
  truth === 1 ? logit >= malignantFrom : logit <= benignTo;

/** Whether it holds that class alone, so that the answer is certain. */
export const isAloneInSet = (logit: number, truth: 0 | 1, ends: SetEnds): boolean =>
  isInSet(logit, truth, ends) && !isInSet(logit, truth === 1 ? 0 : 1, ends);

export type Predictor = {
  identity: { name: string; version: string; hash: string; threshold: number };
  /**
   * `features`: what the columns can hold, in the table's order: a finite number, a level's place, or NaN where one may miss.
   * Throws RangeError otherwise.
   */
  predict(features: readonly number[]): Prediction;
  /** For rows laid end to end, the same to the bit as predict(); 1 where the label is "uncertain". Throws RangeError. */
  predictMany(
    values: Float64Array,
    /** Takes the inputs that are numbers with the training range widened by REACH, as typicality() has them. */
    wide?: Float64Array,
  ): { probabilities: Float64Array; uncertain: Uint8Array };
  /** The probabilities between which the label is "uncertain". */
  uncertainBand: { level: number; from: number; to: number };
};

const LANES = 4;
/** The kinds of input. */
const [LOGARITHM, VALUE, INDICATOR] = [0, 1, 2];

const WANTED = "finite numbers or places of levels, and known where they may not miss";
const COLUMNS = FEATURES.length;
const MAY_MISS = Uint8Array.from(FEATURES, ({ mayMiss }) => Number(mayMiss));
/** Of a number 0. */
const LEVELS = Uint32Array.from(FEATURES, ({ levels }) => levels.length);

/** 0, or NaN where the column cannot hold the value. */
function doubtOf(x: number, column: number): number {
  const levels = LEVELS[column] as number;
  // NaN for Infinity too, which must not pass as the edge of the training range.
  if (levels === 0) return MAY_MISS[column] === 1 && Number.isNaN(x) ? 0 : x - x;
  if (Number.isNaN(x)) return MAY_MISS[column] === 1 ? 0 : x;
  return Number.isInteger(x) && x >= 0 && x < levels ? 0 : Number.NaN;
}

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
  const inputs = inputsOf(model);
  const columns = Int32Array.from(inputs, ({ column }) => column);
  const kinds = Uint8Array.from(inputs, (input) =>
    isNumber(input) ? (input.of === "logarithm" ? LOGARITHM : VALUE) : INDICATOR,
  );
  const further = inputs.map(({ of }, j) => widened(low[j] as number, high[j] as number, of, REACH));
  const lowest = Float64Array.from(further, ([least]) => least);
  const highest = Float64Array.from(further, ([, most]) => most);
  /** What an indicator is where its column is missing, and for each level. */
  const ifMissing = Uint8Array.from(inputs, ({ of }) => Number(of === "missing"));
  const byLevel = inputs.map(({ column, of }) =>
    Uint8Array.from(FEATURES[column]?.levels.keys() ?? [], (level) =>
      Number(Array.isArray(of) && of.includes(level)),
    ),
  );
  const apart = new Float64Array(DEPTH);
  const signs = new Uint32Array(apart.buffer);
  const numbers = kinds.filter((kind) => kind !== INDICATOR).length;
  const width = inputs.length;
  const z = new Float64Array(width * LANES);
  /** Where in `z` the lanes of each split's input begin. */
  const splits = Int32Array.from(model.trees?.inputs ?? [], (input) => input * LANES);
  const cuts = Float64Array.from(model.trees?.cuts ?? []);
  const leaves = Float64Array.from(model.trees?.values ?? []);
  const single = new Float64Array(COLUMNS);
  const logits = new Float64Array(LANES);
  const doubts = new Float64Array(LANES);

  /** Standardises the rows from `first` on into `z`, an input's lanes side by side: standardise() without arrays. */
  function load(values: Float64Array, first: number, rows: number, wide?: Float64Array): void {
    for (let lane = 0; lane < rows; lane++) {
      const start = (first + lane) * COLUMNS;
      let doubt = 0;
      for (let column = 0; column < COLUMNS; column++)
        doubt += doubtOf(values[start + column] as number, column);
      doubts[lane] = doubt;
      let at = (first + lane) * numbers;
      for (let j = 0; j < width; j++) {
        const x = values[start + (columns[j] as number)] as number;
        if (kinds[j] === INDICATOR) {
          const has = (Number.isNaN(x) ? ifMissing[j] : byLevel[j]?.[x]) ?? 0;
          z[j * LANES + lane] = (has - (means[j] as number)) / (scales[j] as number);
          continue;
        }
        const clamped = Math.min(Math.max(x, low[j] as number), high[j] as number);
        const score = scoreOf(clamped, j);
        z[j * LANES + lane] = score;
        if (wide === undefined) continue;
        const further = Math.min(Math.max(x, lowest[j] as number), highest[j] as number);
        wide[at++] = further === clamped ? score : scoreOf(further, j);
      }
    }
  }

  const scoreOf = (x: number, j: number) => {
    if (Number.isNaN(x)) return 0;
    const moved = kinds[j] === LOGARITHM ? log(x + (offsets[j] as number)) : x;
    return (moved - (means[j] as number)) / (scales[j] as number);
  };

  /** Logits of the `rows` loaded lanes. Four rows share each read of a parameter, which makes a batch twice as fast. */
  function evaluate(rows: number): void {
    let l0 = model.intercept + (doubts[0] as number);
    let l1 = model.intercept + (doubts[1] as number);
    let l2 = model.intercept + (doubts[2] as number);
    let l3 = model.intercept + (doubts[3] as number);
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
    if (splits.length === 0) return;
    for (let lane = 0; lane < rows; lane++) logits[lane] = (logits[lane] as number) + treesOf(lane);
  }

  /**
   * What a loaded lane's cells add up to: cellOf() by the sign bits of cut - z. A comparison would be a branch, which the
   * processor guesses wrong at every other tree; this makes a batch more than twice as fast.
   */
  function treesOf(lane: number): number {
    let sum = 0;
    for (let at = 0, first = 0; at < splits.length; at += DEPTH, first += CELLS) {
      apart[0] = (cuts[at] as number) - (z[(splits[at] as number) + lane] as number);
      apart[1] = (cuts[at + 1] as number) - (z[(splits[at + 1] as number) + lane] as number);
      apart[2] = (cuts[at + 2] as number) - (z[(splits[at + 2] as number) + lane] as number);
      const a = (signs[HIGH] as number) >>> 31;
      const b = (signs[HIGH + 2] as number) >>> 31;
      const c = (signs[HIGH + 4] as number) >>> 31;
      sum += leaves[first + 4 * a + 2 * b + c] as number;
    }
    return sum;
  }

  /** Whether the conformal set holds the diagnosis alone. */
  const isCertain = (logit: number, probability: number) =>
    isAloneInSet(logit, probability >= threshold ? 1 : 0, conformal);

  return {
    identity: { name, version, hash, threshold },
    uncertainBand: {
      level: conformal.level,
      from: Math.min(sigmoid(conformal.malignantFrom), sigmoid(conformal.benignTo), threshold),
      to: Math.max(sigmoid(conformal.malignantFrom), sigmoid(conformal.benignTo), threshold),
    },
    predict(features) {
      if (features.length !== COLUMNS) {
        throw new RangeError(`expected ${COLUMNS} measurements, got ${features.length}`);
      }
      single.set(features);
      load(single, 0, 1);
      evaluate(1);
      const logit = logits[0] as number;
      if (Number.isNaN(logit)) throw new RangeError(`measurements must be ${WANTED}`);
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
      if (values.length % COLUMNS !== 0) throw new RangeError(`expected rows of ${COLUMNS} measurements`);
      const probabilities = new Float64Array(values.length / COLUMNS);
      const uncertain = new Uint8Array(probabilities.length);
      for (let i = 0; i < probabilities.length; i += LANES) {
        const rows = Math.min(LANES, probabilities.length - i);
        load(values, i, rows, wide);
        evaluate(rows);
        for (let lane = 0; lane < rows; lane++) {
          const logit = logits[lane] as number;
          if (Number.isNaN(logit)) throw new RangeError(`row ${i + lane}: measurements must be ${WANTED}`);
          const probability = sigmoid(logit);
          probabilities[i + lane] = probability;
          uncertain[i + lane] = isCertain(logit, probability) ? 0 : 1;
        }
      }
      return { probabilities, uncertain };
    },
  };
}
