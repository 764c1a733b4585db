import type { TiffIfd } from "tiff";
import { greyInto } from "@/lib/measure/pixels";
import type { GreyChoice } from "@/lib/measure/record";
import { fail, ok, type Result } from "@/lib/result";

export type TiffRead = {
  width: number;
  height: number;
  grey: Float32Array;
  /** Red, green, blue and opaqueness, 0 to 255, for the eye. */
  rgba: Uint8ClampedArray<ArrayBuffer>;
  note: string | null;
};

const CANNOT = "Save it as PNG, or as a TIFF without compression.";

/** The first page of a TIFF, whose numbers are not rounded to 8 bits; the decoder is loaded with the first one. */
export async function readTiff(
  bytes: ArrayBuffer,
  { grey: choice, mostPixels }: { grey: GreyChoice; mostPixels: number },
): Promise<Result<TiffRead, string>> {
  const { decode } = await import("tiff");
  let page: TiffIfd | undefined;
  let pages: number;
  try {
    pages = pagesOf(new DataView(bytes));
    const [head] = decode(bytes, { pages: [0], ignoreImageData: true });
    if (head !== undefined && head.width * head.height > mostPixels) return fail("too many pixels");
    const unread = head === undefined ? null : whatWouldBeWrong(head);
    if (unread !== null) return fail(`This TIFF cannot be read here: ${unread}. ${CANNOT}`);
    [page] = decode(bytes, { pages: [0] });
  } catch (error) {
    const why = error instanceof Error && /unsupported/i.test(error.message) ? ` (${error.message})` : "";
    return fail(`This TIFF cannot be read here${why}. ${CANNOT}`);
  }
  if (page === undefined) return fail("This TIFF has no picture in it.");
  const { width, height } = page;
  const { values, samples } = samplesOf(page);
  const { low, scale, isMeasured } = rangeOf(page, values);
  if (!Number.isFinite(low + scale)) return fail(`This TIFF has pixels without a number. ${CANNOT}`);
  const shifted = low === 0 ? values : Float32Array.from(values, (value) => value - low);
  const grey = new Float32Array(width * height);
  greyInto(grey, shifted, choice, { samples, scale });
  const notes = [
    pages > 1 && `It has ${pages} pages, of which the first is measured.`,
    isMeasured && "Its numbers have no range of their own: the least became black, the largest white.",
  ];
  return ok({
    ...{ width, height, grey },
    rgba: forTheEye(shifted, width * height, samples, scale),
    note: notes.filter((note) => note !== false).join(" ") || null,
  });
}

const PALETTE = 3;
const RGB = 2;
const JPEG = 7;
const UNSIGNED = 1;
const FLOATING = 3;
const UNDEFINED = 4;

/** How many pages a TIFF has, each of which names the next: one that was seen already ends the list. */
function pagesOf(view: DataView): number {
  const isLittleEndian = view.getUint8(0) === 0x49;
  const seen = new Set<number>();
  for (let at = view.getUint32(4, isLittleEndian); at !== 0 && !seen.has(at); ) {
    seen.add(at);
    at = view.getUint32(at + 2 + 12 * view.getUint16(at, isLittleEndian), isLittleEndian);
  }
  return seen.size;
}

/** What the decoder would read as another picture, without saying so; null where it reads what is there. */
function whatWouldBeWrong(page: TiffIfd): string | null {
  const { samplesPerPixel: samples, bitsPerSample: bits, sampleFormat, predictor, tiled, type } = page;
  if (page.compression === JPEG) return "it is compressed as a JPEG";
  const least = type === RGB ? 3 : 1;
  if (samples < least || samples > least + 1 || (type === PALETTE && (samples > 1 || !page.palette)))
    return "it is in other colours than grey, or red, green and blue";
  if (samples > 1 && page.planarConfiguration === 2) return "it keeps each colour apart";
  if (tiled && (samples > 1 || predictor !== 1 || bits < 8)) return "it is stored in tiles";
  if (![UNSIGNED, FLOATING, UNDEFINED].includes(sampleFormat)) return "it has signed numbers";
  if (!tiled && page.stripOffsets.length * page.rowsPerStrip < page.height) return "a part of it is missing";
  return null;
}

/** A pixel's colours, or its grey, and how opaque it is where the file says that; not what else is stored of it. */
function samplesOf({ data, type, palette, samplesPerPixel: samples, alpha }: TiffIfd) {
  if (type === PALETTE) return { values: throughPalette(data, palette ?? []), samples: 3 };
  if (alpha || samples % 2 === 1) return { values: data, samples };
  return { values: data.filter((_, i) => i % samples !== samples - 1), samples: samples - 1 };
}

/** A palette's colours have 16 bits. */
function throughPalette(indices: ArrayLike<number>, palette: readonly (readonly number[])[]): Uint16Array {
  const colours = new Uint16Array(3 * indices.length);
  for (let i = 0; i < indices.length; i++) colours.set(palette[indices[i] as number] ?? [], 3 * i);
  return colours;
}

/**
 * From which number to which black to white is: by how many bits they have, from 0 to 1, or as far as floating-point numbers
 * go; not finite where some of these are none.
 */
function rangeOf(page: TiffIfd, values: ArrayLike<number>) {
  if (page.sampleFormat !== FLOATING) {
    const bits = page.type === PALETTE ? 16 : page.bitsPerSample;
    return { low: 0, scale: 255 / (2 ** bits - 1), isMeasured: false };
  }
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i] as number);
    high = Math.max(high, values[i] as number);
  }
  // As programs that count from 0 to 1 write it.
  if (low >= 0 && high <= 1) return { low: 0, scale: 255, isMeasured: false };
  return { low, scale: high > low ? 255 / (high - low) : 0, isMeasured: true };
}

function forTheEye(values: ArrayLike<number>, count: number, samples: number, scale: number) {
  const rgba = new Uint8ClampedArray(4 * count);
  const isColour = samples >= 3;
  const hasOpaqueness = samples === 2 || samples === 4;
  for (let i = 0; i < count; i++) {
    for (let channel = 0; channel < 3; channel++)
      rgba[4 * i + channel] = scale * (values[i * samples + (isColour ? channel : 0)] as number);
    rgba[4 * i + 3] = hasOpaqueness ? scale * (values[i * samples + samples - 1] as number) : 255;
  }
  return rgba;
}
