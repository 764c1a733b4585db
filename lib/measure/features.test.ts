import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PROPERTIES as OF_TABLE } from "../../tables/wdbc/index";
import { measureShape, PROPERTIES, SHAPE_PROPERTIES, type Shape, shapeOf, textureOf } from "./features";
import { lengthOf, type Outline, type Point } from "./outline";

const TAU = 2 * Math.PI;
type Curve = (angle: number) => number;

/** The outline at a distance from (`x`, `y`) that depends on the angle. */
const around = (radius: Curve, count = 720, [x, y]: Point = [100, 100]): Outline =>
  Array.from({ length: count }, (_, i) => {
    const angle = (TAU * i) / count;
    return [x + radius(angle) * Math.cos(angle), y + radius(angle) * Math.sin(angle)] as const;
  });
const polygon = (count: number, radius: number) => around(() => radius, count);
const ellipse = (a: number, b: number): Outline =>
  polygon(720, 1).map(([x, y]) => [a * (x - 100) + 100, b * (y - 100) + 100]);

/** Evenly spread, which doubles by their bits are not. */
const between = (low: number, high: number) =>
  fc.integer({ min: 0, max: 1000 }).map((part) => low + ((high - low) * part) / 1000);

/** Seven waves around a circle, and one dent. */
const curves = fc
  .record({
    radius: between(12, 26),
    amplitudes: fc.array(between(-1, 1), { minLength: 14, maxLength: 14 }),
    depth: between(0, 0.12),
    place: between(0.5, TAU - 0.5),
  })
  .map(
    ({ radius, amplitudes, depth, place }): Curve =>
      (angle) => {
        const turn = (angle + TAU) % TAU;
        const waves = amplitudes.reduce((sum, amplitude, i) => {
          const wave = 2 + (i >> 1);
          const size = wave === 2 ? 0.08 : 0.05 / wave;
          return sum + size * amplitude * (i % 2 === 0 ? Math.cos : Math.sin)(wave * turn);
        }, 0);
        return radius * (1 + waves - depth * Math.exp(-(((turn - place) / 0.25) ** 2) / 2));
      },
  );

describe("the fixtures", () => {
  const linesOf = (name: string) =>
    readFileSync(new URL(`fixtures/${name}.csv`, import.meta.url), "utf8")
      .trim()
      .split("\n")
      .map((line) => line.split(","));
  const outlines = new Map(
    linesOf("outlines")
      .slice(1)
      .map(([shape = "", points = ""]) => {
        const numbers = points.split(" ").map(Number);
        const pairs = numbers.flatMap((x, i) => (i % 2 === 0 ? [[x, numbers[i + 1] ?? 0] as const] : []));
        return [shape, pairs];
      }),
  );
  const [header = [], ...rows] = linesOf("expected");

  it("are twelve", () => expect([outlines.size, rows.length]).toEqual([12, 12]));

  it.each(rows.map((row) => [row[0] ?? "", row] as const))("%s has its nine numbers", (name, row) => {
    const outline = outlines.get(name) ?? [];
    const shape = row[1] === "true" ? shapeOf(outline, outline) : measureShape(outline);
    const found = { ...shape, smoothness: shape.plainSmoothness };
    expect(found.snakePoints).toBe(Number(row[header.indexOf("snake_points")]));
    for (const property of SHAPE_PROPERTIES) {
      const expected = Number(row[header.indexOf(property)]);
      // Where a number is next to 0, the outline's four decimals are what is seen.
      const off = property === "symmetry" ? 2e-3 : Math.max(1e-4 * expected, 1e-6);
      expect(Math.abs(found[property] - expected), property).toBeLessThanOrEqual(off);
    }
  });
});

describe("closed forms", () => {
  it.each([16, 32, 40, 60])("hold for a regular polygon of %i", (count) => {
    const radius = 0.36 * count;
    const points = polygon(count, radius);
    const shape = shapeOf(points, points);
    const perimeter = 2 * count * radius * Math.sin(Math.PI / count);
    const area = (count / 2) * radius ** 2 * Math.sin(TAU / count);
    expect(shape.radius).toBeCloseTo(radius, 9);
    expect(shape.perimeter).toBeCloseTo(perimeter, 9);
    expect(shape.area).toBeCloseTo(area, 8);
    expect(shape.compactness).toBeCloseTo(perimeter ** 2 / (4 * Math.PI * area) - 1, 9);
    expect(shape.plainSmoothness).toBeCloseTo(0, 9);
    expect([shape.concavity, shape.concave_points]).toEqual([0, 0]);
    expect(shape.symmetry).toBeCloseTo(0, 4);
  });

  it("hold for the fractal dimension of a regular polygon of 40", () => {
    const points = polygon(40, 14.3);
    const chord = (steps: number) => 2 * 14.3 * Math.sin((Math.PI * steps) / 40);
    const logs = [1, 2, 4, 5, 8, 10].map((steps) => [
      Math.log(chord(steps)),
      Math.log((40 / steps) * chord(steps)),
    ]) as [number, number][];
    const mean = (at: 0 | 1) => logs.reduce((sum, log) => sum + log[at], 0) / logs.length;
    const product = (at: 0 | 1) =>
      logs.reduce((sum, log) => sum + (log[0] - mean(0)) * (log[at] - mean(at)), 0);
    const slope = -product(1) / product(0);
    expect(slope).toBeCloseTo(0.041715, 6);
    expect(shapeOf(points, points).fractal_dimension).toBeCloseTo(slope, 9);
  });

  it("hold for one dented point of 40", () => {
    const points = around((angle) => (angle === 0 ? 12.7 : 14.3), 40);
    const depth = (before: number, after: number) => {
      const at = (steps: number): Point => [
        14.3 * Math.cos((TAU * steps) / 40),
        14.3 * Math.sin((TAU * steps) / 40),
      ];
      const [a, b] = [at(-before), at(after)];
      const [x, y] = [b[0] - a[0], b[1] - a[1]];
      return (x * (0 - a[1]) - y * (12.7 - a[0])) / Math.hypot(x, y);
    };
    const depths = (
      [
        [1, 1],
        [1, 2],
        [2, 1],
        [1, 3],
        [2, 2],
        [3, 1],
      ] as const
    ).map(([before, after]) => depth(before, after));
    expect(depths.map((one) => one.toFixed(4))).toEqual([
      "1.4239",
      "1.2440",
      "1.2440",
      "1.0565",
      "0.9001",
      "1.0565",
    ]);
    const shape = shapeOf(points, points);
    expect(shape.concave_points).toBe(1 / 40);
    expect(shape.concavity).toBeCloseTo(depths.reduce((sum, one) => sum + one, 0) / 40, 9);
  });

  it.each([
    [8, 8],
    [12, 12],
    [18, 18],
    [28, 28],
    [15, 10],
    [24, 16],
  ])("hold nearly for an ellipse of %i to %i", (a, b) => {
    const shape = measureShape(ellipse(a, b));
    const h = ((a - b) / (a + b)) ** 2;
    // Ramanujan's second approximation, exact to far more than is asked.
    const length = Math.PI * (a + b) * (1 + (3 * h) / (10 + Math.sqrt(4 - 3 * h)));
    const [ofArea, ofLength] = Math.sqrt(a * b) < 12 ? [0.014, 0.004] : [0.007, 0.002];
    expect(Math.abs(shape.area / (Math.PI * a * b) - 1)).toBeLessThan(ofArea);
    expect(Math.abs(shape.perimeter / length - 1)).toBeLessThan(ofLength);
    expect([shape.concavity, shape.concave_points]).toEqual([0, 0]);
  });
});

describe("turned, shifted, mirrored, run backwards or begun elsewhere, an outline", () => {
  const moves = fc.record({
    angle: between(0, TAU),
    shift: fc.tuple(between(-50, 50), between(-50, 50)),
    start: fc.integer({ min: 0, max: 719 }),
    isMirrored: fc.boolean(),
    isBackwards: fc.boolean(),
  });

  it("keeps its numbers", () => {
    fc.assert(
      fc.property(curves, moves, (curve, { angle, shift, start, isMirrored, isBackwards }) => {
        const outline = around(curve);
        // Where rounding alone decides on two points more or fewer, no number is kept.
        fc.pre(Math.abs(((lengthOf(outline) / 4.5) % 1) - 0.5) > 1e-3);
        const moved = outline.map(([x, y]): Point => {
          const [fromX, fromY] = [(isMirrored ? -1 : 1) * (x - 100), y - 100];
          return [
            fromX * Math.cos(angle) - fromY * Math.sin(angle) + shift[0],
            fromX * Math.sin(angle) + fromY * Math.cos(angle) + shift[1],
          ];
        });
        const begun = [...moved.slice(start), ...moved.slice(0, start)];
        expectAlike(measureShape(outline), measureShape(isBackwards ? begun.reverse() : begun));
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  function expectAlike(a: Shape, b: Shape) {
    expect(b.snakePoints).toBe(a.snakePoints);
    for (const property of ["radius", "perimeter", "area"] as const) {
      expect(Math.abs(b[property] / a[property] - 1), property).toBeLessThan(2e-3);
    }
    const off = (property: keyof Shape) => Math.abs(b[property] - a[property]);
    expect(off("compactness")).toBeLessThan(2e-3);
    expect(off("fractal_dimension")).toBeLessThan(1e-3);
    expect(off("plainSmoothness")).toBeLessThan(0.01);
    // It jumps where two chords are equally long, which is not so in these runs.
    expect(off("symmetry")).toBeLessThan(0.04);
    expect(off("concave_points") * a.snakePoints).toBeLessThan(2.5);
  }
});

it("grows with an outline's scale, and its area with the square", () => {
  fc.assert(
    fc.property(curves, between(1, 2), (curve, scale) => {
      const small = measureShape(around(curve));
      const large = measureShape(around((angle) => scale * curve(angle)));
      expect(Math.abs(large.radius / small.radius / scale - 1)).toBeLessThan(0.005);
      expect(Math.abs(large.perimeter / small.perimeter / scale - 1)).toBeLessThan(0.005);
      expect(Math.abs(large.area / small.area / scale ** 2 - 1)).toBeLessThan(0.005);
    }),
    { numRuns: 60, seed: 1 },
  );
});

it("has no dents where an outline is convex, and never a share of 1", () => {
  let dented = 0;
  const sides = fc.record({
    count: fc.integer({ min: 3, max: 12 }),
    radius: fc.integer({ min: 8, max: 30 }),
  });
  fc.assert(
    fc.property(sides, curves, ({ count, radius }, curve) => {
      const convex = measureShape(polygon(count, radius));
      expect([convex.concavity, convex.concave_points]).toEqual([0, 0]);
      const { concave_points, concavity } = measureShape(around(curve));
      expect(concave_points).toBeGreaterThanOrEqual(0);
      expect(concave_points).toBeLessThan(1);
      expect(concavity > 0).toBe(concave_points > 0);
      if (concavity > 0) dented++;
    }),
    { numRuns: 60, seed: 1 },
  );
  expect(dented).toBeGreaterThan(5);
});

describe("smoothness", () => {
  it("is measured on half pixels, which a clean outline's own is far below", () => {
    const { smoothness, plainSmoothness } = measureShape(around(() => 12));
    expect(plainSmoothness).toBeLessThan(0.001);
    expect(smoothness).toBeGreaterThan(0.05);
    expect(smoothness).toBeLessThan(0.11);
  });
  it("is the same of points that are on half pixels anyway", () => {
    const points = around(() => 15, 44).map(
      ([x, y]): Point => [Math.round(2 * x) / 2, Math.round(2 * y) / 2],
    );
    const shape = shapeOf(points, points);
    expect(shape.smoothness).toBe(shape.plainSmoothness);
  });
});

describe("texture", () => {
  const square: Outline = [
    [0.5, 0.5],
    [3.5, 0.5],
    [3.5, 2.5],
    [0.5, 2.5],
  ];
  const image = { width: 6, height: 4, data: Uint8Array.from({ length: 24 }, (_, i) => 10 * i) };

  it("is the sample deviation of the pixels whose centres are inside", () => {
    // Rows 1 and 2, columns 1 to 3: 70, 80, 90, 130, 140, 150, of mean 110.
    expect(textureOf(square, image)).toBeCloseTo(Math.sqrt((2 * (1600 + 900 + 400)) / 5), 12);
  });
  it("leaves out what is beyond the image", () => {
    const wide: Outline = [
      [4.5, 2.5],
      [40, 2.5],
      [40, 40],
      [4.5, 40],
    ];
    expect(textureOf(wide, image)).toBeNull();
    const corner: Outline = [
      [3.5, 2.5],
      [40, 2.5],
      [40, 40],
      [3.5, 40],
    ];
    expect(textureOf(corner, image)).toBeCloseTo(Math.sqrt(50), 12);
  });
});

it("refuses what encloses nothing", () => {
  expect(() =>
    measureShape([
      [1, 1],
      [5, 5],
      [9, 9],
    ]),
  ).toThrow("The outline encloses no area.");
  expect(() => measureShape([])).toThrow("The outline encloses no area.");
});

it("has the table's properties in its order", () => {
  expect(PROPERTIES).toEqual(OF_TABLE.map(({ key }) => key));
});
