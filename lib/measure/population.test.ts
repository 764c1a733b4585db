import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parseDataset } from "../../model/dataset";
import { FEATURE_KEYS } from "../../tables/wdbc/index";
import { isBrief } from "../../test/brief";
import { outlineOf, randomFrom, randomShape } from "../../test/drawn-images";
import { SHAPE_PROPERTIES, shapeOf, snakePointsOf } from "./features";
import { type Point, resample } from "./outline";

/** Places in order of size, equal values sharing theirs. */
function ranksOf(values: readonly number[]): number[] {
  const order = values.map((value, i) => ({ value, i })).sort((a, b) => a.value - b.value);
  const ranks: number[] = new Array(values.length).fill(0);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (order[to]?.value === order[from]?.value) to++;
    for (const { i } of order.slice(from, to)) ranks[i] = (from + to - 1) / 2;
    from = to;
  }
  return ranks;
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const middle = (a.length - 1) / 2;
  let [both, ofA, ofB] = [0, 0, 0];
  for (const [i, x] of a.entries()) {
    const y = (b[i] ?? 0) - middle;
    both += (x - middle) * y;
    ofA += (x - middle) ** 2;
    ofB += y ** 2;
  }
  return both / Math.sqrt(ofA * ofB);
}

/** Rank correlations of all pairs of columns. */
function pairsOf(columns: readonly (readonly number[])[]): number[] {
  const ranks = columns.map(ranksOf);
  return ranks.flatMap((one, i) => ranks.slice(i + 1).map((other) => correlation(one, other)));
}

/**
 * What images of two kinds are made of, sought so that both the sizes of the means and their joint behaviour come near the
 * table's. A population that was shaped so rejects definitions, it does not prove them.
 */
const LARGE = { radius: 18.4, spread: 0.168, roughness: 0.0227, elongation: 0.195 };
const SMALL = { radius: 9.82, spread: 0.135, roughness: 0.0105, elongation: 0.1255 };
const LARGE_SHARE = 0.4;
const IMAGES = 400;
const OUTLINES = 5;
/** Unevenness of Xcyt's points, in pixels. */
const NOISE = 0.14;

function drawnMeans(seed: number): number[][] {
  const { uniform, normal } = randomFrom(seed);
  const noisy = ([x, y]: Point): Point => [x + NOISE * normal(), y + NOISE * normal()];
  const images = Array.from({ length: IMAGES }, () => {
    const kind = uniform() < LARGE_SHARE ? LARGE : SMALL;
    const radius = kind.radius * Math.exp(kind.spread * normal());
    const rough = normal();
    const options = {
      roughness: kind.roughness * Math.exp(0.31 * rough),
      elongation: kind.elongation * Math.exp(0.424 * normal() + 0.323 * rough),
    };
    const shapes = Array.from({ length: OUTLINES }, () => {
      const shape = randomShape({ uniform, normal }, [0, 0], {
        ...options,
        radius: radius * Math.exp(0.124 * normal()),
      });
      const outline = outlineOf(shape);
      const { plainSmoothness, ...found } = shapeOf(
        snakePointsOf(outline).map(noisy),
        resample(outline, 120),
      );
      return { ...found, smoothness: plainSmoothness };
    });
    return SHAPE_PROPERTIES.map((key) => shapes.reduce((sum, shape) => sum + shape[key], 0) / OUTLINES);
  });
  return SHAPE_PROPERTIES.map((_, i) => images.map((image) => image[i] ?? 0));
}

it.skipIf(isBrief)("means hang together in a drawn population nearly as in the table", () => {
  const { features } = parseDataset(
    readFileSync(new URL("../../tables/wdbc/data.csv", import.meta.url), "utf8"),
  );
  const real = pairsOf(
    SHAPE_PROPERTIES.map((key) => features.map((row) => row[FEATURE_KEYS.indexOf(`${key}_mean`)] ?? 0)),
  );
  const differences = pairsOf(drawnMeans(1))
    .map((one, i) => Math.abs(one - (real[i] ?? 0)))
    .sort((a, b) => a - b);
  expect(differences).toHaveLength(36);
  // Other seeds give 0.04 to 0.11. With this one, of six other definitions none stays below.
  expect(differences[18]).toBeLessThan(0.08);
});
