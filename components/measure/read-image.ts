import { toHex } from "@/lib/format";
import { type GreyImage, noiseOf } from "@/lib/measure/grey-image";
import { isWhole, readImageHeader } from "@/lib/measure/image-header";
import { greyBytes, greyInto, resized } from "@/lib/measure/pixels";
import type { GreyChoice } from "@/lib/measure/record";
import { fail, ok, type Result } from "@/lib/result";
import { MOST_BYTES, MOST_PIXELS } from "./limits";
import type { Hashes } from "./messages";
import { readTiff } from "./read-tiff";

/** What an image becomes: a picture for the eye, and grey values to be measured. */
export type ReadImage = {
  /** In the file's own pixels. */
  bitmap: ImageBitmap;
  type: string;
  /** The size in the file, in its pixels. */
  width: number;
  height: number;
  /** In measured pixels. */
  image: GreyImage;
  noise: number;
  note: string | null;
  hashes: Hashes;
};

type Decoded = Omit<ReadImage, "image" | "noise" | "hashes"> & { grey: Float32Array };

/** Pixels whose colours are read at once: a whole picture of them would be in memory twice. */
const STRIP_PIXELS = 2_000_000;

const TOO_LARGE = `The image has more than ${MOST_PIXELS / 1e6} megapixels. Cut out the part that you want to measure.`;
const DAMAGED = "The image is damaged: it cannot be read.";

/** Reads a file, as grey values by `grey` and at `factor` measured pixels to one of the file's; else a sentence for a person. */
export async function readImage(
  file: Blob,
  { grey, factor }: { grey: GreyChoice; factor: number },
): Promise<Result<ReadImage, string>> {
  if (file.size === 0) return fail("The file is empty.");
  if (file.size > MOST_BYTES) return fail(`The file is larger than ${MOST_BYTES / 1e6} MB.`);
  const bytes = new Uint8Array(await file.arrayBuffer());
  const { kind, size, otherName } = readImageHeader(bytes);
  if (kind === "other") {
    const what = otherName === null ? "no image that can be read here" : `a ${otherName} file`;
    return fail(`This is ${what}. Save it as PNG or TIFF, and choose that.`);
  }
  if (size !== null && size.width * size.height > MOST_PIXELS) return fail(TOO_LARGE);
  if (!isWhole(kind, bytes)) return fail(DAMAGED);
  const decoded =
    kind === "tiff" ? await decodedTiff(bytes.buffer, grey) : await decodedByBrowser(file, kind, grey);
  if (!decoded.ok) return decoded;
  const { grey: data, ...rest } = decoded.value;
  const { width, height } = rest;
  if (width * height * factor * factor > MOST_PIXELS * 1.01) {
    rest.bitmap.close();
    return fail(`At this scale the image would have more than ${MOST_PIXELS / 1e6} megapixels.`);
  }
  const image = resized({ width, height, data }, factor);
  const hashes = { sha256: await sha256Of(bytes), greySha256: await sha256Of(greyBytes(image)) };
  return ok({ ...rest, image, noise: noiseOf(image), hashes });
}

async function decodedTiff(bytes: ArrayBuffer, choice: GreyChoice): Promise<Result<Decoded, string>> {
  const read = await readTiff(bytes, { grey: choice, mostPixels: MOST_PIXELS });
  if (!read.ok) return read.error === "too many pixels" ? fail(TOO_LARGE) : read;
  const { width, height, grey, rgba, note } = read.value;
  const bitmap = await createImageBitmap(new ImageData(rgba, width, height));
  return ok({ bitmap, type: "image/tiff", width, height, grey, note });
}

async function decodedByBrowser(
  file: Blob,
  kind: string,
  choice: GreyChoice,
): Promise<Result<Decoded, string>> {
  let bitmap: ImageBitmap;
  try {
    // Upright as its camera says; to ask for less ("none") means the same in Chromium, and is unknown elsewhere.
    bitmap = await createImageBitmap(file, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
  } catch {
    return fail(DAMAGED);
  }
  const { width, height } = bitmap;
  if (width * height > MOST_PIXELS) {
    bitmap.close();
    return fail(TOO_LARGE);
  }
  return ok({
    ...{ bitmap, width, height, note: null },
    type: `image/${kind}`,
    grey: greyOf(bitmap, choice),
  });
}

function greyOf(bitmap: ImageBitmap, choice: GreyChoice): Float32Array {
  const { width, height } = bitmap;
  const rows = Math.max(1, Math.min(height, Math.floor(STRIP_PIXELS / width)));
  const context = new OffscreenCanvas(width, rows).getContext("2d", { willReadFrequently: true });
  if (context === null) throw new Error("no canvas to read the image with");
  const grey = new Float32Array(width * height);
  for (let y = 0; y < height; y += rows) {
    const count = Math.min(rows, height - y);
    context.clearRect(0, 0, width, rows);
    context.drawImage(bitmap, 0, -y);
    greyInto(grey, context.getImageData(0, 0, width, count).data, choice, { start: y * width });
  }
  return grey;
}

async function sha256Of(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(
    // Missing where the page comes over plain HTTP from another machine.
    crypto.subtle === undefined
      ? (await import("@noble/hashes/sha2.js")).sha256(bytes)
      : await crypto.subtle.digest("SHA-256", bytes),
  );
  return toHex(hash);
}
