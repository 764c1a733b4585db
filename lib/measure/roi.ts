import { fail, ok, type Result } from "../result";
import type { OutlinesRead } from "./geojson";
import type { Outline, Point } from "./outline";
import { outlinesOf, type ShapeInFile, toFile } from "./outlines-in-file";
import { MOST_OUTLINES } from "./record";

// Outlines as ImageJ's .roi files and its RoiSet.zip: 64 bytes of header, the points as whole numbers from the bounds' corner,
// the points again as floats, a second header, the name. Numbers are big-endian; all x come before all y. The layout is that
// of ij.io.RoiEncoder and ij.io.RoiDecoder (ImageJ 1.52).

const HEADER = 64;
const MAGIC = "Iout";
const ZIP = "PK";
const VERSION = 227;
/** Where the first header has what. */
const AT = { version: 4, type: 6, top: 8, left: 10, bottom: 12, right: 14, points: 16 } as const;
const AT_SHAPE_SIZE = 36;
const AT_OPTIONS = 50;
const AT_HEADER2 = 60;
/** And the second. */
const AT_NAME = 16;
const AT_NAME_LENGTH = 20;

/** Types that enclose something: polygon, freehand, traced. */
const POLYGONS = [0, 7, 8];
const SPLINE = 1;
const SUB_PIXEL = 128;
/** The version from which on that option is one. */
const SUB_PIXEL_SINCE = 222;

const MOST_BYTES = 10_000_000;
/** Packed bytes that are unpacked at once: they become a thousand times as many at most. */
const AT_ONCE = 8192;

/** A .roi file of a polygon in the image file's pixels. */
export function writeRoi(outline: Outline, name: string, factor: number): Uint8Array<ArrayBuffer> {
  const count = outline.length;
  const columns = ([0, 1] as const).map((axis) => outline.map((point) => toFile(point[axis], factor)));
  const [left = 0, top = 0] = columns.map((values) => Math.floor(Math.min(...values)));
  const [right = 0, bottom = 0] = columns.map((values) => Math.ceil(Math.max(...values)));
  const header2 = HEADER + 12 * count;
  const nameAt = header2 + HEADER;
  const view = new DataView(new ArrayBuffer(nameAt + 2 * name.length));
  for (let i = 0; i < MAGIC.length; i++) view.setUint8(i, MAGIC.charCodeAt(i));
  for (const [what, value] of Object.entries({ version: VERSION, top, left, bottom, right, points: count })) {
    view.setInt16(AT[what as keyof typeof AT], value);
  }
  view.setInt16(AT_OPTIONS, SUB_PIXEL);
  view.setInt32(AT_HEADER2, header2);
  for (const [axis, values] of columns.entries()) {
    for (const [i, value] of values.entries()) {
      view.setInt16(HEADER + 2 * (axis * count + i), Math.round(value) - (axis === 0 ? left : top));
      view.setFloat32(HEADER + 4 * (count + axis * count + i), value);
    }
  }
  view.setInt32(header2 + AT_NAME, nameAt);
  view.setInt32(header2 + AT_NAME_LENGTH, name.length);
  for (let i = 0; i < name.length; i++) view.setUint16(nameAt + 2 * i, name.charCodeAt(i));
  return new Uint8Array(view.buffer);
}

/** The outlines of a .roi file or of a RoiSet.zip, in measured pixels; the error is for a person. */
export async function readRoiFile(bytes: Uint8Array, factor: number): Promise<Result<OutlinesRead, string>> {
  const shapes = startsWith(bytes, ZIP) ? await shapesOfSet(bytes) : shapeOf(bytes);
  if (!shapes.ok) return shapes;
  const read = outlinesOf(shapes.value, factor);
  return read.ok ? ok({ ...read.value, sha256: null }) : read;
}

function shapeOf(bytes: Uint8Array): Result<ShapeInFile[], string> {
  const points = pointsOf(bytes);
  return points.ok ? ok([{ points: points.value }]) : points;
}

async function shapesOfSet(bytes: Uint8Array): Promise<Result<ShapeInFile[], string>> {
  const files = await unzipped(bytes);
  if (!files.ok) return files;
  return ok(
    files.value.map((file) => {
      const points = pointsOf(file);
      return { points: points.ok ? points.value : null };
    }),
  );
}

const startsWith = (bytes: Uint8Array, text: string) =>
  bytes.length >= text.length && String.fromCharCode(...bytes.subarray(0, text.length)) === text;

/** The points of a .roi file as it has them. */
function pointsOf(bytes: Uint8Array): Result<Point[], string> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER || !startsWith(bytes, MAGIC)) {
    return fail("The file is neither a selection of ImageJ nor a ZIP archive of such.");
  }
  const isComposite = view.getInt32(AT_SHAPE_SIZE) > 0;
  if (isComposite || !POLYGONS.includes(view.getUint8(AT.type))) {
    return fail("The selection is no polygon, nor one that was drawn freehand or traced.");
  }
  const options = view.getUint16(AT_OPTIONS);
  if ((options & SPLINE) !== 0) {
    return fail("The selection is a spline: ImageJ makes points of it by Edit › Selection › Interpolate.");
  }
  const count = view.getUint16(AT.points);
  const isSubPixel = (options & SUB_PIXEL) !== 0 && view.getInt16(AT.version) >= SUB_PIXEL_SINCE;
  const end = HEADER + (isSubPixel ? 12 : 4) * count;
  if (bytes.length < end) return fail("The file ends before its last point.");
  const [left, top] = [shortAt(view, AT.left), shortAt(view, AT.top)];
  return ok(
    Array.from({ length: count }, (_, i): Point => {
      if (isSubPixel) {
        const at = HEADER + 4 * (count + i);
        return [view.getFloat32(at), view.getFloat32(at + 4 * count)];
      }
      const at = HEADER + 2 * i;
      return [left + Math.max(0, shortAt(view, at)), top + Math.max(0, shortAt(view, at + 2 * count))];
    }),
  );
}

/** As ImageJ reads it: signed, but for what is so far below 0 that a large image must be meant. */
function shortAt(view: DataView, at: number): number {
  const signed = view.getInt16(at);
  return signed < -5000 ? view.getUint16(at) : signed;
}

/** A RoiSet.zip for ImageJ's ROI Manager. */
export async function writeRoiSet(
  outlines: readonly { points: Outline }[],
  names: { one: string },
  factor: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const { zipSync } = await import("fflate");
  const files = outlines.map(({ points }, at) => {
    const name = `${names.one} ${at + 1}`;
    return [`${name}.roi`, writeRoi(points, name, factor)];
  });
  return new Uint8Array(zipSync(Object.fromEntries(files)));
}

/** The .roi files of an archive. Piece by piece, so that one whose sizes are lies is left before it fills the memory. */
async function unzipped(bytes: Uint8Array): Promise<Result<Uint8Array[], string>> {
  if (bytes.length > MOST_BYTES) return fail(TOO_LARGE);
  const { Unzip, UnzipInflate } = await import("fflate");
  const files: { chunks: Uint8Array[]; isWhole: boolean }[] = [];
  let entries = 0;
  let unpacked = 0;
  const unzip = new Unzip((entry) => {
    entries++;
    if (entries > MOST_OUTLINES || !/\.roi$/i.test(entry.name)) return;
    const file = { chunks: [] as Uint8Array[], isWhole: false };
    files.push(file);
    entry.ondata = (error, chunk, isLast) => {
      if (error !== null) throw error;
      unpacked += chunk.length;
      file.chunks.push(chunk);
      file.isWhole = isLast;
    };
    entry.start();
  });
  unzip.register(UnzipInflate);
  try {
    for (let at = 0; at < bytes.length; at += AT_ONCE) {
      unzip.push(bytes.subarray(at, at + AT_ONCE), at + AT_ONCE >= bytes.length);
      if (entries > MOST_OUTLINES) return fail(`The archive has more than ${MOST_OUTLINES} files.`);
      if (unpacked > MOST_BYTES) return fail(TOO_LARGE);
    }
  } catch {
    return fail(DAMAGED);
  }
  return files.every(({ isWhole }) => isWhole)
    ? ok(files.map(({ chunks }) => joined(chunks)))
    : fail(DAMAGED);
}

const TOO_LARGE = "The archive is larger than 10 MB, packed or unpacked.";
const DAMAGED = "The ZIP archive is damaged.";

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
