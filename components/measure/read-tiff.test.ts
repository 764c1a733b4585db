import { describe, expect, it } from "vitest";
import { tiffOf } from "@/test/tiff";
import { readTiff } from "./read-tiff";

const OPTIONS = { grey: "luminance", mostPixels: 1000 } as const;
const GREYS = [0, 1, 77, 128, 254, 255];
const SIZE = { width: 3, height: 2 };

async function read(bytes: ArrayBuffer, options: Parameters<typeof readTiff>[1] = OPTIONS) {
  const answer = await readTiff(bytes, options);
  if (!answer.ok) throw new Error(answer.error);
  return answer.value;
}

describe("a TIFF", () => {
  it("gives the same grey from 8 and 16 bits, either order of bytes, and from equal colours", async () => {
    for (const isBigEndian of [false, true]) {
      const whole = { ...SIZE, isBigEndian };
      const tiffs = [
        tiffOf({ ...whole, bits: 8, samples: 1, data: GREYS }),
        tiffOf({ ...whole, bits: 16, samples: 1, data: GREYS.map((grey) => 257 * grey) }),
        tiffOf({ ...whole, bits: 8, samples: 3, data: GREYS.flatMap((grey) => [grey, grey, grey]) }),
      ];
      for (const tiff of tiffs) {
        const { width, height, grey, rgba, note } = await read(tiff);
        expect([width, height, note]).toEqual([3, 2, null]);
        for (const [i, value] of GREYS.entries()) expect(grey[i]).toBeCloseTo(value, 4);
        expect([...rgba.subarray(8, 12)]).toEqual([77, 77, 77, 255]);
      }
    }
  });

  it("keeps what is between two grey values of 8 bits", async () => {
    const { grey } = await read(
      tiffOf({ ...SIZE, bits: 16, samples: 1, data: [257 * 77 + 128, 0, 0, 0, 0, 0] }),
    );
    expect(grey[0]).toBeCloseTo(77.498, 3);
  });

  it("takes one colour where that is chosen", async () => {
    const tiff = tiffOf({ ...SIZE, bits: 8, samples: 3, data: GREYS.flatMap((grey) => [9, grey, 200]) });
    const { grey } = await read(tiff, { ...OPTIONS, grey: "green" });
    expect([...grey]).toEqual(GREYS);
  });

  it("says that it takes the first of several pages", async () => {
    const { note } = await read(tiffOf({ ...SIZE, bits: 8, samples: 1, data: GREYS, pages: 3 }));
    expect(note).toBe("It has 3 pages, of which the first is measured.");
  });

  it("has as many pages as there are, also where they come back to the first", async () => {
    const { note } = await read(
      tiffOf({ ...SIZE, bits: 8, samples: 1, data: GREYS, pages: 2, isCircle: true }),
    );
    expect(note).toBe("It has 2 pages, of which the first is measured.");
  });

  it("is on white where it is transparent, and a further number that is not that changes nothing", async () => {
    const data = GREYS.flatMap((grey) => [grey, grey, grey, 51]);
    const extra = (value: number) =>
      read(tiffOf({ ...SIZE, bits: 8, samples: 4, data, more: [[338, value]] }));
    expect([...(await extra(0)).grey]).toEqual(GREYS);
    const { grey } = await extra(2);
    for (const [i, value] of GREYS.entries()) expect(grey[i]).toBeCloseTo(0.2 * value + 0.8 * 255, 4);
  });

  it.each([
    [
      "in tiles of colours",
      3,
      [
        [322, 16],
        [323, 16],
        [324, 8],
        [325, 8],
      ],
    ],
    [
      "in tiles of differences",
      1,
      [
        [317, 2],
        [322, 16],
        [323, 16],
        [324, 8],
        [325, 8],
      ],
    ],
    ["with each colour apart", 3, [[284, 2]]],
    ["of signed numbers", 1, [[339, 2]]],
    ["without a table of its colours", 1, [[262, 3]]],
    ["with half of its strips", 1, [[278, 1]]],
  ] as const)("is refused where the decoder would read another picture: %s", async (_, samples, more) => {
    const data = GREYS.flatMap((grey) => Array<number>(samples).fill(grey));
    expect(await readTiff(tiffOf({ ...SIZE, bits: 8, samples, data, more }), OPTIONS)).toEqual({
      ok: false,
      error: expect.stringMatching(/^This TIFF cannot be read here: [^.]+\. Save it as PNG/),
    });
  });

  it("is refused before it is decoded where it has too many pixels, and in words where it is damaged", async () => {
    const tiff = tiffOf({ ...SIZE, bits: 8, samples: 1, data: GREYS });
    expect(await readTiff(tiff, { ...OPTIONS, mostPixels: 5 })).toEqual({
      ok: false,
      error: "too many pixels",
    });
    for (const bytes of [
      tiff.slice(0, 9),
      tiff.slice(0, 60),
      new Uint8Array([73, 73, 42, 0, 255, 255, 255, 0]).buffer,
    ]) {
      expect(await readTiff(bytes, OPTIONS)).toMatchObject({
        ok: false,
        error: expect.stringMatching(/^This TIFF/),
      });
    }
    const packed = tiffOf({ ...SIZE, bits: 8, samples: 1, data: GREYS, compression: 32_773 });
    expect(await readTiff(packed, OPTIONS)).toMatchObject({
      ok: false,
      error: expect.stringContaining("PackBits"),
    });
  });
});
