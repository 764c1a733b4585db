import { readFileSync } from "node:fs";
import fc from "fast-check";
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import type { Outline } from "./outline";
import { asKept } from "./record";
import { readRoiFile, writeRoi, writeRoiSet } from "./roi";

const outlines = fc
  .record({
    x: fc.double({ min: -20, max: 5000, noNaN: true }),
    y: fc.double({ min: -20, max: 5000, noNaN: true }),
    radii: fc.array(fc.double({ min: 8, max: 40, noNaN: true }), { minLength: 3, maxLength: 60 }),
  })
  .map(({ x, y, radii }): Outline => {
    const turn = (at: number) => (2 * Math.PI * at) / radii.length;
    return asKept(radii.map((r, at) => [x + r * Math.cos(turn(at)), y + r * Math.sin(turn(at))]));
  });

const setOf = (outlines: readonly Outline[]) => outlines.map((points) => ({ points }));

function taken<T>(result: { ok: true; value: T } | { ok: false; error: string }): T {
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

function farthest(a: Outline, b: Outline): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return Math.max(
    ...a.flatMap(([x, y], i) => [Math.abs(x - (b[i]?.[0] ?? 0)), Math.abs(y - (b[i]?.[1] ?? 0))]),
  );
}

const NEITHER = "The file is neither a selection of ImageJ nor a ZIP archive of such.";

const SQUARE: Outline = [
  [9.5, 19.5],
  [29.5, 19.5],
  [29.5, 49.5],
];

/** A file as ImageJ writes one without parts of pixels: its corner, then the points from there. */
function whole(
  settings: { type?: number; version?: number; options?: number; shapeSize?: number; count?: number } = {},
) {
  const { type = 0, version = 228, options = 0, shapeSize = 0, count = 3 } = settings;
  const view = new DataView(new ArrayBuffer(64 + 12 + 64));
  for (const [at, code] of [73, 111, 117, 116].entries()) view.setUint8(at, code);
  view.setInt16(4, version);
  view.setUint8(6, type);
  for (const [at, value] of [20, 10, 50, 30, count].entries()) view.setInt16(8 + 2 * at, value);
  view.setInt32(36, shapeSize);
  view.setInt16(50, options);
  for (const [at, value] of [0, 20, 20, 0, 0, 30].entries()) view.setInt16(64 + 2 * at, value);
  return new Uint8Array(view.buffer);
}

describe("a .roi file", () => {
  it("comes back as it was, at whatever scale the image was measured", async () => {
    await fc.assert(
      fc.asyncProperty(outlines, fc.double({ min: 0.05, max: 20, noNaN: true }), async (points, factor) => {
        const { outlines: back, ...rest } = taken(await readRoiFile(writeRoi(points, "one", factor), factor));
        expect(rest).toEqual({ sha256: null, leftOut: [] });
        expect(back.map((one) => farthest(one.points, points) < 0.001)).toEqual([true]);
      }),
    );
  });

  it("has the points, the bounds and the name where ImageJ looks for them", () => {
    const bytes = writeRoi(SQUARE, "Zelle ü 1", 2);
    const view = new DataView(bytes.buffer);
    expect(String.fromCharCode(...bytes.subarray(0, 4))).toBe("Iout");
    expect([4, 8, 10, 12, 14, 16, 50].map((at) => view.getInt16(at))).toEqual([227, 10, 5, 25, 15, 3, 128]);
    expect(view.getUint8(6)).toBe(0);
    expect([0, 1, 2, 3, 4, 5].map((i) => view.getInt16(64 + 2 * i))).toEqual([0, 10, 10, 0, 0, 15]);
    expect([0, 1, 2, 3, 4, 5].map((i) => view.getFloat32(76 + 4 * i))).toEqual([5, 15, 15, 10, 10, 25]);
    const header2 = view.getInt32(60);
    const [at, length] = [view.getInt32(header2 + 16), view.getInt32(header2 + 20)];
    expect(header2).toBe(64 + 3 * 12);
    expect(Array.from({ length }, (_, i) => String.fromCharCode(view.getUint16(at + 2 * i))).join("")).toBe(
      "Zelle ü 1",
    );
    expect(bytes.length).toBe(at + 2 * length);
  });

  it.each([
    ["a polygon", {}],
    ["drawn freehand", { type: 7 }],
    ["traced", { type: 8 }],
    ["of a version that knew no parts of pixels", { version: 217, options: 128 }],
  ])("in whole pixels may be %s", async (_, settings) => {
    expect(taken(await readRoiFile(whole(settings), 1)).outlines).toEqual([
      { points: SQUARE, state: "as drawn", isDark: true },
    ]);
  });

  it.each([
    ["another file", new TextEncoder().encode("Iou".padEnd(100)), NEITHER],
    ["nothing", new Uint8Array(), NEITHER],
    ["its start alone", whole().subarray(0, 63), NEITHER],
    [
      "a rectangle",
      whole({ type: 1 }),
      "The selection is no polygon, nor one that was drawn freehand or traced.",
    ],
    [
      "a composite",
      whole({ shapeSize: 9 }),
      "The selection is no polygon, nor one that was drawn freehand or traced.",
    ],
    [
      "a spline",
      whole({ options: 1 }),
      "The selection is a spline: ImageJ makes points of it by Edit › Selection › Interpolate.",
    ],
    ["more points than it has", whole({ count: 65535 }), "The file ends before its last point."],
    ["fewer floats than points", whole({ options: 128, count: 7 }), "The file ends before its last point."],
    [
      "two points",
      whole({ count: 2 }),
      "The file has no outline that can be taken. 1 shape has fewer than three points and was left out.",
    ],
  ])("of %s is refused", async (_, bytes, error) => {
    expect(await readRoiFile(bytes, 1)).toEqual({ ok: false, error });
  });

  it("with a point that is no number is refused", async () => {
    const bytes = writeRoi(SQUARE, "", 1);
    new DataView(bytes.buffer).setFloat32(76, Number.NaN);
    expect(await readRoiFile(bytes, 1)).toEqual({
      ok: false,
      error:
        "The file has no outline that can be taken. 1 shape has points that are no places on an image, and was left out.",
    });
  });

  it("of any bytes is answered", async () => {
    const bytes = fc
      .tuple(fc.uint8Array({ maxLength: 400 }), fc.boolean())
      .map(([any, hasStart]) =>
        hasStart ? Uint8Array.of(73, 111, 117, 116, 0, 227, 0, ...any.subarray(7)) : any,
      );
    await fc.assert(
      fc.asyncProperty(bytes, async (any) => {
        const read = await readRoiFile(any, 1);
        expect(
          read.ok
            ? read.value.outlines.flatMap(({ points }) => points.flat()).every(Number.isFinite)
            : read.error.endsWith("."),
        ).toBe(true);
      }),
    );
  });
});

describe("a RoiSet.zip", () => {
  it("comes back as it was, in its order", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(outlines, { minLength: 1, maxLength: 12 }),
        fc.double({ min: 0.05, max: 20, noNaN: true }),
        async (points, factor) => {
          const bytes = await writeRoiSet(setOf(points), { one: "cell" }, factor);
          const { outlines: back, ...rest } = taken(await readRoiFile(bytes, factor));
          expect(rest).toEqual({ sha256: null, leftOut: [] });
          expect(back.length).toBe(points.length);
          for (const [at, one] of points.entries())
            expect(farthest(back[at]?.points ?? [], one)).toBeLessThan(0.001);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("says what of it is no polygon, and passes over files that are no selections", async () => {
    const bytes = zipSync({
      "a.roi": whole(),
      "b.ROI": whole({ type: 1 }),
      "readme.txt": whole({ type: 1 }),
    });
    expect(await readRoiFile(bytes, 1)).toEqual({
      ok: true,
      value: {
        outlines: [{ points: SQUARE, state: "as drawn", isDark: true }],
        sha256: null,
        leftOut: ["1 shape is no polygon and was left out."],
      },
    });
  });

  it("that ImageJ 1.52i wrote is read: polygon, freehand, traced and ellipse, with parts of pixels and without", async () => {
    const bytes = new Uint8Array(readFileSync("lib/measure/fixtures/imagej-RoiSet.zip"));
    const { outlines: read, leftOut } = taken(await readRoiFile(bytes, 1));
    const fine: Outline = [
      [9.75, 20.25],
      [30, 20],
      [30, 49.75],
      [9.625, 49.5],
    ];
    const coarse: Outline = [...SQUARE, [9.5, 49.5]];
    expect(read.slice(0, 4).map(({ points }) => points)).toEqual([fine, coarse, fine, coarse]);
    expect(read.slice(4).map(({ points }) => points.length)).toEqual([72]);
    // A rectangle, an oval, a composite, a line and a spline.
    expect(leftOut).toEqual(["5 shapes are no polygons and were left out."]);
  });

  it("may be stored without being packed", async () => {
    const { outlines: back } = taken(await readRoiFile(zipSync({ "a.roi": whole() }, { level: 0 }), 1));
    expect(back.map(({ points }) => points)).toEqual([SQUARE]);
  });

  const zeros = (count: number, size: number) =>
    zipSync(Object.fromEntries(Array.from({ length: count }, (_, i) => [`${i}.roi`, new Uint8Array(size)])));
  const tooLarge = "The archive is larger than 10 MB, packed or unpacked.";
  const cut = zipSync({ "a.roi": whole(), "b.roi": whole() });

  it.each([
    ["no selection", zipSync({ "readme.txt": whole() }), "The file has no outline that can be taken."],
    ["more than 200 files", zeros(201, 1), "The archive has more than 200 files."],
    ["10 MB of zeros", zeros(11, 1_000_000), tooLarge],
    ["30 MB of zeros in one file", zeros(1, 30_000_000), tooLarge],
    ["more than 10 MB", Uint8Array.from({ length: 10_000_001 }, (_, i) => (i === 0 ? 0x50 : 0x4b)), tooLarge],
    ["half of it", cut.subarray(0, 60), "The ZIP archive is damaged."],
  ])("of %s is refused", async (_, bytes, error) => {
    expect(await readRoiFile(bytes, 1)).toEqual({ ok: false, error });
  });

  it("with sizes that are lies fills no memory", async () => {
    const bytes = zeros(1, 30_000_000);
    // The size unpacked, in the entry's header and in the directory at the end.
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    view.setUint32(22, 100, true);
    view.setUint32(view.getUint32(bytes.length - 6, true) + 24, 100, true);
    expect(await readRoiFile(bytes, 1)).toEqual({ ok: false, error: tooLarge });
  });

  it("with any byte changed is answered", async () => {
    const bytes = await writeRoiSet(setOf([SQUARE, SQUARE]), { one: "cell" }, 1);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), async (at, value) => {
        const read = await readRoiFile(bytes.with(at, value), 1);
        expect(read.ok || read.error.endsWith(".")).toBe(true);
      }),
    );
  });
});
