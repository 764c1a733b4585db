import { FEATURES } from "../tables/current";
import type { Artifact } from "./artifact";
import { log } from "./elementary";

export type Inputs = Pick<Artifact["model"], "low" | "high" | "offsets" | "means" | "scales">;

const WIDTH = FEATURES.length;

/** Measurements that reach 0, which has no logarithm: their training median is added first at least. */
const REACHES_ZERO = FEATURES.map(({ range }) => range.min === 0);

/** Learns the log-standardisation from training rows; `shift`: how many medians are added before the logarithm. */
export function fitInputs(rows: readonly (readonly number[])[], shift: number): Inputs {
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
  const unit = { low, high, offsets, means: Array(WIDTH).fill(0), scales: Array(WIDTH).fill(1) };
  const logs = rows.map((row) => standardise(unit, row));
  const means = columns.map((_, j) => logs.reduce((sum, row) => sum + (row[j] as number), 0) / rows.length);
  const scales = means.map((mean, j) => {
    const squares = logs.reduce((sum, row) => {
      const deviation = (row[j] as number) - mean;
      // Not `** 2`: engines may round powers differently.
      return sum + deviation * deviation;
    }, 0);
    // A constant column carries nothing; any scale but 0 keeps it harmless.
    return Math.sqrt(squares / rows.length) || 1;
  });
  return { low, high, offsets, means, scales };
}

/**
 * Measurements to z-scores of their logarithms. Values outside the training range count as its edge, where
 * the quadratic is still supported by data; `reach` > 1 widens that range by a factor, to measure how far out.
 */
export function standardise(
  { low, high, offsets, means, scales }: Inputs,
  features: readonly number[],
  reach = 1,
): Float64Array {
  return Float64Array.from(features, (x, j) => {
    const clamped = Math.min(Math.max(x, (low[j] as number) / reach), (high[j] as number) * reach);
    return (log(clamped + (offsets[j] as number)) - (means[j] as number)) / (scales[j] as number);
  });
}
