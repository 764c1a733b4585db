import type { Drawing, Gaps } from "../table";

/**
 * One nucleus drawn from a case's numbers: its area, compactness and symmetry are the case's own, in one scale for all
 * cases. Where its dents and grains lie is not in the data and is the same in every drawing. Same numbers, same bytes on
 * every engine: sine and exponential, which engines round differently, are only in tables of nine decimals.
 */

type Point = readonly [x: number, y: number];

/** Ten means, or ten worsts, in the table's order. */
type Ten = readonly number[];

const TAU = 2 * Math.PI;
const MAX_DENTS = 11;
/** Dents and grains lie like seeds of a sunflower: the first few are always far apart. */
const SEED_ANGLE = TAU * 0.3819660113;
const FIRST_DENT = 2.15;
/** The width of a dent's Gaussian: twice the square of 0.13 radians. */
const DENT_WIDTH = 0.034;
const ELONGATION = { least: 1.02, most: 1.7 };
/** The long axis is 24 degrees off the horizontal. */
const TILT = { cos: 0.913088949, sin: -0.407760453 };
const MEMBRANE = 0.095;
const GRAINS = 33;
/** Four times the largest of the training data. */
const MAX_AREA = 10_004;

/** Medians of the means, to four digits: of all training cases, and of each class. */
export const MEDIANS = {
  all: [13.37, 18.84, 86.24, 551.1, 0.09587, 0.09263, 0.06154, 0.0335, 0.1792, 0.06154],
  benign: [12.2, 17.39, 78.18, 458.4, 0.09076, 0.07529, 0.03709, 0.02344, 0.1714, 0.06154],
  malignant: [17.33, 21.46, 114.2, 932, 0.1022, 0.1323, 0.1513, 0.08628, 0.1899, 0.06158],
} as const;

const clamp = (x: number, low: number, high: number) => Math.min(Math.max(x, low), high);
const rounded = (x: number) => Math.round(x * 1e9) / 1e9;
const length = (x: number, y: number) => Math.sqrt(x * x + y * y);

/** What each property does to the drawing; each grows with its value up to the bound. */
const CHANNELS = {
  /** How many; the last one may be part-grown. */
  dents: (concavePoints: number) => clamp(concavePoints * 45, 0, MAX_DENTS),
  /** Depth of a dent in radii, where the compactness leaves room for it. */
  depth: (concavity: number) => 0.45 * clamp(concavity, 0, 0.9),
  /** Fine raggedness of the outline, in radii. */
  ragged: (fractal: number) => 0.05 * (0.02 + 4 * clamp(fractal - 0.05, 0, 0.06)),
  /** Unevenness of the membrane's inner edge, in widths of it. */
  uneven: (smoothness: number) => 0.05 + 9 * clamp(smoothness - 0.05, 0, 0.13),
  /** By what share the halves beside the long axis differ. */
  lopsided: (symmetry: number) => clamp(symmetry, 0, 0.6),
  /** Contrast of the grains, 0 to 1. */
  grain: (texture: number) => clamp((texture - 8) / 28, 0.03, 1),
};

type Corner = {
  cos: number;
  sin: number;
  /** Three waves, each shorter than the last, as a coastline has. */
  ragged: number;
  uneven: number;
  /** How far each dent reaches here, 0 to 1. */
  dents: readonly number[];
};

/** What the corners of an outline of `count` have in common with every other. */
function cornersOf(count: number): readonly Corner[] {
  const known = cornersByCount.get(count);
  if (known !== undefined) return known;
  const corners = Array.from({ length: count }, (_, at) => cornerAt((TAU * at) / count));
  cornersByCount.set(count, corners);
  return corners;
}
const cornersByCount = new Map<number, readonly Corner[]>();

function cornerAt(angle: number): Corner {
  return {
    cos: rounded(Math.cos(angle)),
    sin: rounded(Math.sin(angle)),
    ragged: rounded(Math.sin(15 * angle + 0.6) + Math.sin(21 * angle + 2.1) + Math.sin(29 * angle + 4)),
    uneven: rounded(0.75 * Math.sin(17 * angle + 1) + 0.35 * Math.sin(29 * angle)),
    dents: Array.from({ length: MAX_DENTS }, (_, dent) => {
      const apart = Math.abs(angle - ((FIRST_DENT + dent * SEED_ANGLE) % TAU));
      const gap = Math.min(apart, TAU - apart);
      return rounded(Math.exp(-(gap * gap) / DENT_WIDTH));
    }),
  };
}

/** How far each corner is cut into its radius, before that is fitted to the compactness. */
function cutsOf(ten: Ten, corners: readonly Corner[]): number[] {
  const [dents, depth, ragged] = [
    CHANNELS.dents(at(ten, 7)),
    CHANNELS.depth(at(ten, 6)),
    CHANNELS.ragged(at(ten, 9)),
  ];
  return corners.map((corner) => {
    const reach = corner.dents.reduce((sum, dent, i) => sum + dent * clamp(dents - i, 0, 1), 0);
    return depth * reach - ragged * corner.ragged;
  });
}

/** Two half-ellipses, of `elongation` squared in all, with `fitted` of the cuts in them. */
function shape(
  corners: readonly Corner[],
  cuts: readonly number[],
  { elongation, lopsided, fitted }: { elongation: number; lopsided: number; fitted: number },
): Point[] {
  return corners.map(({ cos, sin }, i) => {
    const radius = 1 - fitted * (cuts[i] as number);
    const half = sin >= 0 ? 1 + lopsided : 1 - lopsided;
    return [radius * cos * elongation, (-radius * sin * half) / elongation];
  });
}

/** A closed polygon's area, perimeter, compactness (perimeter² / 4π area - 1) and centre of gravity. */
export function measure(points: readonly Point[]) {
  let [area, perimeter, x, y] = [0, 0, 0, 0];
  let last = points.at(-1) as Point;
  for (const point of points) {
    const cross = last[0] * point[1] - point[0] * last[1];
    area += cross;
    x += (last[0] + point[0]) * cross;
    y += (last[1] + point[1]) * cross;
    perimeter += length(point[0] - last[0], point[1] - last[1]);
    last = point;
  }
  const centre: Point = [x / (3 * area), y / (3 * area)];
  area = Math.abs(area) / 2;
  return { area, perimeter, compactness: (perimeter * perimeter) / (2 * TAU * area) - 1, centre };
}

/** Mean distance of a polygon's corners from its centre of gravity. */
export function meanRadius(points: readonly Point[]): number {
  const { centre } = measure(points);
  return points.reduce((sum, [x, y]) => sum + length(x - centre[0], y - centre[1]), 0) / points.length;
}

/** By what share the two sides of the longest chord differ, over perpendiculars to it, as the dataset defines symmetry. */
export function asymmetry(points: readonly Point[]): number {
  const [from, to] = longestChord(points);
  const chord = length(to[0] - from[0], to[1] - from[1]);
  const [ux, uy] = [(to[0] - from[0]) / chord, (to[1] - from[1]) / chord];
  const along = points.map(
    ([x, y]): Point => [(x - from[0]) * ux + (y - from[1]) * uy, (y - from[1]) * ux - (x - from[0]) * uy],
  );
  let [difference, sum] = [0, 0];
  for (let place = 0.5; place < 24; place++) {
    const [above, below] = reachAt((place / 24) * chord, along);
    difference += Math.abs(above - below);
    sum += above + below;
  }
  return difference / sum;
}

function longestChord(points: readonly Point[]): readonly [Point, Point] {
  const quarter = points.length >> 2;
  let longest = -1;
  let ends: readonly [Point, Point] = [points[0] as Point, points[1] as Point];
  for (const [i, from] of points.entries()) {
    // The ends of the longest chord are never neighbours.
    for (let j = i + quarter; j < Math.min(points.length, i + points.length - quarter); j++) {
      const to = points[j] as Point;
      const squared = (from[0] - to[0]) * (from[0] - to[0]) + (from[1] - to[1]) * (from[1] - to[1]);
      if (squared <= longest) continue;
      longest = squared;
      ends = [from, to];
    }
  }
  return ends;
}

/** How far a polygon reaches above and below the first axis at `place` of it. */
function reachAt(place: number, points: readonly Point[]): readonly [above: number, below: number] {
  let [above, below] = [0, 0];
  let [x, y] = points.at(-1) as Point;
  for (const [u, v] of points) {
    if ((x - place) * (u - place) <= 0 && x !== u) {
      const height = y + ((v - y) * (place - x)) / (u - x);
      above = Math.max(above, height);
      below = Math.max(below, -height);
    }
    [x, y] = [u, v];
  }
  return [above, below];
}

/** `fitted`: the share of dents and raggedness that the compactness has room for; `depth` of a dent, in radii. */
type Outline = { points: readonly Point[]; dents: number; depth: number; fitted: number };

/**
 * The outline of `count` corners whose area, compactness and symmetry are those of `ten`, around the middle of its box,
 * in image units. Elongation has what dents and raggedness leave of the compactness.
 */
export function outlineOf(ten: Ten, count: number): Outline {
  const corners = cornersOf(count);
  const cuts = cutsOf(ten, corners);
  const compactness = clamp(at(ten, 5), 0.005, 1.5);
  const target = CHANNELS.lopsided(at(ten, 8));
  const { least, most } = ELONGATION;
  let lopsided = target;
  let [fitted, unit] = [1, [] as Point[]];
  // The dents disturb the symmetry, and correcting it the compactness: a few rounds settle both.
  for (let round = 0; round < 6; round++) {
    const isOver = (elongation: number, share: number) =>
      measure(shape(corners, cuts, { elongation, lopsided, fitted: share })).compactness > compactness;
    const isTooRagged = isOver(least, 1);
    fitted = isTooRagged ? bisect(0, 1, (share) => isOver(least, share)) : 1;
    const elongation = isTooRagged ? least : bisect(least, most, (tried) => isOver(tried, 1));
    unit = shape(corners, cuts, { elongation, lopsided, fitted });
    const seen = asymmetry(unit);
    if (Math.abs(seen - target) < 0.005 * target) break;
    lopsided = clamp(lopsided + 0.8 * (target - seen), 0, 0.6);
  }
  return {
    points: placed(unit, clamp(at(ten, 3), 1, MAX_AREA)),
    dents: CHANNELS.dents(at(ten, 7)),
    depth: CHANNELS.depth(at(ten, 6)) * fitted,
    fitted,
  };
}

/** The largest number of `low`..`high` before `isOver` turns true. */
function bisect(low: number, high: number, isOver: (tried: number) => boolean): number {
  let [from, to] = [low, high];
  for (let halving = 0; halving < 15; halving++) {
    const middle = (from + to) / 2;
    if (isOver(middle)) to = middle;
    else from = middle;
  }
  return from;
}

/** A shape scaled to an area, turned, and centred on its box. */
function placed(unit: readonly Point[], area: number): Point[] {
  const scale = Math.sqrt(area / measure(unit).area);
  const turned = unit.map(
    ([x, y]): Point => [scale * (x * TILT.cos - y * TILT.sin), scale * (x * TILT.sin + y * TILT.cos)],
  );
  const middle = (axis: 0 | 1) => {
    const along = turned.map((point) => point[axis]);
    return (Math.min(...along) + Math.max(...along)) / 2;
  };
  const [x, y] = [middle(0), middle(1)];
  return turned.map((point) => [point[0] - x, point[1] - y]);
}

/** The membrane's inner edge: as far inside the outline as it is thick, and uneven with the smoothness. */
export function innerEdgeOf(outline: readonly Point[], smoothness: number): Point[] {
  const uneven = CHANNELS.uneven(smoothness);
  return cornersOf(outline.length).map((corner, i) => {
    const [x, y] = outline[i] as Point;
    const share = 1 - MEMBRANE * (1 + uneven * corner.uneven);
    return [x * share, y * share];
  });
}

/** Where the grains lie inside an outline, in three sizes. */
function grainsOf(outline: readonly Point[]): Point[][] {
  const sizes: Point[][] = [[], [], []];
  for (let i = 0; i < GRAINS; i++) {
    const turn = ((i * SEED_ANGLE * 1.618 + 0.4) % TAU) / TAU;
    const [x, y] = outline[Math.floor(turn * outline.length) % outline.length] as Point;
    const share = 0.8 * Math.sqrt((i + 0.5) / GRAINS);
    sizes[(i * 7) % 3]?.push([x * share, y * share]);
  }
  return sizes;
}

const at = (numbers: readonly number[], index: number) => numbers[index] as number;

const isThere = (value: number | null | undefined): value is number => Number.isFinite(value);

/** The ten means, those not there yet as the median case has them; null without area and compactness. */
function meansOf(values: Gaps): Ten | null {
  if (!isThere(values[3]) || !isThere(values[5])) return null;
  return MEDIANS.all.map((median, i) => {
    const value = values[i];
    return isThere(value) ? value : median;
  });
}

function worstsOf(values: Gaps): Ten | null {
  const worsts = values.slice(20, 30).filter(isThere);
  return worsts.length === 10 ? worsts : null;
}

/** Units of the drawing in one image unit: coordinates are whole numbers. */
const UNIT = 16;
/** Corners: of the outline, of the dotted one, and of those that are only compared with. */
const CORNERS = { outline: 96, worst: 60, plain: 48 };

/** A closed path of whole relative coordinates, `unit` of them in one image unit. */
function pathOf(points: readonly Point[], unit = UNIT): string {
  let [x, y, path] = [0, 0, ""];
  for (const [i, point] of points.entries()) {
    const [nextX, nextY] = [Math.round(point[0] * unit), Math.round(point[1] * unit)];
    const [dx, dy] = [nextX - x, nextY - y];
    if (i === 0) path = `M${nextX} ${nextY}l`;
    else if (dx !== 0 || dy !== 0) {
      const isFirst = path.endsWith("l");
      path += `${isFirst || dx < 0 ? "" : " "}${dx}${dy < 0 ? "" : " "}${dy}`;
    }
    [x, y] = [nextX, nextY];
  }
  return `${path}z`;
}

const dotsOf = (points: readonly Point[]) =>
  points.map(([x, y]) => `M${Math.round(x * UNIT)} ${Math.round(y * UNIT)}h0`).join("");

/** The outline of few corners, for a thumb; kept, since a page of the history draws the same hundred each time. */
function plainPath(ten: Ten, unit = UNIT): string {
  const key = `${unit} ${ten.join()}`;
  const known = plainPaths.get(key);
  if (known !== undefined) return known;
  const path = pathOf(outlineOf(ten, CORNERS.plain).points, unit);
  if (plainPaths.size >= KEPT_PATHS) plainPaths.clear();
  plainPaths.set(key, path);
  return path;
}
const KEPT_PATHS = 1000;
const plainPaths = new Map<string, string>();

type Size = { size: number; span: number; title?: string };

/** `px`: one CSS pixel in units of the drawing, at its nominal size. */
function frameOf({ size, span, title = "" }: Size, unit = UNIT) {
  const half = (span / 2) * unit;
  const heard =
    title === "" ? 'aria-hidden="true"' : `role="img" aria-label="${title.replace(/["&<]/g, escaped)}"`;
  return {
    px: (2 * half) / size,
    open: `<svg width="${size}" height="${size}" viewBox="${-half} ${-half} ${2 * half} ${2 * half}" fill="none" stroke="currentColor" stroke-linejoin="round" stroke-linecap="round" ${heard}>`,
  };
}
const escaped = (sign: string) => `&#${sign.charCodeAt(0)};`;

const tidy = (x: number) => String(Math.round(x * 100) / 100);

/** Coordinates of a thumb are four to a pixel: a page of the history has a hundred of them, twice. */
function thumb(values: Gaps, options: Size): string {
  const unit = Math.min(UNIT, Math.ceil((4 * options.size) / options.span));
  const { px, open } = frameOf(options, unit);
  const means = meansOf(values);
  if (means === null) return `${open}</svg>`;
  const tone = tidy(0.1 + 0.6 * CHANNELS.grain(at(means, 1)));
  return `${open}<path d="${plainPath(means, unit)}" fill="currentColor" fill-opacity="${tone}" stroke-width="${tidy(1.25 * px)}"/></svg>`;
}

function full(values: Gaps, { hasTypical = false, ...options }: Size & { hasTypical?: boolean }): string {
  const { px, open } = frameOf(options);
  const means = meansOf(values);
  return `${open}${hasTypical ? typicalPair(px) : ""}${means === null ? "" : bodyOf(means, values, px)}</svg>`;
}

function bodyOf(means: Ten, values: Gaps, px: number): string {
  const { points } = outlineOf(means, CORNERS.outline);
  const outline = pathOf(points);
  const spread = values[10];
  const halo = isThere(spread) ? clamp(2 * 1.96 * spread, 0, 40) * UNIT : 0;
  const isWhole = values.slice(0, 10).filter(isThere).length === 10;
  const dashes = isWhole ? "" : ` stroke-dasharray="${Math.round(4 * px)} ${Math.round(3 * px)}"`;
  return [
    worstOutline(values, px),
    `<path data-part="spread" d="${outline}" fill="currentColor" fill-opacity=".1" stroke-opacity=".13" stroke-width="${Math.round(halo)}"/>`,
    `<path data-part="outline" d="${outline}${pathOf(innerEdgeOf(points, at(means, 4)))}" fill="currentColor" fill-opacity=".55" fill-rule="evenodd" stroke-width="${Math.round(1.2 * px)}"${dashes}/>`,
    grains(points, CHANNELS.grain(at(means, 1))),
  ].join("");
}

function worstOutline(values: Gaps, px: number): string {
  const worsts = worstsOf(values);
  if (worsts === null) return "";
  const path = pathOf(outlineOf(worsts, CORNERS.worst).points);
  return `<path data-part="worst" d="${path}" stroke-opacity=".75" stroke-width="${Math.round(1.4 * px)}" stroke-dasharray="0 ${Math.round(4.5 * px)}"/>`;
}

/** Large grains are the palest: those of the smallest size carry the contrast. */
function grains(outline: readonly Point[], contrast: number): string {
  const radius = Math.sqrt(measure(outline).area / Math.PI) * UNIT;
  const [large = [], middle = [], small = []] = grainsOf(outline);
  const path = (points: readonly Point[], opacity: number, width: number) =>
    `<path d="${dotsOf(points)}" stroke-opacity="${tidy(opacity)}" stroke-width="${Math.round(width * radius)}"/>`;
  return `<g data-part="grain">${path(large, 0.06 + 0.3 * contrast, 0.3)}${path(middle, 0.06 + 0.55 * contrast, 0.19)}${path(small, 0.05 + 0.9 * contrast, 0.1)}</g>`;
}

const typicalPair = (px: number) =>
  [MEDIANS.benign, MEDIANS.malignant]
    .map((ten) => `<path d="${plainPath(ten)}" stroke-opacity=".32" stroke-width="${Math.round(px)}"/>`)
    .join("");

const SPANS = [50, 68, 104];

/** The smallest span that holds all these; the largest also where none does. */
function span(cases: readonly Gaps[], kind: "full" | "thumb"): number {
  const outlines = kind === "full" ? [MEDIANS.malignant, ...cases.map(worstsOf)] : [];
  const drawn = [...outlines, ...cases.map(meansOf)].filter((ten) => ten !== null);
  const reach = Math.max(
    0,
    ...drawn.flatMap((ten) => outlineOf(ten, CORNERS.plain).points.flat()).map(Math.abs),
  );
  return SPANS.find((one) => reach < one / 2 - 1) ?? (SPANS.at(-1) as number);
}

/** What of the numbers the drawing cannot show, since no one shape has them all; sentences. */
function notes(values: Gaps): string[] {
  const means = meansOf(values);
  if (means === null) return [];
  const { points, fitted } = outlineOf(means, CORNERS.outline);
  const [radius, perimeter] = [values[0], values[2]];
  const found: string[] = [];
  if (isThere(radius) && isOff(meanRadius(points), radius, 0.12))
    found.push("Radius and area do not fit one shape; it is drawn from the area.");
  if (isThere(perimeter) && isOff(measure(points).perimeter, perimeter, 0.08))
    found.push("The perimeter does not fit area and compactness.");
  if (isThere(values[6]) && isThere(values[7]) && fitted < 0.9)
    found.push(
      `Dents are drawn at ${Math.round(100 * fitted)} % of their depth: deeper ones would contradict the compactness.`,
    );
  return found;
}

const isOff = (drawn: number, said: number, share: number) => Math.abs(drawn - said) > share * said;

const COUNTS = [
  "no",
  "one",
  "two",
  "three",
  "four",
  "five",
  "six",
  "seven",
  "eight",
  "nine",
  "ten",
  "eleven",
];

/** For those who do not see it: its size against the two medians, in thirds of the way between them, and its dents. */
function describe(values: Gaps): string {
  const means = meansOf(values);
  if (means === null) return "The typical benign and the typical malignant nucleus, for comparison";
  const { dents, depth } = outlineOf(means, CORNERS.outline);
  const [benign, malignant] = [at(MEDIANS.benign, 3), at(MEDIANS.malignant, 3)];
  const third = (at(means, 3) - benign) / (malignant - benign);
  const size =
    third < 1 / 3
      ? "no larger than a typical benign one"
      : third < 2 / 3
        ? "larger than a typical benign one"
        : "as large as a typical malignant one";
  const count = depth < 0.005 ? 0 : Math.round(dents);
  const dented =
    count === 0
      ? "without dents"
      : `with about ${COUNTS[count]} ${depth < 0.06 ? "shallow" : "deep"} ${count === 1 ? "dent" : "dents"}`;
  return `Nucleus drawn from the numbers: ${size}, ${dented}`;
}

const withValues = (changes: Record<number, number>): Ten =>
  MEDIANS.all.map((median, i) => changes[i] ?? median);

/** Examples far enough from the median case to be seen at a glance, at spans that hold them. */
const PARTS = [
  { label: "Size", says: "Radius, perimeter, area.", ten: withValues({ 3: 1200 }), span: 52 },
  {
    label: "Length",
    says: "Compactness: longer, the further from a circle.",
    ten: withValues({ 5: 0.2, 6: 0.03, 7: 0.02 }),
    span: 38,
  },
  {
    label: "Dents",
    says: "Concave points: how many. Concavity: how deep.",
    ten: withValues({ 5: 0.2, 6: 0.35, 7: 0.12 }),
    span: 38,
  },
  {
    label: "Halves",
    says: "Symmetry: how much the two halves differ.",
    ten: withValues({ 5: 0.12, 6: 0.01, 7: 0, 8: 0.3 }),
    span: 38,
  },
  { label: "Grain", says: "Texture: contrast of the grains.", ten: withValues({ 1: 35 }), span: 38 },
];

function parts(size: number) {
  return PARTS.map(({ label, says, ten, span }) => ({
    label,
    says,
    svg: (label === "Grain" ? full : thumb)(ten, { size, span }),
  }));
}

/** Ten image units as a line with ends, as wide as the drawing of this span, so that both shrink together. */
function scaleBar({ size, span }: Size) {
  const width = Math.round((10 / span) * size);
  return {
    svg: `<svg width="${size}" height="6" viewBox="0 0 ${size} 6" fill="none" stroke="currentColor" aria-hidden="true"><path d="M.5 0v5.5h${width - 1}V0"/></svg>`,
    says: "The bar is 10 image units long.",
  };
}

const PART_BY_INDEX = new Map<number, string>([
  [1, "grain"],
  [10, "spread"],
]);

/** The part of a full drawing (its `data-part`) that shows a measurement, by its index; null where none does. */
function partOf(index: number): string | null {
  const part = PART_BY_INDEX.get(index);
  if (part !== undefined || index < 10) return part ?? "outline";
  // The dotted outline is as bare as a thumb: without grains and without a membrane.
  return index < 20 || index === 21 || index === 24 ? null : "worst";
}

export const drawing: Drawing = {
  caption: "Drawn from the numbers, not from the slide.",
  legend: "Solid: mean; dotted: worst; thin lines: the typical benign and the typical malignant case.",
  rowSpan: 64,
  full,
  thumb,
  span,
  notes,
  describe,
  parts,
  scaleBar,
  partOf,
};
