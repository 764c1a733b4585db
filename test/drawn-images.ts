import { clamp, type GreyImage, smoothed } from "../lib/measure/grey-image";
import { centreOf, type Outline, type Point, resample } from "../lib/measure/outline";
import { seededRandom } from "../model/random";

// Images whose truth is known: dark grainy shapes before a brighter ground, with the blur of optics and the noise of a camera.
// They are drawn, not photographed: what is shown on them is that measuring is right, not that it is of use.

const TAU = 2 * Math.PI;
/** Directions in which a shape's radius is known. */
const DIRECTIONS = 720;

export type Random = { uniform: () => number; normal: () => number };

export function randomFrom(seed: number): Random {
  const uniform = seededRandom(seed);
  return {
    uniform,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(TAU * uniform()),
  };
}

/** A shape that any line from its middle leaves once. */
export type DrawnShape = { middle: Point; radii: readonly number[] };

export type ShapeOptions = { radius: number; elongation?: number; roughness?: number; fall?: number };

/** A circle with eight waves: the first makes it long, the others rough, the shorter the less. */
export function randomShape(
  { normal }: Random,
  middle: Point,
  { radius, elongation = 0.11, roughness = 0.018, fall = 1.1 }: ShapeOptions,
): DrawnShape {
  const waves = Array.from({ length: 8 }, (_, i) => {
    const size = i === 0 ? elongation / Math.SQRT2 : roughness * (3 / (i + 2)) ** fall;
    return { wave: i + 2, cos: size * normal(), sin: size * normal() };
  });
  const radii = Array.from({ length: DIRECTIONS }, (_, i) => {
    const angle = (TAU * i) / DIRECTIONS;
    return waves.reduce(
      (sum, { wave, cos, sin }) =>
        sum + radius * (cos * Math.cos(wave * angle) + sin * Math.sin(wave * angle)),
      radius,
    );
  });
  return { middle, radii };
}

export const outlineOf = ({ middle, radii }: DrawnShape): Outline =>
  radii.map((radius, i) => {
    const angle = (TAU * i) / DIRECTIONS;
    return [middle[0] + radius * Math.cos(angle), middle[1] + radius * Math.sin(angle)] as const;
  });

export type Look = { ground?: number; inside?: number; blur?: number; noise?: number };

/** The square image of `size` pixels with the shapes in it. */
export function drawn(
  random: Random,
  size: number,
  shapes: readonly DrawnShape[],
  { ground = 205, inside = 105, blur = 1.2, noise = 4 }: Look = {},
): GreyImage {
  const grains = field(random, size, { deviation: 16, sigma: 2 });
  const unevenness = field(random, size, { deviation: 7, sigma: 5 });
  const cover = new Float64Array(size * size);
  for (const shape of shapes) addCover(cover, size, shape);
  const sharp = cover.map(
    (share, i) =>
      (1 - share) * (ground + (unevenness[i] as number)) + share * (inside + (grains[i] as number)),
  );
  const { data } = smoothed({ width: size, height: size, data: sharp }, blur);
  const greys = Uint8ClampedArray.from(data, (grey) => Math.round(grey + noise * random.normal()));
  return { width: size, height: size, data: greys };
}

/** Noise smoothed by a Gaussian of `sigma`, with the standard deviation asked for. */
function field({ normal }: Random, size: number, { deviation, sigma }: { deviation: number; sigma: number }) {
  const white = Float64Array.from({ length: size * size }, normal);
  const values = Float64Array.from(smoothed({ width: size, height: size, data: white }, sigma).data);
  const scale = deviation / Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
  return values.map((value) => value * scale);
}

/** Adds to each pixel which share of it the shape covers, of 16 places in it. */
function addCover(cover: Float64Array, size: number, { middle, radii }: DrawnShape): void {
  const reach = Math.max(...radii) + 1;
  const within = (x: number, y: number) => {
    const turn = (Math.atan2(y, x) / TAU + 1) * DIRECTIONS;
    return x * x + y * y < (radii[Math.round(turn) % DIRECTIONS] as number) ** 2;
  };
  for (let y = clamp(Math.floor(middle[1] - reach), 0, size); y < Math.min(size, middle[1] + reach); y++) {
    for (let x = clamp(Math.floor(middle[0] - reach), 0, size); x < Math.min(size, middle[0] + reach); x++) {
      let covered = 0;
      for (let part = 0; part < 16; part++) {
        const [right, down] = [((part % 4) - 1.5) / 4, ((part >> 2) - 1.5) / 4];
        if (within(x + right - middle[0], y + down - middle[1])) covered++;
      }
      cover[y * size + x] = Math.min(1, (cover[y * size + x] as number) + covered / 16);
    }
  }
}

/** What a person in a hurry draws: a dozen points, off by a tenth of the radius, rather outside than inside. */
export function roughDraft({ normal }: Random, outline: Outline): Outline {
  const middle = centreOf(outline);
  return resample(outline, 12).map(([x, y]) => {
    const far = 1.06 + 0.07 * normal();
    const turn = 0.05 * normal();
    const [fromX, fromY] = [(x - middle[0]) * far, (y - middle[1]) * far];
    return [
      middle[0] + fromX * Math.cos(turn) - fromY * Math.sin(turn),
      middle[1] + fromX * Math.sin(turn) + fromY * Math.cos(turn),
    ] as const;
  });
}
