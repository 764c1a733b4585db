import "server-only";
import type { TrainingRow } from "@/lib/contract";
import { classOf } from "@/model/dataset";
import { FEATURES } from "@/tables/current";
import { MODEL_CARD } from "./model-card";
import { TRAINING_DATA } from "./training-data";

/** Which cases are rows of the training data: those whose values are a row's, every one of them. */

const { features, positive } = TRAINING_DATA;
const rowByValues = new Map(features.map((values, row) => [values.join(), row]));
const { heldOut } = MODEL_CARD;

const valuesOf = (index: number) => new Set(features.map((values) => values[index] as number));

/** The measurement with the most different values: one that is none of `values` tells that a case is no row. */
export const TRAINING_PROBE = FEATURES.map(({ key, index }) => ({
  key,
  index,
  values: valuesOf(index),
})).reduce((most, probe) => (probe.values.size > most.values.size ? probe : most));

/** The row that a case is, with its class and what was said of it unseen; null where it is none. */
export function trainingRowOf(values: readonly number[]): TrainingRow | null {
  // For thousands of cases at once, of which nearly all are none.
  if (!TRAINING_PROBE.values.has(values[TRAINING_PROBE.index] as number)) return null;
  const row = rowByValues.get(values.join());
  if (row === undefined) return null;
  return { row, truth: classOf(positive[row] as 0 | 1), unseen: heldOut?.[row] ?? null };
}
