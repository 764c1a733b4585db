import "server-only";
import type { TrainingRow } from "@/lib/contract";
import { createNearest, type Neighbour } from "@/model/nearest";
import { INSTALLED } from "./installed";
import { TRAINING_DATA } from "./training-data";
import { trainingRowOf } from "./training-rows";

const nearest = createNearest(INSTALLED, TRAINING_DATA);

const NEIGHBOURS = 5;

/** A row of the training data with the others that are most like it; null where there is no such row. */
export function trainingCase(
  row: number,
): (TrainingRow & { values: readonly number[]; nearest: Neighbour[] }) | null {
  const values = TRAINING_DATA.features[row];
  const found = values === undefined ? null : trainingRowOf(values);
  if (values === undefined || found === null) return null;
  const others = nearest(values, NEIGHBOURS + 1).filter((other) => other.row !== row);
  return { ...found, row, values, nearest: others.slice(0, NEIGHBOURS) };
}
