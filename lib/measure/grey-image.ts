/** Grey values from 0 (black) to 255 (white), row by row. */
export type GreyImage = { width: number; height: number; data: ArrayLike<number> };

/** A part of an image whose first pixel is (`left`, `top`) of the whole. */
export type Crop = GreyImage & { left: number; top: number };

/** The part of the image from (`left`, `top`) to (`right`, `bottom`), both with it, as far as the image reaches. */
export function cropOf(
  { width, height, data }: GreyImage,
  box: { left: number; top: number; right: number; bottom: number },
): Crop {
  const left = clamp(Math.floor(box.left), 0, width - 1);
  const top = clamp(Math.floor(box.top), 0, height - 1);
  const cropWidth = clamp(Math.ceil(box.right), left, width - 1) - left + 1;
  const cropHeight = clamp(Math.ceil(box.bottom), top, height - 1) - top + 1;
  const part = new Float64Array(cropWidth * cropHeight);
  for (let y = 0; y < cropHeight; y++) {
    const start = (top + y) * width + left;
    for (let x = 0; x < cropWidth; x++) part[y * cropWidth + x] = data[start + x] as number;
  }
  return { left, top, width: cropWidth, height: cropHeight, data: part };
}

export const clamp = (value: number, low: number, high: number): number =>
  Math.min(Math.max(value, low), high);

/** The weights of a Gaussian of `sigma`, three sigma to both sides, adding up to 1. */
export function gaussian(sigma: number): number[] {
  const reach = Math.ceil(3 * sigma);
  const weights = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * sigma * sigma)),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** The image smoothed by a Gaussian of `sigma` pixels; beyond the rim the rim's pixels go on. */
export function smoothed({ width, height, data }: GreyImage, sigma: number): GreyImage {
  const weights = gaussian(sigma);
  const reach = (weights.length - 1) / 2;
  const rows = new Float64Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let k = -reach; k <= reach; k++) {
      const weight = weights[k + reach] as number;
      for (let x = 0; x < width; x++) {
        const from = y * width + clamp(x + k, 0, width - 1);
        rows[y * width + x] = (rows[y * width + x] as number) + weight * (data[from] as number);
      }
    }
  }
  const both = new Float64Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let k = -reach; k <= reach; k++) {
      const weight = weights[k + reach] as number;
      const row = clamp(y + k, 0, height - 1) * width;
      for (let x = 0; x < width; x++) {
        both[y * width + x] = (both[y * width + x] as number) + weight * (rows[row + x] as number);
      }
    }
  }
  return { width, height, data: both };
}

/** The grey value at a place between pixels, from the four around it; beyond the rim the rim's. */
export function greyAt({ width, height, data }: GreyImage, x: number, y: number): number {
  const inX = clamp(x, 0, width - 1.001);
  const inY = clamp(y, 0, height - 1.001);
  const left = Math.floor(inX);
  const top = Math.floor(inY);
  const right = inX - left;
  const down = inY - top;
  const at = top * width + left;
  const above = (1 - right) * (data[at] as number) + right * (data[at + 1] as number);
  const below = (1 - right) * (data[at + width] as number) + right * (data[at + width + 1] as number);
  return (1 - down) * above + down * below;
}

/** The median of |N(0, 1)|. */
const MEDIAN_DEVIATION = 0.6745;

/** Pixels that are enough to tell the noise by. */
const NOISE_PIXELS = 500_000;

/**
 * The camera's noise, as a standard deviation in grey values: the spread of each second pixel's difference from the mean
 * of its four neighbours, of fewer pixels in a large image. The median is taken, so that edges do not count; 0 where the
 * image is too small for any.
 */
export function noiseOf({ width, height, data }: GreyImage): number {
  const differences: number[] = [];
  const every = Math.ceil(Math.sqrt((width * height) / NOISE_PIXELS));
  // Odd, so that the places change within the blocks of 8 pixels that JPEG has.
  const step = every <= 2 ? 2 : every | 1;
  for (let y = 1; y < height - 1; y += step) {
    for (let x = 1; x < width - 1; x += step) {
      const at = y * width + x;
      const beside = (data[at - 1] as number) + (data[at + 1] as number);
      const aboveAndBelow = (data[at - width] as number) + (data[at + width] as number);
      differences.push(Math.abs((data[at] as number) - (beside + aboveAndBelow) / 4));
    }
  }
  const sorted = Float64Array.from(differences).sort();
  // The variances of a pixel and of the mean of four others add up to 1 1/4.
  return (sorted[sorted.length >> 1] ?? 0) / MEDIAN_DEVIATION / Math.sqrt(1.25);
}
