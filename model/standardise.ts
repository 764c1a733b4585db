import { FEATURES } from "../tables/current";
import type { Artifact } from "./artifact";
import { log } from "./elementary";
import { readable, readableLists } from "./readable";

export type Inputs = Pick<Artifact["model"], "low" | "high" | "offsets" | "means" | "scales" | "inputs">;

/** A number the model computes with, made of one column; see artifact.ts. */
export type Input = NonNullable<Inputs["inputs"]>[number];

type Rows = readonly (readonly number[])[];

const OF_LOGARITHMS: readonly Input[] = FEATURES.map(({ index }) => ({ column: index, of: "logarithm" }));

/** A column's inputs stand side by side, in the table's order. */
export const inputsOf = (model: Pick<Inputs, "inputs">): readonly Input[] => model.inputs ?? OF_LOGARITHMS;

export const isNumber = ({ of }: Input): boolean => of === "logarithm" || of === "value";

/** The places of the inputs that are a column's number. */
export const numbersOf = (model: Pick<Inputs, "inputs">): number[] =>
  inputsOf(model).flatMap((input, j) => (isNumber(input) ? [j] : []));

/** Measurements that reach 0, which has no logarithm: their training median is added first at least. */
const REACHES_ZERO = FEATURES.map(({ range }) => range.min === 0);

/**
 * Learns the logarithm of every column from training rows; `shift`: how many medians are added before it. Throws RangeError
 * where the table has other columns than numbers of 0 and more that are always known.
 */
export function fitLogarithms(rows: Rows, shift: number): Inputs {
  if (FEATURES.some(({ type, least, mayMiss }) => type !== "number" || least < 0 || mayMiss))
    throw new RangeError("settings can be pinned only for numbers of 0 and more that are always known");
  const columns = FEATURES.map(({ index }) => rows.map((row) => row[index] as number).sort((a, b) => a - b));
  const low = columns.map((column, j) =>
    // Another dataset may hold a zero where this one has none; a tiny floor keeps its logarithm finite.
    REACHES_ZERO[j] ? (column[0] as number) : Math.max(column[0] as number, 1e-9),
  );
  const high = columns.map((column, j) => Math.max(column.at(-1) as number, low[j] as number));
  const offsets = columns.map((column, j) => {
    const medians = REACHES_ZERO[j] ? Math.max(shift, 1) : shift;
    return medians * ((column[column.length >> 1] as number) || 1e-9);
  });
  const unit = { low, high, offsets, means: columns.map(() => 0), scales: columns.map(() => 1) };
  const logs = rows.map((row) => standardise(unit, row));
  const fitted = columns.map((_, j) => meanAndScale(logs.map((row) => row[j] as number)));
  return readableLists({
    ...{ low, high, offsets },
    means: fitted.map(({ mean }) => mean),
    scales: fitted.map(({ scale }) => scale),
  });
}

/** Fewer rows than these tell nothing of a level, or of its being missing. */
const LEAST_ROWS = 3;
/** Not their deviation, which would make much of a level that few cases have. */
const INDICATOR_SCALE = 0.5;

/**
 * Learns the inputs of columns of every type. A number, unless it is constant, gives its z-score, or that of its logarithm
 * where it is nowhere below 0, its skewness is beyond `skewed` and its logarithm is less skewed; a category or a yes-no
 * column one input a level, those of too few rows together. A column that is missing often enough has one for that.
 */
export function fitInputs(rows: Rows, skewed: number): Inputs {
  const fitted = FEATURES.flatMap(({ index, type, levels }) => {
    const column = rows.map((row) => row[index] as number);
    const known = column.filter((x) => !Number.isNaN(x));
    const indicator = (of: "missing" | number[], count: number) => ({
      ...{ input: { column: index, of }, low: 0, high: 1, offset: 0 },
      ...{ mean: count / rows.length, scale: INDICATOR_SCALE },
      isUseful: count >= LEAST_ROWS && count < rows.length,
    });
    const missing = indicator("missing", column.length - known.length);
    if (type === "number") return [fitNumber(index, known, skewed), missing];
    const counts = levels.map((_, level) => known.filter((x) => x === level).length);
    const places = [...counts.keys()];
    const isOwn = (level: number) => (counts[level] as number) >= LEAST_ROWS;
    const rare = places.filter((level) => !isOwn(level));
    return [
      ...places.filter(isOwn).map((level) => indicator([level], counts[level] as number)),
      indicator(
        rare,
        rare.reduce((sum, level) => sum + (counts[level] as number), 0),
      ),
      missing,
    ];
  }).filter(({ isUseful }) => isUseful);
  return {
    inputs: fitted.map(({ input }) => input),
    low: fitted.map(({ low }) => readable(low)),
    high: fitted.map(({ high }) => readable(high)),
    offsets: fitted.map(({ offset }) => readable(offset)),
    means: fitted.map(({ mean }) => readable(mean)),
    scales: fitted.map(({ scale }) => readable(scale)),
  };
}

/** The z-score of a column whose `known` values are given. */
function fitNumber(column: number, known: readonly number[], skewed: number) {
  const ordered = [...known].sort((a, b) => a - b);
  const [low = 0, high = 0] = [ordered[0], ordered.at(-1)];
  // Where 0 occurs, which has no logarithm, the median is added first.
  const median = ordered[ordered.length >> 1] || (ordered.find((x) => x > 0) ?? 1);
  const offset = low > 0 ? 0 : median;
  const logs = low >= 0 ? known.map((x) => log(x + offset)) : [];
  const skew = Math.abs(skewness(known));
  const isLog = low >= 0 && low < high && skew > skewed && Math.abs(skewness(logs)) < skew;
  const of: Input["of"] = isLog ? "logarithm" : "value";
  return {
    ...{ input: { column, of }, low, high, offset: isLog ? offset : 0 },
    ...meanAndScale(isLog ? logs : known),
    isUseful: low < high,
  };
}

/** The standard deviation; 1 of a constant, which carries nothing. */
function meanAndScale(values: readonly number[]): { mean: number; scale: number } {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const squares = values.reduce((sum, x) => {
    const deviation = x - mean;
    // Not `** 2`: engines may round powers differently.
    return sum + deviation * deviation;
  }, 0);
  return { mean, scale: Math.sqrt(squares / values.length) || 1 };
}

function skewness(values: readonly number[]): number {
  const { mean, scale } = meanAndScale(values);
  return values.reduce((sum, x) => {
    const z = (x - mean) / scale;
    return sum + (z * z * z) / values.length;
  }, 0);
}

/**
 * A case as the model's inputs. Numbers outside the training range count as its edge, where the quadratic is still
 * supported by data; `reach` > 1 widens that range by a factor, to measure how far out. One that may miss and does
 * counts as 0, the mean.
 */
export function standardise(model: Inputs, features: readonly number[], reach = 1): Float64Array {
  const { low, high, offsets, means, scales } = model;
  return Float64Array.from(inputsOf(model), ({ column, of }, j) => {
    const x = features[column] as number;
    if (of !== "logarithm" && of !== "value") {
      const has = Number.isNaN(x) ? of === "missing" : of !== "missing" && of.includes(x);
      return ((has ? 1 : 0) - (means[j] as number)) / (scales[j] as number);
    }
    if (Number.isNaN(x) && FEATURES[column]?.mayMiss) return 0;
    const [least, most] = widened(low[j] as number, high[j] as number, of, reach);
    const clamped = Math.min(Math.max(x, least), most);
    const moved = of === "logarithm" ? log(clamped + (offsets[j] as number)) : clamped;
    return (moved - (means[j] as number)) / (scales[j] as number);
  });
}

/** A training range widened by a factor: on both sides, or that of values as they are by its own width. */
export function widened(low: number, high: number, of: Input["of"], reach: number): [number, number] {
  if (of === "logarithm") return [low / reach, high * reach];
  return [low - (reach - 1) * (high - low), high + (reach - 1) * (high - low)];
}
