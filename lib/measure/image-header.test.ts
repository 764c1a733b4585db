import { readFileSync } from "node:fs";
import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { isWhole, readImageHeader } from "./image-header";

const bytes = (...parts: (string | number[])[]) =>
  Uint8Array.from(
    parts.flatMap((part) => (typeof part === "string" ? [...part].map((char) => char.charCodeAt(0)) : part)),
  );
const zeros = (count: number) => Array.from({ length: count }, () => 0);

describe("the head of a file", () => {
  it("says what it is and how large", () => {
    expect(readImageHeader(readFileSync("public/icon-192.png"))).toEqual({
      kind: "png",
      size: { width: 192, height: 192 },
      otherName: null,
    });
    const jpeg = bytes(
      [0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xc2, 0, 17, 8, 0x10, 0, 0x20, 1, 3],
      zeros(8),
    );
    expect(readImageHeader(jpeg)).toMatchObject({ kind: "jpeg", size: { width: 8193, height: 4096 } });
    const bmp = bytes("BM", zeros(16), [0x40, 1, 0, 0, 0x10, 0xff, 0xff, 0xff], zeros(8));
    expect(readImageHeader(bmp)).toMatchObject({ kind: "bmp", size: { width: 320, height: 240 } });
    const webp = bytes("RIFF", zeros(4), "WEBPVP8X", zeros(8), [0xff, 0x1f, 0, 0xff, 0x0f, 0]);
    expect(readImageHeader(webp)).toMatchObject({ kind: "webp", size: { width: 8192, height: 4096 } });
    const lossy = bytes("RIFF", zeros(4), "WEBPVP8 ", zeros(10), [0x40, 1, 0xf0, 0]);
    expect(readImageHeader(lossy)).toMatchObject({ kind: "webp", size: { width: 320, height: 240 } });
    for (const start of ["II*\0", "MM\0*"])
      expect(readImageHeader(bytes(start, zeros(20)))).toMatchObject({ kind: "tiff", size: null });
  });

  it("says what a file is that is no picture", () => {
    for (const [start, name] of [
      ["%PDF-1.7", "PDF"],
      ["<svg xmlns=", "SVG"],
      ["<?xml version", "SVG"],
      ["PK\x03\x04", "ZIP"],
      ["\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"],
      ["\0\0\0\x18ftypavif\0\0\0\0mif1avif", "AVIF"],
      ["GIF89a", "GIF"],
    ] as const) {
      expect(readImageHeader(bytes(start, zeros(40))).otherName).toBe(name);
    }
    expect(readImageHeader(bytes(zeros(128), "DICM")).otherName).toBe("DICOM");
  });

  it("is read whatever the bytes are", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("", "\x89PNG", "\xff\xd8\xff", "RIFF1234WEBPVP8L", "RIFF1234WEBPVP8 ", "BM", "II*\0"),
        fc.uint8Array({ maxLength: 60 }),
        (start, rest) => {
          const { kind, size } = readImageHeader(bytes(start, [...rest]));
          isWhole(kind, bytes(start, [...rest]));
          expect(size === null || (size.width >= 0 && size.height >= 0)).toBe(true);
        },
      ),
    );
  });
});

describe("the end of a file", () => {
  const noise = sharp(
    Uint8Array.from({ length: 60 * 40 }, (_, i) => (i * 7_919 + ((i * i) % 251)) % 256),
    { raw: { width: 60, height: 40, channels: 1 } },
  );
  const bmp = bytes("BM", [100, 0, 0, 0], zeros(94));

  it.each([
    // The last chunk's checksum may be missing: nothing hangs on it.
    { is: "a PNG", kind: "png", made: () => noise.clone().png().toBuffer(), spare: 4 },
    { is: "a JPEG", kind: "jpeg", made: () => noise.clone().jpeg().toBuffer(), spare: 0 },
    {
      is: "a JPEG of several scans, with an end mark in a note",
      kind: "jpeg",
      made: () =>
        noise
          .clone()
          .withExif({ IFD0: { Copyright: "\xff\xd9" } })
          .jpeg({ progressive: true })
          .toBuffer(),
      spare: 0,
    },
    { is: "a BMP", kind: "bmp", made: async () => Buffer.from(bmp), spare: 0 },
  ] as const)("is missed wherever a file is cut off: $is", async ({ kind, made, spare }) => {
    const file = await made();
    expect(isWhole(kind, file)).toBe(true);
    expect(isWhole(kind, Buffer.concat([file, Buffer.from("more")]))).toBe(true);
    for (let length = 0; length < file.length - spare; length++)
      expect(isWhole(kind, file.subarray(0, length)), `${length} of ${file.length} bytes`).toBe(false);
  });
});
