import type { GreyImage } from "./grey-image";
import type { GreyChoice } from "./record";

/** The weights of red, green and blue. */
const WEIGHTS: Record<GreyChoice, readonly [number, number, number]> = {
  luminance: [0.299, 0.587, 0.114],
  red: [1, 0, 0],
  green: [0, 1, 0],
  blue: [0, 0, 1],
};

/**
 * Writes the grey values, 0 to 255, of pixels into `grey` from `start` on. `samples`: how many numbers a pixel has, of which
 * the first three are red, green and blue, or the first is grey where there are one or two; `scale`: what a number is
 * multiplied by to be 0 to 255. A fourth, or second, number is how opaque the pixel is over white.
 */
export function greyInto(
  grey: Float32Array,
  pixels: ArrayLike<number>,
  choice: GreyChoice,
  { start = 0, samples = 4, scale = 1 }: { start?: number; samples?: number; scale?: number } = {},
): void {
  const [red, green, blue] = WEIGHTS[choice];
  const isColour = samples >= 3;
  const opaqueness = samples === 2 || samples === 4 ? samples - 1 : null;
  const count = Math.floor(pixels.length / samples);
  for (let i = 0, at = 0; i < count; i++, at += samples) {
    const first = pixels[at] as number;
    const value =
      scale *
      (isColour
        ? red * first + green * (pixels[at + 1] as number) + blue * (pixels[at + 2] as number)
        : first);
    const share = opaqueness === null ? 1 : (scale * (pixels[at + opaqueness] as number)) / 255;
    grey[start + i] = share === 1 ? value : share * value + (1 - share) * 255;
  }
}

type Weighted = { from: number; weights: Float64Array };

/**
 * The image at `factor` pixels for one of its own: the mean of what a pixel covers where it becomes smaller, bicubic
 * (Catmull-Rom) where it becomes larger; the very image where the factor is 1. Beyond the rim the rim's pixels go on.
 */
export function resized(image: GreyImage, factor: number): GreyImage {
  if (factor === 1) return image;
  const width = Math.max(1, Math.round(image.width * factor));
  const height = Math.max(1, Math.round(image.height * factor));
  const columns = weightsOf(image.width, width, factor);
  const rows = weightsOf(image.height, height, factor);
  const narrow = new Float32Array(width * image.height);
  for (let y = 0; y < image.height; y++) {
    for (let x = 0; x < width; x++) {
      const { from, weights } = columns[x] as Weighted;
      let sum = 0;
      for (let k = 0; k < weights.length; k++) {
        const at = Math.min(Math.max(from + k, 0), image.width - 1);
        sum += (weights[k] as number) * (image.data[y * image.width + at] as number);
      }
      narrow[y * width + x] = sum;
    }
  }
  const data = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const { from, weights } = rows[y] as Weighted;
    for (let k = 0; k < weights.length; k++) {
      const weight = weights[k] as number;
      const at = Math.min(Math.max(from + k, 0), image.height - 1) * width;
      for (let x = 0; x < width; x++) {
        data[y * width + x] = (data[y * width + x] as number) + weight * (narrow[at + x] as number);
      }
    }
  }
  // Bicubic goes beyond black and white beside a hard edge.
  if (factor > 1)
    for (let i = 0; i < data.length; i++) data[i] = Math.min(Math.max(data[i] as number, 0), 255);
  return { width, height, data };
}

/** Which pixels of a line each of `length` new ones takes, and how much of each. */
const weightsOf = (old: number, length: number, factor: number): Weighted[] =>
  Array.from({ length }, (_, i) => (factor < 1 ? covered(i, old, factor) : cubic(i, factor)));

function covered(i: number, old: number, factor: number): Weighted {
  const start = Math.min(i / factor, old - 1);
  const end = Math.max(Math.min((i + 1) / factor, old), start + 1e-6);
  const from = Math.floor(start);
  const weights = Float64Array.from(
    { length: Math.ceil(end) - from },
    (_, k) => Math.min(end, from + k + 1) - Math.max(start, from + k),
  );
  return { from, weights: weights.map((weight) => weight / (end - start)) };
}

function cubic(i: number, factor: number): Weighted {
  const place = (i + 0.5) / factor - 0.5;
  const from = Math.floor(place) - 1;
  const t = place - from - 1;
  const weights = Float64Array.of(
    ((2 - t) * t - 1) * t,
    (3 * t - 5) * t * t + 2,
    ((4 - 3 * t) * t + 1) * t,
    (t - 1) * t * t,
  );
  return { from, weights: weights.map((weight) => weight / 2) };
}

/** The grey values in 1/256, as 16-bit little-endian numbers row by row: what the hash of the grey pixels is of. */
export function greyBytes({ data }: GreyImage): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(2 * data.length);
  const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
  if (isLittleEndian) {
    const numbers = new Uint16Array(bytes.buffer);
    for (let i = 0; i < data.length; i++) numbers[i] = Math.round(256 * (data[i] as number));
    return bytes;
  }
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < data.length; i++) view.setUint16(2 * i, Math.round(256 * (data[i] as number)), true);
  return bytes;
}
