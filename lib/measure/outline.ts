/** A place in an image, in pixels: a pixel's centre has whole numbers, and y grows downwards. */
export type Point = readonly [x: number, y: number];

/** A closed line through at least three points: the last is joined with the first, which is not repeated. */
export type Outline = readonly Point[];

/** The element at `index` of a ring, which may be up to one turn before its start, or beyond its end. */
export const around = <T>(ring: ArrayLike<T>, index: number): T =>
  ring[(index + ring.length) % ring.length] as T;

export const distance = (a: Point, b: Point): number => Math.sqrt((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2);

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
export const average = (values: readonly number[]): number => sum(values) / values.length;

export function lengthOf(outline: Outline): number {
  let length = 0;
  let last = outline.at(-1) as Point;
  for (let i = 0; i < outline.length; i++) {
    const point = outline[i] as Point;
    length += distance(last, point);
    last = point;
  }
  return length;
}

/** The area inside, in square pixels, by the shoelace formula; negative where the points run the other way round. */
export function signedAreaOf(outline: Outline): number {
  let twice = 0;
  let last = outline.at(-1) as Point;
  for (let i = 0; i < outline.length; i++) {
    const point = outline[i] as Point;
    twice += last[0] * point[1] - point[0] * last[1];
    last = point;
  }
  return twice / 2;
}

/** Throws RangeError for an outline that encloses nothing, or whose points are no numbers. */
export function requireArea(outline: Outline): void {
  if (!(Math.abs(signedAreaOf(outline)) > 0)) throw new RangeError("The outline encloses no area.");
}

/** The mean of the points, not the centre of gravity of what they enclose. */
export const centreOf = (outline: Outline): Point => [
  average(outline.map(([x]) => x)),
  average(outline.map(([, y]) => y)),
];

/** `count` points at equal distances along the outline, from its first point on. */
export function resample(outline: Outline, count: number): Point[] {
  const step = lengthOf(outline) / count;
  let side = 0;
  let behind = 0;
  let length = distance(around(outline, 0), around(outline, 1));
  return Array.from({ length: count }, (_, i) => {
    // The last side holds what rounding pushes past the end.
    while (behind + length < i * step - 1e-12 && side < outline.length - 1) {
      behind += length;
      side++;
      length = distance(around(outline, side), around(outline, side + 1));
    }
    const [x, y] = around(outline, side);
    const [nextX, nextY] = around(outline, side + 1);
    const share = length === 0 ? 0 : (i * step - behind) / length;
    return [x + share * (nextX - x), y + share * (nextY - y)];
  });
}

/** Whether a place is inside the outline, by how often a line from it to the right crosses the outline. */
export function isInside(outline: Outline, place: Point): boolean {
  const x = place[0];
  const y = place[1];
  let inside = false;
  let b = outline.at(-1) as Point;
  for (let i = 0; i < outline.length; i++) {
    const a = outline[i] as Point;
    if (a[1] > y !== b[1] > y && x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0]) inside = !inside;
    b = a;
  }
  return inside;
}
