import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { measureShape, PROPERTIES } from "./features";
import { readGeoJson, writeGeoJson } from "./geojson";
import type { Outline } from "./outline";
import {
  asKept,
  type MeasuredOutline,
  type MeasurementRecord,
  MOST_OUTLINES,
  OUTLINE_STATES,
} from "./record";

const SHA256 = "0123456789abcdef".repeat(4);

/** Without -0, which JSON does not know. */
const unsigned = (points: Outline): Outline => points.map(([x, y]) => [x + 0, y + 0]);

/** An outline around a place, as it is kept, with the numbers it has. */
const outlines = fc
  .record({
    x: fc.double({ min: -20, max: 5000, noNaN: true }),
    y: fc.double({ min: -20, max: 5000, noNaN: true }),
    radii: fc.array(fc.double({ min: 8, max: 40, noNaN: true }), { minLength: 3, maxLength: 60 }),
    state: fc.constantFrom(...OUTLINE_STATES),
    isDark: fc.boolean(),
    edgeQuality: fc.double({ min: 0, max: 1, noNaN: true }),
    texture: fc.option(fc.double({ min: 0, max: 99, noNaN: true })),
  })
  .map(({ x, y, radii, state, isDark, edgeQuality, texture }): MeasuredOutline => {
    const turn = (at: number) => (2 * Math.PI * at) / radii.length;
    const points = unsigned(
      asKept(radii.map((r, at) => [x + r * Math.cos(turn(at)), y + r * Math.sin(turn(at))])),
    );
    const { plainSmoothness, snakePoints: _, ...shape } = measureShape(points);
    return { points, state, isDark, edgeQuality, values: { ...shape, texture }, plainSmoothness };
  });

const recordOf = (factor: number, measured: readonly MeasuredOutline[]): MeasurementRecord => ({
  algorithm: "1",
  image: {
    ...{ sha256: SHA256, greySha256: "f".repeat(64), type: "image/png" },
    ...{ width: 360, height: 270, factor, grey: "green" },
  },
  outlines: measured,
});

const SQUARE = [
  [10, 10],
  [30, 10],
  [30, 30],
  [10, 30],
  [10, 10],
];
const polygon = (...rings: unknown[]) => ({ type: "Polygon", coordinates: rings });
const feature = (geometry: unknown, properties: unknown = {}) => ({ type: "Feature", geometry, properties });
const collection = (...features: unknown[]) => ({ type: "FeatureCollection", features });

function read(json: unknown, factor = 1) {
  const result = readGeoJson(typeof json === "string" ? json : JSON.stringify(json), factor);
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

function errorOf(json: unknown): string {
  const result = readGeoJson(typeof json === "string" ? json : JSON.stringify(json), 1);
  if (result.ok) throw new Error("It was taken.");
  return result.error;
}

describe("a record", () => {
  it("comes back as it was, at whatever scale the image was measured", () => {
    fc.assert(
      fc.property(
        fc.array(outlines, { minLength: 1, maxLength: 4 }),
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        (measured, factor) => {
          const {
            sha256,
            leftOut,
            outlines: back,
          } = read(writeGeoJson(recordOf(factor, measured), { one: "cell" }), factor);
          expect({ sha256, leftOut }).toEqual({ sha256: SHA256, leftOut: [] });
          expect(back.map(({ points }) => unsigned(asKept(points)))).toEqual(
            measured.map(({ points }) => points),
          );
          for (const [at, { points }] of back.entries())
            expect(farthest(points, measured[at]?.points)).toBeLessThan(0.005);
          expect(back.map(({ state, isDark }) => [state, isDark])).toEqual(
            measured.map(({ state, isDark }) => [state, isDark]),
          );
        },
      ),
    );
  });

  it("is written in the file's pixels from its corner on, with the image's facts and the numbers", () => {
    const [measured] = fc.sample(outlines, 1) as [MeasuredOutline];
    const points: Outline = [
      [-0.5, -0.5],
      [19.5, -0.5],
      [19.5, 39.5],
    ];
    const text = writeGeoJson(
      recordOf(2, [{ ...measured, points, values: { ...measured.values, texture: null } }]),
      { one: "cell" },
    );
    const { image, features } = JSON.parse(text);
    expect(image).toEqual({
      ...{ sha256: SHA256, greySha256: "f".repeat(64), width: 360, height: 270 },
      ...{ factor: 2, grey: "green", algorithm: "1" },
    });
    expect(features[0].geometry).toEqual(
      polygon([
        [0, 0],
        [10, 0],
        [10, 20],
        [0, 0],
      ]),
    );
    expect(features[0].properties.name).toBe("cell 1");
    expect(Object.keys(features[0].properties.measurements)).toEqual(
      PROPERTIES.filter((key) => key !== "texture"),
    );
    expect(features[0].properties.measurements.radius).toBe(measured.values.radius);
  });

  it("without outlines is a collection without features", () => {
    expect(JSON.parse(writeGeoJson(recordOf(1, []), { one: "cell" })).features).toEqual([]);
  });
});

const farthest = (a: Outline, b: Outline = []) =>
  a.length === b.length
    ? Math.max(
        ...a.flatMap(([x, y], i) => [
          Math.abs(x - (b[i]?.[0] as number)),
          Math.abs(y - (b[i]?.[1] as number)),
        ]),
      )
    : Number.POSITIVE_INFINITY;

describe("a file of another program", () => {
  const corners = [
    [9.5, 9.5],
    [29.5, 9.5],
    [29.5, 29.5],
    [9.5, 29.5],
  ];

  it.each([
    ["a collection", collection(feature(polygon(SQUARE)))],
    ["a feature", feature(polygon(SQUARE))],
    ["a list of features", [feature(polygon(SQUARE))]],
    ["a geometry", polygon(SQUARE)],
    ["a feature without properties", feature(polygon(SQUARE), null)],
    ["a third coordinate", feature(polygon(SQUARE.map((point) => [...point, 7])))],
    ["points that are there twice", polygon(SQUARE.flatMap((point) => [point, point]))],
    ["an open ring", polygon(SQUARE.slice(0, -1))],
    ["a state that nobody knows", feature(polygon(SQUARE), { state: "perfect", isDark: "yes" })],
  ])("may be %s", (_, json) => {
    expect(read(json)).toEqual({
      outlines: [{ points: corners, state: "as drawn", isDark: true }],
      sha256: null,
      leftOut: [],
    });
  });

  it("gives an outline for each part of a MultiPolygon, and says where holes were", () => {
    const json = feature(
      { type: "MultiPolygon", coordinates: [[SQUARE, SQUARE], [SQUARE]] },
      { isDark: false },
    );
    const { outlines: taken, leftOut } = read(json);
    expect(taken.map(({ isDark }) => isDark)).toEqual([false, false]);
    expect(leftOut).toEqual(["1 shape has holes, which were left out."]);
  });

  it("says what of it was left out, and why", () => {
    const json = collection(
      feature(polygon(SQUARE)),
      ...[feature({ type: "Point", coordinates: [1, 2] }), feature(null), 7],
      feature(
        polygon([
          [1, 2],
          [3, "4"],
          [5, 6],
        ]),
      ),
      feature(
        polygon([
          [1, 2],
          [3, 4],
          [1, 2],
        ]),
      ),
    );
    expect(read(json).leftOut).toEqual([
      "3 shapes are no polygons and were left out.",
      "1 shape has points that are no places on an image, and was left out.",
      "1 shape has fewer than three points and was left out.",
    ]);
  });

  it("is taken up to the most that is kept", () => {
    const many = Array.from({ length: MOST_OUTLINES + 2 }, () => feature(polygon(SQUARE)));
    const circle = Array.from({ length: 100_000 }, (_, i) => [
      50 + 20 * Math.cos((2 * Math.PI * i) / 100_000),
      50 + 20 * Math.sin((2 * Math.PI * i) / 100_000),
    ]);
    const { outlines: taken, leftOut } = read(collection(feature(polygon(circle)), ...many));
    expect(taken.length).toBe(MOST_OUTLINES);
    expect(taken[0]?.points.length).toBe(400);
    expect(leftOut).toEqual([
      "3 shapes were left out after the first 200.",
      "1 shape had more than 400 points and has 400 now.",
    ]);
  });

  it.each([
    ["not a hash", null],
    [SHA256.toUpperCase(), SHA256],
    [7, null],
    [{ toString: "x" }, null],
  ])("has the image's hash only where it is one: %s", (sha256, expected) => {
    expect(read({ ...collection(feature(polygon(SQUARE))), image: { sha256 } }).sha256).toBe(expected);
  });
});

describe("a file that is none", () => {
  const none = "The file has no outline that can be taken.";
  it.each([
    ["", "The file is no GeoJSON: it cannot be read as JSON."],
    ["[".repeat(200_000) + "]".repeat(200_000), `${none} 1 shape is no polygon and was left out.`],
    [
      `${'{"type":"GeometryCollection","geometries":['.repeat(50_000)}`,
      "The file is no GeoJSON: it cannot be read as JSON.",
    ],
    ["null", "The file is no GeoJSON: it has neither features nor a geometry."],
    [
      '{"type":"FeatureCollection","features":{"length":3}}',
      "The file is no GeoJSON: it has neither features nor a geometry.",
    ],
    [
      '{"__proto__":{"type":"FeatureCollection","features":[]}}',
      "The file is no GeoJSON: it has neither features nor a geometry.",
    ],
    ['{"type":"constructor","coordinates":[]}', `${none} 1 shape is no polygon and was left out.`],
    ["[]", none],
    [" ".repeat(20_000_001), "The file is larger than 20 MB."],
  ])("is refused with a sentence: %#", (text, error) => expect(errorOf(text)).toBe(error));

  it.each(["1e999", "-1e999", "1e300", "null", '"1"', "[1]", "{}"])(
    "is refused for the coordinate %s",
    (value) => {
      const text = JSON.stringify(polygon(SQUARE)).replaceAll("30", value);
      expect(errorOf(text)).toBe(
        `${none} 1 shape has points that are no places on an image, and was left out.`,
      );
    },
  );

  it("never does anything but answer", () => {
    const geometry = fc.record({
      type: fc.oneof(fc.constantFrom("Polygon", "MultiPolygon", "__proto__"), fc.jsonValue()),
      coordinates: fc.jsonValue({ maxDepth: 5 }),
    });
    const anything = fc.oneof(
      fc.jsonValue(),
      geometry,
      fc.record({ type: fc.constant("FeatureCollection"), features: fc.jsonValue(), image: fc.jsonValue() }),
      fc.array(fc.record({ geometry, properties: fc.jsonValue() })),
    );
    fc.assert(
      fc.property(anything, fc.double({ min: 0.01, max: 100, noNaN: true }), (json, factor) => {
        const result = readGeoJson(JSON.stringify(json), factor);
        if (!result.ok) expect(result.error).toMatch(/^The file .*\.$/);
        else {
          for (const { points } of result.value.outlines) {
            expect(points.length).toBeGreaterThan(2);
            expect(points.flat().every(Number.isFinite)).toBe(true);
          }
        }
      }),
    );
  });
});
