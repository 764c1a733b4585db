import { clamp, type GreyImage } from "./grey-image";
import {
  around,
  average,
  centreOf,
  distance,
  isInside,
  lengthOf,
  type Outline,
  type Point,
  requireArea,
  resample,
  signedAreaOf,
  sum,
} from "./outline";

// The ten features that Xcyt (Madison, 1993) measured on an outline, as far as its published words and the table show how.
// docs/measurements.md has the evidence. How firm each definition is: "proven" from the table, "quoted" from the paper,
// "calibrated" so that sizes and joint behaviour fit the table, or "open".
//
// One pixel is one of the camera's. Smoothness, concavity, concave points and fractal dimension change with magnification.

/** The features that follow from an outline alone. */
export const SHAPE_PROPERTIES = [
  "radius",
  "perimeter",
  "area",
  "smoothness",
  "compactness",
  "concavity",
  "concave_points",
  "symmetry",
  "fractal_dimension",
] as const;

/** The ten features, in the table's order. */
export const PROPERTIES = ["radius", "texture", ...SHAPE_PROPERTIES.slice(1)] as const;

type ShapeProperty = (typeof SHAPE_PROPERTIES)[number];
export type Property = ShapeProperty | "texture";

export type Shape = Record<ShapeProperty, number> & {
  /** Smoothness without the points put on half pixels. */
  plainSmoothness: number;
  /** How many points the features were measured on. */
  snakePoints: number;
};

/** Pixels between snake points; the table shows a median of 2.22. Calibrated. */
const SPACING = 2.25;
const LEAST_POINTS = 16;
/** Pixels of the grid that smoothness is measured on. Calibrated. */
const GRID = 0.5;
/** Steps that a chord spans, and the pixels that a point has to lie inside it. Both calibrated. */
const CHORDS = [2, 3, 4];
const TOLERANCE = 0.3;
/** Rulers in points, where there are 40 of them. Calibrated. */
const RULERS = [1, 2, 4, 5, 8, 10];
/** Points of the outline, directions tried and pixels between widths, for symmetry. Open. */
const SYMMETRY_POINTS = 240;
const DIRECTIONS = 360;
const WIDTH_STEP = 1;

/**
 * The points that the features are measured on: at equal distances, N = max(16, 2 round(P / 4.5)) of them, so about 2.25
 * pixels apart. Proven: N is even. Calibrated: the distance.
 */
export const snakePointsOf = (outline: Outline): Point[] =>
  resample(outline, Math.max(LEAST_POINTS, 2 * Math.round(lengthOf(outline) / (2 * SPACING))));

/** The nine features of an outline. Throws RangeError for one that encloses nothing. */
export function measureShape(outline: Outline): Shape {
  requireArea(outline);
  return shapeOf(snakePointsOf(outline), resample(outline, SYMMETRY_POINTS));
}

/** The nine features of an outline by its snake points; `dense` is the outline that symmetry is measured on. */
export function shapeOf(points: Outline, dense: Outline): Shape {
  requireArea(points);
  const perimeter = lengthOf(points);
  const area = Math.abs(signedAreaOf(points));
  const { concavity, concavePoints } = concavitiesOf(points);
  return {
    radius: average(radiiOf(points)),
    perimeter,
    area,
    smoothness: smoothnessOf(points.map(([x, y]) => [onGrid(x), onGrid(y)])),
    compactness: compactnessOf(perimeter, area),
    concavity,
    concave_points: concavePoints,
    symmetry: symmetryOf(dense),
    fractal_dimension: fractalDimensionOf(points),
    plainSmoothness: smoothnessOf(points),
    snakePoints: points.length,
  };
}

const onGrid = (value: number) => Math.round(value / GRID) * GRID;

/**
 * Distances of the points from their mean. Radius is their mean, in pixels; perimeter is the points' closed line, in
 * pixels. Both as quoted from the paper of 1993.
 *
 * Area is the shoelace formula on the points, in pixels. Proven: Xcyt's was the pixels inside plus half the perimeter.
 * Which pixels counted as inside is open; it changes the area by at most 3 %.
 */
function radiiOf(points: Outline): number[] {
  const centre = centreOf(points);
  return points.map((point) => distance(point, centre));
}

/** P² / (4 π A) − 1: 0 for a circle; no unit. Fixed by the size of the table's column: P² / A − 1 is 12 to 16 there. */
const compactnessOf = (perimeter: number, area: number): number =>
  (perimeter * perimeter) / (4 * Math.PI * area) - 1;

/**
 * Σ |rᵢ − (rᵢ₋₁ + rᵢ₊₁) / 2| / P; no unit. The words are the paper's; dividing by P is from memory of the same authors, and
 * alone gives the column's size. Calibrated: measured on points on half pixels, whose unevenness of 0.14 pixels the
 * table's values carry and a clean outline lacks.
 */
function smoothnessOf(points: Outline): number {
  const radii = radiiOf(points);
  const bends = radii.map((radius, i) =>
    Math.abs(radius - (around(radii, i - 1) + around(radii, i + 1)) / 2),
  );
  return sum(bends) / lengthOf(points);
}

/**
 * The depths of more than 0.3 pixels by which points lie inside the chords between those before and after them, 2, 3 or 4
 * steps apart.
 *
 * Concave points is the share of the points that lie inside any chord, k / N; no unit. Proven: a share, not a number of
 * dents. Concavity is the sum of all depths divided by N, in pixels: the paper's "extent to which the boundary lies
 * inside each chord". Calibrated: the chords, the 0.3 and what is divided by.
 */
function concavitiesOf(points: Outline): { concavity: number; concavePoints: number } {
  const turn = Math.sign(signedAreaOf(points));
  const dented = new Set<number>();
  let depths = 0;
  for (const [start, a] of points.entries()) {
    for (const steps of CHORDS) {
      const b = around(points, start + steps);
      const chord = distance(a, b);
      if (chord === 0) continue;
      for (let between = start + 1; between < start + steps; between++) {
        const at = between % points.length;
        const point = points[at] as Point;
        const across = (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0]);
        const depth = (turn * across) / chord;
        if (depth <= TOLERANCE) continue;
        depths += depth;
        dented.add(at);
      }
    }
  }
  return { concavity: depths / points.length, concavePoints: dented.size / points.length };
}

/**
 * The longest chord through the centre is the axis; every pixel along it, how far the outline reaches to its left and right,
 * l and r. The mean of 2 |l − r| / (l + r); no unit, 0 where the halves are alike. Open: the paper has only words, and this
 * is one reading of them, whose size fits.
 */
function symmetryOf(outline: Outline): number {
  const centre = centreOf(outline);
  let axis = { x: 1, y: 0, ahead: 0, back: 0 };
  let longest = 0;
  for (let i = 0; i < DIRECTIONS; i++) {
    const angle = (Math.PI * i) / DIRECTIONS;
    const [x, y] = [Math.cos(angle), Math.sin(angle)];
    const [ahead, back] = [reachFrom(outline, centre, x, y), reachFrom(outline, centre, -x, -y)];
    // The first of chords that are equally long, whichever way rounding goes.
    if (ahead + back <= longest + 1e-9) continue;
    longest = ahead + back;
    axis = { x, y, ahead, back };
  }
  const differences: number[] = [];
  for (let along = WIDTH_STEP / 2 - axis.back; along < axis.ahead; along += WIDTH_STEP) {
    const foot: Point = [centre[0] + along * axis.x, centre[1] + along * axis.y];
    const left = reachFrom(outline, foot, -axis.y, axis.x);
    const right = reachFrom(outline, foot, axis.y, -axis.x);
    if (left + right > 0) differences.push(Math.abs(left - right) / (left + right));
  }
  return 2 * average(differences);
}

/** How far it is from a place in a direction of length 1 to where the outline is crossed last; 0 where it is not. */
function reachFrom(outline: Outline, from: Point, x: number, y: number): number {
  let reach = 0;
  let a = outline.at(-1) as Point;
  for (let i = 0; i < outline.length; i++) {
    const b = outline[i] as Point;
    const sideX = b[0] - a[0];
    const sideY = b[1] - a[1];
    const toX = a[0] - from[0];
    const toY = a[1] - from[1];
    const turn = x * sideY - y * sideX;
    // A side along the direction is crossed at its ends, which its neighbours have too.
    if (Math.abs(turn) >= 1e-12) {
      const along = (toX * sideY - toY * sideX) / turn;
      const onSide = (toX * y - toY * x) / turn;
      if (along > reach && onSide >= 0 && onSide <= 1) reach = along;
    }
    a = b;
  }
  return reach;
}

/**
 * Minus the slope of ln(length) over ln(ruler) by least squares, rulers being round(j N / 40) points long for j = 1, 2, 4,
 * 5, 8, 10, and length and ruler the means over all points as starts; no unit. It is the "coastline" dimension less 1.
 * Firm: rulers grow with N, others do not fit. Calibrated: which rulers.
 */
function fractalDimensionOf(points: Outline): number {
  const count = points.length;
  const rulers = new Set(RULERS.map((ruler) => Math.max(1, Math.round((ruler * count) / 40))));
  const logs = [...rulers].map((ruler) => {
    const sides = Math.ceil(count / ruler);
    const length = average(
      points.map((_, start) =>
        lengthOf(Array.from({ length: sides }, (_, side) => points[(start + side * ruler) % count] as Point)),
      ),
    );
    return { ruler: Math.log(length / sides), length: Math.log(length) };
  });
  const [meanRuler, meanLength] = [
    average(logs.map((log) => log.ruler)),
    average(logs.map((log) => log.length)),
  ];
  return (
    -sum(logs.map((log) => (log.ruler - meanRuler) * (log.length - meanLength))) /
    sum(logs.map((log) => (log.ruler - meanRuler) ** 2))
  );
}

/**
 * The sample standard deviation of the grey values of the pixels whose centres are inside, in grey values of 0 to 255; null
 * for fewer than two pixels. Texts on the table say standard deviation, quotations of the paper variance: its size speaks for
 * the deviation. How colours became grey is open, so it is not comparable across cameras.
 */
export function textureOf(outline: Outline, { width, height, data }: GreyImage): number | null {
  const [xs, ys] = [outline.map(([x]) => x), outline.map(([, y]) => y)];
  const [left, right] = [Math.min(...xs), Math.max(...xs)].map((x) => clamp(x, -1, width)) as [
    number,
    number,
  ];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)].map((y) => clamp(y, -1, height)) as [
    number,
    number,
  ];
  const greys: number[] = [];
  for (let y = Math.max(0, Math.ceil(top)); y <= Math.min(height - 1, Math.floor(bottom)); y++) {
    for (let x = Math.max(0, Math.ceil(left)); x <= Math.min(width - 1, Math.floor(right)); x++) {
      if (isInside(outline, [x, y])) greys.push(data[y * width + x] as number);
    }
  }
  if (greys.length < 2) return null;
  const mean = average(greys);
  return Math.sqrt(sum(greys.map((grey) => (grey - mean) ** 2)) / (greys.length - 1));
}
