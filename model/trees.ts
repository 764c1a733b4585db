import type { Artifact } from "./artifact";
import { logOdds } from "./calibrate";
import { sigmoid } from "./elementary";
import { logLossOf } from "./log-loss";
import { seededRandom } from "./random";

/** The trees of an artifact, laid end to end: three inputs and three cuts of each, eight values and eight counts. */
export type Trees = NonNullable<Artifact["model"]["trees"]>;

/** Splits of a tree: the same at every node of a depth, so that three answers name one of eight cells (an oblivious tree). */
export const DEPTH = 3;
export const CELLS = 8;

const BINS = 32;
const SHRINKAGE = 0.08;
/** Added to the curvature of a cell; little beside that of a dozen cases. */
const PENALTY = 3;
const MOST_TREES = 400;
const FOLDS = 5;
/** A gain has to be so much greater to count as greater, so that rounding decides nothing. */
const GREATER = 1 + 1e-9;

/** A case goes right where its `input` is above `cuts[input][bin]`, which is where its bin is above `bin`. */
type Split = { input: number; bin: number };
type Tree = { splits: Split[]; values: Float64Array };

/** The ascending cuts of each input, and how many of them each case is above. */
type Binned = { cuts: number[][]; bins: Uint8Array[] };

type Boosted = {
  /** The logit before any tree. */
  start: number;
  trees: Trees;
  /** The logit of each case from trees that were grown without it. */
  outOfFold: Float64Array;
};

/**
 * Grows gradient-boosted oblivious trees of depth 3 (Friedman, 2001; Prokhorenkova et al., CatBoost, 2018): Newton's step
 * in each cell, cuts at quantiles. How many is chosen by 5-fold log-loss. `rows`: cases in the model's inputs. Deterministic
 * to the bit.
 */
export function growTrees(rows: readonly Float64Array[], positive: readonly (0 | 1)[]): Boosted {
  const binned = binsOf(rows);
  const start = logOdds(positive);
  const all = [...positive.keys()];
  const folds = divide(positive).map((held) => {
    const isHeld = new Set(held);
    const rest = all.filter((i) => !isHeld.has(i));
    return { held, trees: grow(binned, positive, { rows: rest, start, count: MOST_TREES }) };
  });
  const losses = new Float64Array(MOST_TREES);
  for (const { held, trees } of folds) {
    for (const i of held) {
      let logit = start;
      for (let at = 0; at < MOST_TREES; at++) {
        const tree = trees[at];
        if (tree !== undefined) logit += leafOf(tree, binned, i);
        losses[at] = (losses[at] as number) + logLossOf(logit, positive[i]);
      }
    }
  }
  const count = losses.indexOf(Math.min(...losses)) + 1;
  const outOfFold = new Float64Array(rows.length);
  for (const { held, trees } of folds) {
    for (const i of held) {
      outOfFold[i] = trees.slice(0, count).reduce((logit, tree) => logit + leafOf(tree, binned, i), start);
    }
  }
  const trees = grow(binned, positive, { rows: all, start, count });
  return { start, trees: laidOut(merge(trees), binned, rows.length), outOfFold };
}

/** The trees with their values times `factor`, to as many decimals as say something. */
export function scaleTrees(trees: Trees, factor: number): Trees {
  // Not -0, which JSON does not know.
  return { ...trees, values: trees.values.map((value) => Number((factor * value).toFixed(6)) || 0) };
}

/** The cell, 0..7, of a tree that starts at `at` of the inputs and cuts. */
export function cellOf({ inputs, cuts }: Trees, at: number, z: Float64Array): number {
  let cell = 0;
  for (let k = at; k < at + DEPTH; k++) {
    cell = 2 * cell + ((z[inputs[k] as number] as number) > (cuts[k] as number) ? 1 : 0);
  }
  return cell;
}

/** Cuts between neighbouring values: all where they are few, otherwise those nearest to the quantiles. */
function binsOf(rows: readonly Float64Array[]): Binned {
  const inputs = [...(rows[0] ?? []).keys()];
  const cuts = inputs.map((j) => {
    const ordered = Float64Array.from(rows, (row) => row[j] as number).sort();
    const values = [...new Set(ordered)];
    const lowers =
      values.length <= BINS
        ? values.slice(1)
        : Array.from(
            { length: BINS - 1 },
            (_, k) => ordered[Math.floor(((k + 1) * ordered.length) / BINS)] as number,
          );
    const between = lowers.flatMap((upper) => {
      const lower = values[values.indexOf(upper) - 1];
      return lower === undefined ? [] : [Number(((lower + upper) / 2).toPrecision(6))];
    });
    return [...new Set(between)];
  });
  const bins = inputs.map((j) =>
    Uint8Array.from(rows, (row) => {
      const above = cuts[j]?.findIndex((cut) => (row[j] as number) <= cut) ?? 0;
      return above === -1 ? (cuts[j]?.length ?? 0) : above;
    }),
  );
  return { cuts, bins };
}

/** Five parts of the cases with the classes even among them, by a fixed seed. */
function divide(positive: readonly (0 | 1)[]): number[][] {
  const random = seededRandom(1);
  const parts: number[][] = Array.from({ length: FOLDS }, () => []);
  let next = 0;
  for (const label of [0, 1]) {
    const own = [...positive.keys()].filter((i) => positive[i] === label).map((i) => ({ i, at: random() }));
    own.sort((a, b) => a.at - b.at || a.i - b.i);
    for (const { i } of own) parts[next++ % FOLDS]?.push(i);
  }
  return parts.map((part) => part.sort((a, b) => a - b));
}

/** Up to `count` trees for some of the cases; fewer where nothing splits them. */
function grow(
  { cuts, bins }: Binned,
  positive: readonly (0 | 1)[],
  { rows, start, count }: { rows: readonly number[]; start: number; count: number },
): Tree[] {
  const own = bins.map((of) => Uint8Array.from(rows, (i) => of[i] as number));
  const labels = Uint8Array.from(rows, (i) => positive[i] as number);
  const logits = new Float64Array(rows.length).fill(start);
  const slopes = new Float64Array(rows.length);
  const curvatures = new Float64Array(rows.length);
  const cells = new Uint8Array(rows.length);
  const trees: Tree[] = [];
  while (trees.length < count) {
    for (let i = 0; i < rows.length; i++) {
      const probability = sigmoid(logits[i] as number);
      slopes[i] = (labels[i] as number) - probability;
      curvatures[i] = probability * (1 - probability);
    }
    cells.fill(0);
    const splits: Split[] = [];
    for (let depth = 0; depth < DEPTH; depth++) {
      const split = bestSplit({ cuts, bins: own }, { slopes, curvatures, cells, nodes: 1 << depth });
      if (split === null) return trees;
      const of = own[split.input] as Uint8Array;
      for (let i = 0; i < cells.length; i++) {
        cells[i] = 2 * (cells[i] as number) + ((of[i] as number) > split.bin ? 1 : 0);
      }
      splits.push(split);
    }
    // In any order they part the cases alike, so that trees of the same splits are one.
    splits.sort((a, b) => a.input - b.input || a.bin - b.bin);
    for (let i = 0; i < cells.length; i++) cells[i] = cellAt(splits, own, i);
    const [slope, curvature] = [new Float64Array(CELLS), new Float64Array(CELLS)];
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i] as number;
      slope[cell] = (slope[cell] as number) + (slopes[i] as number);
      curvature[cell] = (curvature[cell] as number) + (curvatures[i] as number);
    }
    const values = slope.map((sum, cell) => (SHRINKAGE * sum) / ((curvature[cell] as number) + PENALTY));
    for (let i = 0; i < cells.length; i++) {
      logits[i] = (logits[i] as number) + (values[cells[i] as number] as number);
    }
    trees.push({ splits, values });
  }
  return trees;
}

type Step = { slopes: Float64Array; curvatures: Float64Array; cells: Uint8Array; nodes: number };

/** The split that most lessens the log-loss, to second order; the first of equals, null where none does. */
function bestSplit({ cuts, bins }: Binned, { slopes, curvatures, cells, nodes }: Step): Split | null {
  let best: (Split & { gain: number }) | null = null;
  // Slope and curvature of a bin side by side, a node's bins after another's.
  const sums = new Float64Array(2 * BINS * nodes);
  const totals = new Float64Array(2 * nodes);
  const below = new Float64Array(2 * nodes);
  for (const [input, of] of bins.entries()) {
    const last = cuts[input]?.length ?? 0;
    if (last === 0) continue;
    sums.fill(0);
    for (let i = 0; i < cells.length; i++) {
      const at = 2 * (BINS * (cells[i] as number) + (of[i] as number));
      sums[at] = (sums[at] as number) + (slopes[i] as number);
      sums[at + 1] = (sums[at + 1] as number) + (curvatures[i] as number);
    }
    totals.fill(0);
    below.fill(0);
    for (let node = 0; node < nodes; node++) {
      for (let at = 2 * BINS * node; at <= 2 * (BINS * node + last); at += 2) {
        totals[2 * node] = (totals[2 * node] as number) + (sums[at] as number);
        totals[2 * node + 1] = (totals[2 * node + 1] as number) + (sums[at + 1] as number);
      }
    }
    for (let bin = 0; bin < last; bin++) {
      let gain = 0;
      for (let node = 0; node < nodes; node++) {
        const at = 2 * (BINS * node + bin);
        const slope = (below[2 * node] as number) + (sums[at] as number);
        const curvature = (below[2 * node + 1] as number) + (sums[at + 1] as number);
        const rest = (totals[2 * node] as number) - slope;
        gain +=
          (slope * slope) / (curvature + PENALTY) +
          (rest * rest) / ((totals[2 * node + 1] as number) - curvature + PENALTY);
        below[2 * node] = slope;
        below[2 * node + 1] = curvature;
      }
      if (gain > (best?.gain ?? 0) * GREATER) best = { input, bin, gain };
    }
  }
  return best;
}

function cellAt(splits: readonly Split[], bins: readonly Uint8Array[], i: number): number {
  let cell = 0;
  for (const { input, bin } of splits) cell = 2 * cell + ((bins[input]?.[i] as number) > bin ? 1 : 0);
  return cell;
}

const leafOf = ({ splits, values }: Tree, { bins }: Binned, i: number) =>
  values[cellAt(splits, bins, i)] as number;

/** Those of the same splits as one, whose values are added up. */
function merge(trees: readonly Tree[]): Tree[] {
  const merged = new Map<string, Tree>();
  for (const { splits, values } of trees) {
    const key = splits.flatMap(({ input, bin }) => [input, bin]).join();
    const before = merged.get(key)?.values;
    const sum = values.map((value, cell) => value + (before?.[cell] ?? 0));
    merged.set(key, { splits, values: sum });
  }
  return [...merged.values()];
}

function laidOut(trees: readonly Tree[], { cuts, bins }: Binned, rows: number): Trees {
  const splits = trees.flatMap((tree) => tree.splits);
  return {
    inputs: splits.map(({ input }) => input),
    cuts: splits.map(({ input, bin }) => cuts[input]?.[bin] as number),
    values: trees.flatMap(({ values }) => [...values]),
    cases: trees.flatMap((tree) => {
      const counts = Array<number>(CELLS).fill(0);
      for (let i = 0; i < rows; i++) {
        const cell = cellAt(tree.splits, bins, i);
        counts[cell] = (counts[cell] as number) + 1;
      }
      return counts;
    }),
  };
}
