import type { GreyImage } from "./grey-image";
import { around, isInside, type Outline, type Point, signedAreaOf } from "./outline";

/** Square pixels below which too little of a shape is left in its pixels to be measured. */
export const LEAST_AREA = 60;

/** Why an outline cannot be measured. */
export type Refusal = "crosses itself" | "too small" | "off the image";

type Size = Pick<GreyImage, "width" | "height">;

/** Why an outline cannot be measured, null where it can; `image` where it is known how large that is. */
export function refusalOf(outline: Outline, image?: Size): Refusal | null {
  if (outline.length < 3 || !(Math.abs(signedAreaOf(outline)) >= LEAST_AREA)) return "too small";
  if (crossesItself(outline)) return "crosses itself";
  return image !== undefined && !outline.some((point) => isOn(image, point)) ? "off the image" : null;
}

const isOn = ({ width, height }: Size, [x, y]: Point) =>
  x >= -0.5 && y >= -0.5 && x <= width - 0.5 && y <= height - 0.5;

/** Whether two of its sides cross, or one goes through a point that is not its own. */
export function crossesItself(outline: Outline): boolean {
  const count = outline.length;
  for (let i = 0; i < count; i++) {
    const a = outline[i] as Point;
    const b = around(outline, i + 1);
    // The neighbours share an end with it.
    for (let k = i + 2; k < count - (i === 0 ? 1 : 0); k++) {
      if (doCross(a, b, outline[k] as Point, around(outline, k + 1))) return true;
    }
  }
  return false;
}

/** Which side of the line from a to b a place is on: its sign. */
const sideOf = (a: Point, b: Point, place: Point) =>
  (b[0] - a[0]) * (place[1] - a[1]) - (b[1] - a[1]) * (place[0] - a[0]);

function doCross(a: Point, b: Point, c: Point, d: Point): boolean {
  if (Math.max(a[0], b[0]) < Math.min(c[0], d[0]) || Math.max(c[0], d[0]) < Math.min(a[0], b[0]))
    return false;
  if (Math.max(a[1], b[1]) < Math.min(c[1], d[1]) || Math.max(c[1], d[1]) < Math.min(a[1], b[1]))
    return false;
  return sideOf(a, b, c) * sideOf(a, b, d) <= 0 && sideOf(c, d, a) * sideOf(c, d, b) <= 0;
}

/** Whether the outline reaches the image's rim, where part of what is outlined is cut off. */
export const touchesRim = (outline: Outline, { width, height }: Size): boolean =>
  outline.some(([x, y]) => x < 0.5 || y < 0.5 || x > width - 1.5 || y > height - 1.5);

/** Pixels that two outlines both have inside, as a share of the smaller one's; 0 to 1. */
export function overlapOf(a: Outline, b: Outline): number {
  const [boxA, boxB] = [boxOf(a), boxOf(b)];
  const left = Math.ceil(Math.max(boxA.left, boxB.left));
  const right = Math.floor(Math.min(boxA.right, boxB.right));
  let both = 0;
  for (let y = Math.ceil(Math.max(boxA.top, boxB.top)); y <= Math.min(boxA.bottom, boxB.bottom); y++) {
    for (let x = left; x <= right; x++) if (isInside(a, [x, y]) && isInside(b, [x, y])) both++;
  }
  const smaller = Math.min(Math.abs(signedAreaOf(a)), Math.abs(signedAreaOf(b)));
  return both === 0 ? 0 : Math.min(1, both / smaller);
}

export function boxOf(outline: Outline) {
  const [xs, ys] = [outline.map(([x]) => x), outline.map(([, y]) => y)];
  return {
    left: Math.min(...xs),
    right: Math.max(...xs),
    top: Math.min(...ys),
    bottom: Math.max(...ys),
  };
}
