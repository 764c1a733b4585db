import { type Crop, clamp, cropOf, type GreyImage, gaussian, greyAt, noiseOf, smoothed } from "./grey-image";
import {
  around,
  distance,
  lengthOf,
  type Outline,
  type Point,
  requireArea,
  resample,
  signedAreaOf,
} from "./outline";

// Moves a rough outline to the edge that it was drawn for: along rays at right angles to it, the closed path that has the
// most edge and the fewest bends. Three passes, each closer to the edge and more pliant.

type Pass = {
  /** How far to both sides is searched, in mean radii. */
  band: number;
  /** Pixels between places on a ray. */
  step: number;
  /** What it costs when neighbouring rays differ by one place. */
  stiffness: number;
  /** By how many rays the offsets are smoothed. */
  softness: number;
  /** Pixels between rays. */
  gap: number;
};
const PASSES: readonly Pass[] = [
  { band: 0.45, step: 0.5, stiffness: 0.35, softness: 1, gap: 1.5 },
  { band: 0.2, step: 0.25, stiffness: 0.08, softness: 0.5, gap: 1.5 },
  { band: 0.15, step: 0.25, stiffness: 0.015, softness: 0, gap: 1.1 },
];
/** For an outline that is at the edge but where a person has moved it. */
const CLOSE_PASSES: readonly Pass[] = [{ band: 0.1, step: 0.25, stiffness: 0.015, softness: 0, gap: 1.1 }];
/** The image is smoothed by this, in pixels. */
const SIGMA = 1;
/** Over how many pixels the rise of brightness is taken. */
const RISE = 1.5;
/** Which of the rays' best rises, in order, counts as a full edge. */
const FULL_EDGE = 0.6;
/** What deviation of such a rise comes of noise whose deviation is 1, smoothed. */
const NOISE_OF_RISE =
  Math.sqrt(2 - 2 * Math.exp(-(RISE ** 2) / (4 * SIGMA ** 2))) / (2 * Math.sqrt(Math.PI) * SIGMA * RISE);
const LEAST_RAYS = 24;
const LEAST_PLACES = 3;
/** Neighbouring rays differ by at most so many pixels. */
const STEEPEST = 1.2;
/** Blur of optics and smoothing together, in pixels: so far a round edge is pulled in. */
const EDGE_SIGMA = 1.5;
const CURVATURE_SOFTNESS = 1.5;
const CORNER_SOFTNESS = 1.5;

export type Snapped = {
  outline: Point[];
  /**
   * The share of the outline's points, 0 to 1, where the edge rises by over three times what noise alone makes. Below 0.7 the
   * edge is unclear.
   */
  edgeQuality: number;
};

export type SnapOptions = {
  /** Whether what is outlined is darker than what is around it. */
  isDark?: boolean;
  /** The whole image's noise (`noiseOf`); without it that of the part around the draft. */
  noise?: number;
  /** Whether the edge is at most a tenth of the radius away: only there it is looked for. */
  isClose?: boolean;
};

/**
 * The edge next to a rough outline, in the image's pixels. Only the part of the image around the outline is read. Throws
 * RangeError for an outline that encloses nothing or is not on the image.
 */
export function snap(
  image: GreyImage,
  draft: Outline,
  { isDark = true, noise, isClose = false }: SnapOptions = {},
): Snapped {
  requireArea(draft);
  const crop = cropAround(image, draft);
  if (Math.min(crop.width, crop.height) < 3) throw new RangeError("The outline is not on the image.");
  const grain = noise ?? noiseOf(crop);
  const smooth = smoothed(crop, SIGMA);
  const sign = isDark ? 1 : -1;
  let outline: Point[] = draft.map(([x, y]) => [x - crop.left, y - crop.top]);
  for (const [i, pass] of (isClose ? CLOSE_PASSES : PASSES).entries()) {
    const spaced = resample(
      outline,
      Math.max(LEAST_RAYS, 2 * Math.round(lengthOf(outline) / (2 * pass.gap))),
    );
    outline = moved(smooth, i === 0 && !isClose ? roundedOff(spaced) : spaced, { ...pass, sign, grain });
  }
  outline = outwards(outline);
  return {
    outline: outline.map(([x, y]) => [x + crop.left, y + crop.top]),
    edgeQuality: edgeQualityOf(smooth, outline, { sign, grain }),
  };
}

/** How clear the edge is under an outline that a person put where it is; the share that `snap` gives of its own. */
export function edgeQualityAt(
  image: GreyImage,
  outline: Outline,
  { isDark = true, noise }: SnapOptions = {},
): number {
  const crop = cropAround(image, outline);
  const inCrop = outline.map(([x, y]): Point => [x - crop.left, y - crop.top]);
  const sign = isDark ? 1 : -1;
  return edgeQualityOf(smoothed(crop, SIGMA), inCrop, { sign, grain: noise ?? noiseOf(crop) });
}

/** The part of the image that the passes can reach, and what smoothing needs beyond. */
function cropAround(image: GreyImage, draft: Outline): Crop {
  const margin = Math.ceil(1.1 * meanRadiusOf(draft) + 3 * SIGMA + 4);
  const [xs, ys] = [draft.map(([x]) => x), draft.map(([, y]) => y)];
  return cropOf(image, {
    left: Math.min(...xs) - margin,
    top: Math.min(...ys) - margin,
    right: Math.max(...xs) + margin,
    bottom: Math.max(...ys) + margin,
  });
}

/** The radius of the circle of the same area. */
const meanRadiusOf = (outline: Outline) => Math.sqrt(Math.abs(signedAreaOf(outline)) / Math.PI);

/** The outline with each point moved along its ray, to where the best closed path runs. */
function moved(
  image: GreyImage,
  outline: Outline,
  { band, step, stiffness, softness, sign, grain }: Pass & { sign: number; grain: number },
): Point[] {
  const directions = normalsOf(outline);
  const half = Math.max(LEAST_PLACES, Math.ceil((band * meanRadiusOf(outline)) / step));
  const rises = outline.map(([x, y], i) => {
    const [outX, outY] = directions[i] as Point;
    return Float64Array.from({ length: 2 * half + 1 }, (_, place) => {
      const along = (place - half) * step;
      return sign * riseAt(image, [x + along * outX, y + along * outY], [outX, outY]);
    });
  });
  const best = Float64Array.from(rises, (ray) => Math.max(...ray)).sort();
  const median = best[Math.floor(best.length * FULL_EDGE)] as number;
  const edge = median > 0 ? median : 1;
  const costs = rises.map((ray) => ray.map((rise) => -clamp(rise / edge, -0.3, 1.3)));
  const path = closedPath(costs, {
    // Where noise is large beside the edge, single rays are trusted less.
    stiffness: stiffness * clamp(((5 * grain) / edge) ** 2, 1, 8),
    steepest: Math.max(2, Math.round(STEEPEST / step)),
  });
  const offsets = path.map((place, i) => (place - half + vertexAt(costs[i] as Float64Array, place)) * step);
  return shifted(outline, directions, smoothedRing(offsets, softness));
}

/** How much brighter it becomes per pixel in a direction, over the rise's length around a place. */
function riseAt(image: GreyImage, place: Point, direction: Point): number {
  const x = (RISE / 2) * direction[0];
  const y = (RISE / 2) * direction[1];
  return (greyAt(image, place[0] + x, place[1] + y) - greyAt(image, place[0] - x, place[1] - y)) / RISE;
}

/**
 * The place on each ray of a closed path of least cost: the places' costs, and `stiffness` times the squared difference between
 * neighbours, which is at most `steepest`. By dynamic programming over two turns, of which the middle one is kept: what
 * is cut there has no part in it.
 */
function closedPath(
  costs: readonly Float64Array[],
  { stiffness, steepest }: { stiffness: number; steepest: number },
): number[] {
  const rays = costs.length;
  const first = costs[0] as Float64Array;
  const places = first.length;
  let totals = first;
  const cameFrom: Int16Array[] = [];
  for (let i = 1; i <= 2 * rays; i++) {
    const ray = costs[i % rays] as Float64Array;
    const next = new Float64Array(places);
    const from = new Int16Array(places);
    for (let place = 0; place < places; place++) {
      let least = Number.POSITIVE_INFINITY;
      for (
        let before = Math.max(0, place - steepest);
        before <= Math.min(places - 1, place + steepest);
        before++
      ) {
        const total = (totals[before] as number) + stiffness * (before - place) ** 2;
        if (total >= least) continue;
        least = total;
        from[place] = before;
      }
      next[place] = least + (ray[place] as number);
    }
    cameFrom.push(from);
    totals = next;
  }
  const path = new Int16Array(2 * rays + 1);
  path[2 * rays] = totals.indexOf(Math.min(...totals));
  for (let i = 2 * rays; i > 0; i--) {
    path[i - 1] = (cameFrom[i - 1] as Int16Array)[path[i] as number] as number;
  }
  const middle = rays >> 1;
  return Array.from({ length: rays }, (_, i) => path[i < middle ? i + rays : i] as number);
}

/** Where the parabola through a place and its two neighbours is lowest, at most half a place away. */
function vertexAt(costs: Float64Array, place: number): number {
  if (place === 0 || place === costs.length - 1) return 0;
  const [before, at, after] = costs.subarray(place - 1, place + 2) as unknown as [number, number, number];
  const bend = before - 2 * at + after;
  return bend > 1e-9 ? clamp((before - after) / (2 * bend), -0.5, 0.5) : 0;
}

/** Blur pulls a round edge in by about s² k / 2, where k is its curvature: each point goes back out by that. */
function outwards(outline: Outline): Point[] {
  const spaced = resample(outline, outline.length);
  const turn = Math.sign(signedAreaOf(spaced));
  const curvatures = spaced.map((b, i) => {
    const [a, c] = [around(spaced, i - 2), around(spaced, i + 2)];
    const across = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
    // The circle through three points.
    return (2 * turn * across) / (distance(a, b) * distance(b, c) * distance(a, c) || 1);
  });
  const offsets = smoothedRing(curvatures, CURVATURE_SOFTNESS).map((curvature) =>
    clamp((EDGE_SIGMA ** 2 * curvature) / 2, -0.3, 0.4),
  );
  return shifted(spaced, normalsOf(spaced), offsets);
}

function edgeQualityOf(
  image: GreyImage,
  outline: Outline,
  { sign, grain }: { sign: number; grain: number },
): number {
  const directions = normalsOf(outline);
  const clear = outline.filter(
    (point, i) => sign * riseAt(image, point, directions[i] as Point) > 3 * NOISE_OF_RISE * grain,
  );
  return clear.length / outline.length;
}

/** The outward directions at the points, of length 1. */
function normalsOf(outline: Outline): Point[] {
  const turn = Math.sign(signedAreaOf(outline)) || 1;
  return outline.map((_, i) => {
    const [a, b] = [around(outline, i - 1), around(outline, i + 1)];
    const length = distance(a, b) || 1;
    return [(turn * (b[1] - a[1])) / length, (-turn * (b[0] - a[0])) / length];
  });
}

const shifted = (outline: Outline, directions: readonly Point[], offsets: readonly number[]): Point[] =>
  outline.map(([x, y], i) => {
    const [outX, outY] = directions[i] as Point;
    const offset = offsets[i] as number;
    return [x + offset * outX, y + offset * outY];
  });

const roundedOff = (outline: Outline): Point[] => {
  const xs = smoothedRing(
    outline.map(([x]) => x),
    CORNER_SOFTNESS,
  );
  const ys = smoothedRing(
    outline.map(([, y]) => y),
    CORNER_SOFTNESS,
  );
  return xs.map((x, i) => [x, ys[i] as number]);
};

/** A closed row of values smoothed by a Gaussian of `sigma` places. */
function smoothedRing(values: readonly number[], sigma: number): number[] {
  if (sigma === 0) return [...values];
  const weights = gaussian(sigma);
  const reach = (weights.length - 1) / 2;
  return values.map((_, i) =>
    weights.reduce((total, weight, k) => total + weight * around(values, i + k - reach), 0),
  );
}
