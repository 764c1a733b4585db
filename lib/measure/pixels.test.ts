import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { greyBytes, greyInto, resized } from "./pixels";

const images = fc
  .record({ width: fc.integer({ min: 1, max: 24 }), height: fc.integer({ min: 1, max: 24 }) })
  .chain(({ width, height }) =>
    fc
      .array(fc.integer({ min: 0, max: 255 }), { minLength: width * height, maxLength: width * height })
      .map((data) => ({ width, height, data: Float32Array.from(data) })),
  );
const mean = (data: ArrayLike<number>) =>
  Array.from(data).reduce((sum, value) => sum + value, 0) / data.length;

describe("grey", () => {
  const pixel = [200, 100, 50, 255];

  it("is the sum of the weighted colours, or one of them", () => {
    for (const [choice, value] of [
      ["luminance", 0.299 * 200 + 0.587 * 100 + 0.114 * 50],
      ["red", 200],
      ["green", 100],
      ["blue", 50],
    ] as const) {
      const grey = new Float32Array(2);
      greyInto(grey, pixel, choice, { start: 1 });
      expect(grey[0]).toBe(0);
      expect(grey[1]).toBeCloseTo(value, 4);
    }
  });

  it("is the same from a grey number, from three equal ones, and from 16 bits of 8", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), (value) => {
        const read = (pixels: number[], samples: number, scale = 1) => {
          const grey = new Float32Array(1);
          greyInto(grey, pixels, "luminance", { samples, scale });
          return grey[0];
        };
        expect(read([value], 1)).toBe(value);
        expect(read([value, value, value], 3)).toBeCloseTo(value, 4);
        expect(read([257 * value], 1, 255 / 65_535)).toBeCloseTo(value, 4);
      }),
    );
  });

  it("lies over white where a pixel is transparent", () => {
    const grey = new Float32Array(3);
    greyInto(grey, [0, 0, 0, 0, 0, 0, 0, 255, 0, 0, 0, 51], "luminance");
    expect([...grey]).toEqual([255, 0, 204]);
  });
});

describe("resizing", () => {
  it("by 1 gives the image itself, and keeps one colour one colour at any factor", () => {
    fc.assert(
      fc.property(images, fc.integer({ min: 1, max: 40 }), fc.nat(255), (image, tenths, value) => {
        expect(resized(image, 1)).toBe(image);
        const even = { ...image, data: new Float32Array(image.data.length).fill(value) };
        const { width, height, data } = resized(even, tenths / 10);
        expect([width, height]).toEqual([
          Math.max(1, Math.round((image.width * tenths) / 10)),
          Math.max(1, Math.round((image.height * tenths) / 10)),
        ]);
        for (const one of Array.from(data)) expect(one).toBeCloseTo(value, 2);
      }),
    );
  });

  it("to a half is the mean of four pixels", () => {
    const image = { width: 4, height: 2, data: [0, 100, 8, 8, 200, 100, 8, 16] };
    expect(Array.from(resized(image, 0.5).data)).toEqual([100, 10]);
  });

  it("keeps the mean where pixels are shared out whole", () => {
    fc.assert(
      fc.property(images, fc.constantFrom(1 / 2, 1 / 3), (image, factor) => {
        fc.pre(image.width % 6 === 0 && image.height % 6 === 0);
        expect(mean(resized(image, factor).data)).toBeCloseTo(mean(image.data), 2);
      }),
    );
  });

  it("to twice goes through a ramp in a straight line, away from the rim, and stays within black and white", () => {
    const width = 12;
    const ramp = { width, height: 1, data: Array.from({ length: width }, (_, x) => 10 * x) };
    const twice = resized(ramp, 2).data;
    // The first pixel of the new image lies a quarter of an old one before the old first.
    for (let x = 4; x < 20; x++) expect(twice[x]).toBeCloseTo(10 * ((x + 0.5) / 2 - 0.5), 4);
    fc.assert(
      fc.property(images, (image) => {
        for (const value of Array.from(resized(image, 2.5).data))
          expect(value >= 0 && value <= 255).toBe(true);
      }),
    );
  });
});

it("hashes grey values in 1/256, low byte first", () => {
  expect([...greyBytes({ width: 3, height: 1, data: [0, 1.5, 255] })]).toEqual([0, 0, 128, 1, 0, 255]);
});
