import { gaussian } from "./grey-image";
import { around, distance, type Outline, type Point, resample, signedAreaOf } from "./outline";

// What a person does to an outline by hand.

/** Points to both sides that a drag takes along. */
const BRUSH = 6;

export const movedBy = (outline: Outline, x: number, y: number): Outline =>
  outline.map(([oldX, oldY]) => [oldX + x, oldY + y]);

/** The outline in an image that is `ratio` times as large: pixels' centres have whole numbers in both. */
export const rescaled = (outline: Outline, ratio: number): Outline =>
  ratio === 1 ? outline : outline.map(([x, y]) => [(x + 0.5) * ratio - 0.5, (y + 0.5) * ratio - 0.5]);

/** Each point so many pixels outwards, or inwards where that is negative. */
export function grown(outline: Outline, pixels: number): Outline {
  const turn = Math.sign(signedAreaOf(outline)) || 1;
  return outline.map(([x, y], i) => {
    const [a, b] = [around(outline, i - 1), around(outline, i + 1)];
    const length = distance(a, b) || 1;
    return [x + (turn * pixels * (b[1] - a[1])) / length, y - (turn * pixels * (b[0] - a[0])) / length];
  });
}

/** The outline with one point moved, and its neighbours the less the farther they are. */
export function brushed(outline: Outline, index: number, x: number, y: number): Outline {
  const weights = gaussian(BRUSH / 3);
  const reach = (weights.length - 1) / 2;
  const most = weights[reach] as number;
  return outline.map(([oldX, oldY], i) => {
    const apart = Math.abs(i - index);
    const steps = Math.min(apart, outline.length - apart);
    if (steps > reach) return [oldX, oldY];
    const weight = (weights[reach + steps] as number) / most;
    return [oldX + weight * x, oldY + weight * y];
  });
}

/** The index of the point of the outline that is closest to a place, and how far it is. */
export function closestPoint(outline: Outline, place: Point): { index: number; apart: number } {
  const distances = outline.map((point) => distance(point, place));
  const apart = Math.min(...distances);
  return { index: distances.indexOf(apart), apart };
}

/** At most so many points, at equal distances where there were more. */
export const withAtMost = (outline: Outline, points: number): Outline =>
  outline.length <= points ? outline : resample(outline, points);

/** Measured pixels below which a hand's next point is the one before. */
const LEAST_APART = 1;

/** An outline from a line drawn by hand: without points that are hardly apart, and without what goes on beyond its start. */
export function closedStroke(line: readonly Point[]): Outline {
  const points: Point[] = [];
  for (const point of line) {
    const last = points.at(-1);
    if (last === undefined || distance(last, point) >= LEAST_APART) points.push(point);
  }
  const start = points[0];
  if (start === undefined) return points;
  const from = Math.max(3, Math.floor(points.length * 0.7));
  const { index, apart } = closestPoint(points.slice(from), start);
  return points.slice(0, from + index + (apart < LEAST_APART ? 0 : 1));
}
