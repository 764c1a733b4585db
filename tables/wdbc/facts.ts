import { FEATURE_KEYS, type FeatureKey } from "./index";
import { type Property, properties } from "./words";

// What the table's own numbers prove of how they were made. docs/measurements.md tells what follows from it.

type Row = (key: FeatureKey) => number;

/** Names of figures and the figures, to four digits. */
type Figures = Record<string, number | readonly number[]>;

const KEYS = Object.keys(properties) as Property[];
const digits = (value: number) => Number(value.toPrecision(4));
const sorted = (values: readonly number[]) => values.toSorted((a, b) => a - b);
const median = (values: readonly number[]) => sorted(values)[values.length >> 1] ?? Number.NaN;
const span = (values: readonly number[]) => [Math.min(...values), Math.max(...values)].map(digits);

/** The facts by what they are of, from the rows' measurements in the table's order. */
export function factsOf(features: readonly (readonly number[])[]): Record<string, Figures> {
  const rows = features.map((row): Row => {
    const byKey = new Map(FEATURE_KEYS.map((key, i) => [key, row[i] ?? Number.NaN]));
    return (key) => byKey.get(key) ?? Number.NaN;
  });
  return {
    "area is whole pixels plus half the perimeter": wholePixels(rows),
    "standard error is the sample deviation over √n, worst the mean of the three largest": singleDents(rows),
    "number of nuclei": numberOfNuclei(rows),
    "concave points are a share k / N, and N is even": sharesOfPoints(rows),
    "compactness is P² / (4 π A) − 1": compactness(rows),
    "concavity is zero where concave points are": {
      "rows without concavity": rows.filter((row) => row("concavity_mean") === 0).length,
      "of them without concave points": rows.filter(
        (row) => row("concavity_mean") === 0 && row("concave_points_mean") === 0,
      ).length,
      "rows without concave points": rows.filter((row) => row("concave_points_mean") === 0).length,
    },
  };
}

/** How closely values lie at one place of a turn: Rayleigh's n R², by chance about 1; and that place, in turns from 0. */
function rayleigh(turns: readonly number[]): { z: number; phase: number } {
  const add = (part: (angle: number) => number) =>
    turns.reduce((total, turn) => total + part(2 * Math.PI * turn), 0);
  const [cos, sin] = [add(Math.cos), add(Math.sin)];
  return { z: (cos * cos + sin * sin) / turns.length, phase: Math.atan2(sin, cos) / (2 * Math.PI) };
}

/** Three largest areas of whole pixels plus c perimeters: three times (worst area − c × worst perimeter) is a whole number. */
function wholePixels(rows: readonly Row[]): Figures {
  // Larger areas have no digit left after the point.
  const small = rows.filter((row) => row("area_worst") < 1000);
  const areas = small.map((row) => row("area_worst"));
  const perimeters = small.map((row) => row("perimeter_worst"));
  const at = (c: number, shift = 0) =>
    rayleigh(areas.map((area, i) => 3 * (area - c * (perimeters[(i + shift) % small.length] ?? Number.NaN))));
  const coefficients = Array.from({ length: 2001 }, (_, i) => i / 1000);
  const best = coefficients.reduce((a, b) => (at(b).z > at(a).z ? b : a));
  const others = coefficients.filter((c) => Math.abs(c - best) > 0.01);
  return {
    "rows with a worst area below 1,000": small.length,
    "best coefficient of the perimeter from 0 to 2": best,
    "Rayleigh's z there": digits(at(best).z),
    "distance from whole numbers there": digits(at(best).phase),
    "best z of other coefficients": digits(Math.max(...others.map((c) => at(c).z))),
    "best z at 0.5 with other rows' perimeters": digits(
      Math.max(...areas.slice(1).map((_, i) => at(0.5, i + 1).z)),
    ),
  };
}

const isOneDent = (row: Row) =>
  row("concavity_mean") > 0 &&
  row("concavity_mean") === row("concavity_se") &&
  row("concave_points_mean") === row("concave_points_se");

/** Where one nucleus alone has a dent, the standard error is the mean, and three times worst over mean the nuclei's number. */
function singleDents(rows: readonly Row[]): Figures {
  const dented = rows.filter(isOneDent);
  const counts = dented.map((row) => (3 * row("concave_points_worst")) / row("concave_points_mean"));
  const ofConcavity = dented.map((row) => (3 * row("concavity_worst")) / row("concavity_mean"));
  // What n in place of n − 1 would make of the standard error.
  const withN = counts.map((count) => 100 * (1 - Math.sqrt((Math.round(count) - 1) / Math.round(count))));
  return {
    "rows in which both standard errors are the means": dented.length,
    "their numbers of nuclei": sorted(counts.map(Math.round)),
    "largest distance of 3 × worst / mean from a whole number": digits(
      Math.max(...[...counts, ...ofConcavity].map((count) => Math.abs(count - Math.round(count)))),
    ),
    "% that a deviation with n would be too small": span(withN),
  };
}

function numberOfNuclei(rows: readonly Row[]): Figures {
  const isAlike = (row: Row) => KEYS.every((key) => row(`${key}_worst`) === row(`${key}_mean`));
  const ratios = rows.flatMap((row) =>
    KEYS.flatMap((key) =>
      row(`${key}_se`) > 0 ? [(row(`${key}_worst`) - row(`${key}_mean`)) / row(`${key}_se`)] : [],
    ),
  );
  const largest = Math.max(...ratios);
  // With three alike above all others alike the ratio is as large as it can be: √((n − 3)(n − 1) / 3).
  let count = 3;
  while (((count - 3) * (count - 1)) / 3 < largest ** 2) count++;
  return {
    "rows of three nuclei, where every worst is the mean": rows.flatMap((row, i) =>
      isAlike(row) ? [i] : [],
    ),
    "largest (worst − mean) / standard error": digits(largest),
    "fewest nuclei that allow it": count,
  };
}

/**
 * Where 3 × worst / mean is the same whole number n for dents' depth and points, at most three nuclei are dented. One or two of
 * them follow from n, mean, standard error and worst; of their shares those are looked at that are 1 / N.
 */
function sharesOfPoints(rows: readonly Row[]): Figures {
  const found = rows.flatMap((row) => {
    const shares = sharesIn(row).map((share) => 1 / share);
    const whole = shares.filter(
      (one) => one > 20.5 && one < 60 && Math.abs(one / Math.round(one) - 1) < 1e-3,
    );
    return whole.map((one) => ({ points: Math.round(one), apart: row("perimeter_mean") / Math.round(one) }));
  });
  const counts = found.map(({ points }) => points);
  return {
    "nuclei with a share of 1 / N, N over 20": found.length,
    "of them with an even N": counts.filter((count) => count % 2 === 0).length,
    "N from, to": span(counts),
    "median of the image's perimeter over N": digits(median(found.map(({ apart }) => apart))),
  };
}

function sharesIn(row: Row): number[] {
  const [mean, se, worst] = [
    row("concave_points_mean"),
    row("concave_points_se"),
    row("concave_points_worst"),
  ];
  const count = (3 * worst) / mean;
  const n = Math.round(count);
  const ofConcavity = (3 * row("concavity_worst")) / row("concavity_mean");
  if (!(Math.abs(count - n) < 0.01 && Math.abs(ofConcavity - n) < 0.01)) return [];
  const sum = 3 * worst;
  if (isOneDent(row)) return [sum];
  const squares = n * (n - 1) * se * se + n * mean * mean;
  const difference = squares / 2 - (sum * sum) / 4;
  return difference > 0 ? [sum / 2 + Math.sqrt(difference), sum / 2 - Math.sqrt(difference)] : [];
}

function compactness(rows: readonly Row[]): Figures {
  const column = rows.map((row) => row("compactness_mean"));
  const ratios = rows.map((row) => row("perimeter_mean") ** 2 / row("area_mean"));
  const ofMeans = ratios.map((ratio) => ratio / (4 * Math.PI) - 1);
  return {
    "column from, to": span(column),
    "P² / A − 1 of the means from, to": span(ratios.map((ratio) => ratio - 1)),
    "P² / (4 π A) − 1 of the means from, to": span(ofMeans),
    "median of the column": digits(median(column)),
    "median of P² / (4 π A) − 1": digits(median(ofMeans)),
    "correlation of the two": digits(correlation(column, ofMeans)),
  };
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const centred = (values: readonly number[]) => {
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    return values.map((x) => x - mean);
  };
  const [x, y] = [centred(a), centred(b)];
  const product = (p: readonly number[], q: readonly number[]) =>
    p.reduce((sum, value, i) => sum + value * (q[i] ?? 0), 0);
  return product(x, y) / Math.sqrt(product(x, x) * product(y, y));
}
