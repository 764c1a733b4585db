/** What a file says that it is; the size where it says that too. */
export type ImageHeader = {
  kind: "png" | "jpeg" | "webp" | "bmp" | "tiff" | "other";
  size: { width: number; height: number } | null;
  /** What a file is called that is no picture that can be opened here; null where nothing is known. */
  otherName: string | null;
};

const text = (bytes: Uint8Array, from: number, to: number) =>
  String.fromCharCode(...bytes.subarray(from, to));

/**
 * Reads the head of a file, so that a picture too large to be decoded is refused before it fills the memory. Never throws: what
 * is not known is left to the decoder.
 */
export function readImageHeader(bytes: Uint8Array): ImageHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const is = (kind: ImageHeader["kind"], size: ImageHeader["size"] = null): ImageHeader => ({
    ...{ kind, size },
    otherName: null,
  });
  const start = text(bytes, 0, 12);
  if (start.startsWith("\x89PNG")) return is("png", bytes.length < 24 ? null : sizeAt(view, 16));
  if (start.startsWith("\xff\xd8")) return is("jpeg", jpegSize(view));
  if (start.startsWith("RIFF") && start.endsWith("WEBP")) return is("webp", webpSize(view));
  if (start.startsWith("BM")) return is("bmp", bytes.length < 26 ? null : bmpSize(view));
  if (/^(II[*+]\0|MM\0[*+])/.test(start)) return is("tiff");
  return { kind: "other", size: null, otherName: otherName(bytes, start) };
}

function otherName(bytes: Uint8Array, start: string): string | null {
  if (start.startsWith("GIF8")) return "GIF";
  if (start.slice(4, 8) === "ftyp")
    return /^avi[fs]/.test(text(bytes, 8, 12))
      ? "AVIF"
      : /heic|heix|mif1/.test(text(bytes, 8, 32))
        ? "HEIC"
        : null;
  if (start.startsWith("%PDF")) return "PDF";
  if (text(bytes, 128, 132) === "DICM") return "DICOM";
  if (/^\s*(<\?xml|<svg)/.test(text(bytes, 0, 64))) return "SVG";
  return start.startsWith("PK") ? "ZIP" : null;
}

const sizeAt = (view: DataView, at: number) => ({
  width: view.getUint32(at),
  height: view.getUint32(at + 4),
});

const bmpSize = (view: DataView) => ({
  width: Math.abs(view.getInt32(18, true)),
  height: Math.abs(view.getInt32(22, true)),
});

/** The frame header is behind segments of any length. */
function jpegSize(view: DataView): ImageHeader["size"] {
  let at = 2;
  while (at + 9 < view.byteLength) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    at += 2 + Math.max(2, view.getUint16(at + 2));
  }
  return null;
}

function webpSize(view: DataView): ImageHeader["size"] {
  if (view.byteLength < 30) return null;
  const uint24 = (at: number) => view.getUint16(at, true) + 65_536 * view.getUint8(at + 2);
  switch (view.getUint32(12)) {
    case 0x56503858: // VP8X
      return { width: uint24(24) + 1, height: uint24(27) + 1 };
    case 0x56503820: // VP8, lossy
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
    case 0x5650384c: {
      // VP8L, without loss
      const bits = view.getUint32(21, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
    }
    default:
      return null;
  }
}

/**
 * Whether a file goes on to its end. A browser may decode what there is of a file that was cut off, and leave the rest of the
 * picture empty (Firefox does): outlines would be measured on it. A TIFF and a WebP are judged by what decodes them.
 */
export function isWhole(kind: ImageHeader["kind"], bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (kind === "png") return pngEnds(view);
  if (kind === "jpeg") return jpegEnds(bytes, view);
  return kind !== "bmp" || (bytes.length > 6 && view.getUint32(2, true) <= bytes.length);
}

/** From chunk to chunk: its data's length, its name, the data and a checksum. */
function pngEnds(view: DataView): boolean {
  let at = 8;
  while (at + 8 <= view.byteLength) {
    if (view.getUint32(at + 4) === 0x49454e44) return true; // IEND
    at += 12 + view.getUint32(at);
  }
  return false;
}

/** From marker to marker, through segments with a length and the scans between them, to the end of the image. */
function jpegEnds(bytes: Uint8Array, view: DataView): boolean {
  let at = bytes.indexOf(0xff, 2);
  while (at !== -1 && at + 2 <= bytes.length) {
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xd9) return true;
    if (marker === 0xff)
      at += 1; // A marker may have more of these before it.
    else if (marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd7))
      at += 2; // A value of a scan, or a restart in it.
    else if (at + 4 > bytes.length) return false;
    else at += 2 + view.getUint16(at + 2);
    at = bytes.indexOf(0xff, at);
  }
  return false;
}
