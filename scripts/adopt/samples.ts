import { seededRandom } from "../../model/random";
import type { TableFile } from "../../tables/table-file";
import type { Draft } from "./describe-file";
import { valuesOf } from "./folder";

type Samples = TableFile["samples"];

/** Rows by what models said that had not seen them: a clear case of each class, one near the cut-off, and a missed one. */
export function chooseSamples(draft: Draft, heldOut: readonly (number | null)[], threshold: number): Samples {
  const rows = draft.truths.flatMap((code, row) => {
    const probability = heldOut[row];
    if (probability == null) return [];
    const isPositive = code === draft.classes.positive;
    const isRight = probability >= threshold === isPositive;
    const lacks = draft.cells[row]?.includes("") ?? false;
    return [{ row, isPositive, isRight, probability, lacks, isUsual: isUsual(draft, row) }];
  });
  type Row = (typeof rows)[number];
  const taken = new Set<number>();
  const take = (which: (one: Row) => boolean, cost: (one: Row) => number): number | null => {
    const found = rows
      .filter((one) => which(one) && !taken.has(one.row))
      .toSorted((a, b) => cost(a) - cost(b) || a.row - b.row)[0];
    if (found === undefined) return null;
    taken.add(found.row);
    return found.row;
  };
  // Clear cases are what people see first: without gaps, which the one near the cut-off shows, and usual ones, since an
  // extreme one is answered with a caution.
  const doubt = ({ lacks, isUsual }: Row) => (lacks ? 1 : 0) + (isUsual ? 0 : 1);
  const positive = take(
    (one) => one.isPositive && one.isRight,
    (one) => 1 - one.probability + doubt(one),
  );
  const negative = take(
    (one) => !one.isPositive && one.isRight,
    (one) => one.probability + doubt(one),
  );
  const hasGaps = rows.some(({ lacks, isRight }) => lacks && isRight);
  const borderline = take(
    (one) => one.isRight,
    (one) => Math.abs(one.probability - threshold) + (hasGaps && !one.lacks ? 1 : 0),
  );
  const hard = take(
    (one) => !one.isRight,
    (one) => -Math.abs(one.probability - threshold),
  );
  return Object.entries({ positive, negative, borderline, hard }).flatMap(([key, row]) =>
    row === null ? [] : [{ key, row, values: valuesOf(draft, row) }],
  );
}

/** Whether at most a tenth of a row's numbers lie beyond the middle 90 % of their columns. */
function isUsual(draft: Draft, row: number): boolean {
  const values = valuesOf(draft, row);
  const numbers = draft.columns.filter(({ type }) => type === "number").length;
  const beyond = draft.columns.filter(({ range }, at) => {
    const value = values[at] ?? null;
    return range !== undefined && value !== null && (value < range.low || value > range.high);
  });
  return beyond.length <= numbers / 10;
}

/** The first row of each class, until models have said which are better. */
export const firstSamples = (draft: Draft): Samples =>
  (["positive", "negative"] as const).map((key) => {
    const row = draft.truths.indexOf(draft.classes[key]);
    return { key, row, values: valuesOf(draft, row) };
  });

/**
 * Rows of test cases by fold, every class spread evenly and equal rows in one fold: as many repeats of ten folds as small
 * tables need for figures that do not hang on one division.
 */
export function divideIntoFolds({ cells, truths }: Draft): {
  repeats: number;
  splits: number;
  test_rows: number[][];
} {
  const [splits, repeats] = [10, cells.length < 1000 ? 5 : 1];
  const groups = new Map<string, number[]>();
  for (const [row, values] of cells.entries()) {
    const key = values.join("\u0000");
    const equal = groups.get(key);
    if (equal === undefined) groups.set(key, [row]);
    else equal.push(row);
  }
  const test_rows: number[][] = [];
  const random = seededRandom(1);
  for (let repeat = 0; repeat < repeats; repeat++) {
    const folds = Array.from({ length: splits }, (): number[] => []);
    const inOrder = shuffled([...groups.values()], random);
    const counts = new Map<string, number[]>();
    for (const group of inOrder) {
      const code = truths[group[0] as number] as string;
      const perFold = counts.get(code) ?? Array.from({ length: splits }, () => 0);
      counts.set(code, perFold);
      const least = perFold.indexOf(Math.min(...perFold));
      perFold[least] = (perFold[least] as number) + group.length;
      folds[least]?.push(...group);
    }
    test_rows.push(...folds.map((fold) => fold.toSorted((a, b) => a - b)));
  }
  return { repeats, splits, test_rows };
}

function shuffled<T>(items: T[], random: () => number): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [items[i], items[j]] = [items[j] as T, items[i] as T];
  }
  return items;
}

/** Instead of rows that must not be shown: of each class the middle number of every column, and its commonest level. */
export function middleSamples(draft: Draft): Samples {
  return (["positive", "negative"] as const).map((key) => {
    const rows = [...draft.truths.keys()].filter((row) => draft.truths[row] === draft.classes[key]);
    const cases = rows.map((row) => valuesOf(draft, row));
    const values = draft.columns.map(({ type }, at) => {
      const known = cases.flatMap((one) => one[at] ?? []).toSorted((a, b) => a - b);
      return type === "number" ? (known[known.length >> 1] ?? null) : commonest(known);
    });
    return { key, row: -1, values };
  });
}

function commonest(values: readonly number[]): number | null {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? null;
}
