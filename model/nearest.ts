import { type ClassCode, FEATURES } from "../tables/current";
import type { Artifact } from "./artifact";
import { classOf, type Dataset } from "./dataset";
import { type Input, type Inputs, inputsOf, isNumber, standardise } from "./standardise";

export type Neighbour = {
  /** 0-based row of the training data. */
  row: number;
  diagnosis: ClassCode;
  /** Root mean square difference over the standardised columns; 0 is the same case. */
  distance: number;
};

/**
 * A case to measure from: its inputs, where those of levels, and of being missing, count half. A category that differs thus
 * adds 2 to the squares, as much as a number does on average.
 */
function measured(model: Inputs, features: readonly number[]): Float64Array {
  const inputs = inputsOf(model);
  return standardise(model, features).map((z, j) => (isNumber(inputs[j] as Input) ? z : z / 2));
}

/** The squared differences of two cases added up; no more than that it is above `limit` where it is. */
function squaresOf(a: Float64Array, b: Float64Array, limit = Number.POSITIVE_INFINITY): number {
  let squares = 0;
  for (let j = 0; j < a.length && squares <= limit; j++) {
    const difference = (b[j] as number) - (a[j] as number);
    squares += difference * difference;
  }
  return squares;
}

/** Root mean square difference by column. */
const distanceOf = (squares: number) => Math.sqrt(squares / FEATURES.length);

/** How two cases differ in each column, in the table's order, by its inputs; the sign is that of its number, where it has one. */
export function differencesOf({ model }: Artifact, a: readonly number[], b: readonly number[]): number[] {
  const inputs = inputsOf(model);
  const [one, other] = [measured(model, a), measured(model, b)];
  return FEATURES.map(({ index }) => {
    const apart = inputs.flatMap(({ column }, j) =>
      column === index ? [(one[j] as number) - (other[j] as number)] : [],
    );
    if (apart.length === 1) return apart[0] as number;
    const length = Math.sqrt(apart.reduce((sum, x) => sum + x * x, 0));
    return (apart[0] ?? 0) < 0 ? -length : length;
  });
}

/**
 * Finds the `count` training cases most like a case, nearest first. `training` is not part of the artifact; it is
 * standardised once.
 */
export function createNearest({ model }: Artifact, training: Dataset) {
  const rows = training.features.map((features) => measured(model, features));
  return (features: readonly number[], count = 5): Neighbour[] => {
    const z = measured(model, features);
    return rows
      .map((other, row) => ({ row, distance: distanceOf(squaresOf(z, other)) }))
      .sort((a, b) => a.distance - b.distance || a.row - b.row)
      .slice(0, count)
      .map(({ row, distance }) => ({
        row,
        diagnosis: classOf(training.positive[row] as 0 | 1),
        distance,
      }));
  };
}

/** Two training cases of opposite truth, by 0-based row, and their distance as a neighbour's. */
export type Twins = { positive: number; negative: number; distance: number };

/** The `count` pairs of opposite truth that differ least, nearest first; no case is in two of them. */
export function findTwins({ model }: Artifact, training: Dataset, count: number): Twins[] {
  const cases = training.features.map((features, row) => ({ row, z: measured(model, features) }));
  const twins: Twins[] = [];
  // Sorting all pairs would take five times as long as looking through them for each pair that is wanted.
  while (twins.length < count) {
    const free = cases.filter(
      ({ row }) => !twins.some((pair) => pair.positive === row || pair.negative === row),
    );
    const negatives = free.filter(({ row }) => training.positive[row] === 0);
    let least: (Twins & { squares: number }) | null = null;
    for (const one of free) {
      if (training.positive[one.row] === 0) continue;
      for (const other of negatives) {
        const squares = squaresOf(one.z, other.z, least?.squares);
        if (least === null || squares < least.squares)
          least = { positive: one.row, negative: other.row, distance: distanceOf(squares), squares };
      }
    }
    if (least === null) break;
    const { squares: _, ...twin } = least;
    twins.push(twin);
  }
  return twins;
}
