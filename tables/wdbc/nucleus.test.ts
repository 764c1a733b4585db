import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDataset } from "../../model/dataset";
import { isBrief } from "../../test/brief";
import { FEATURES } from "./index";
import { asymmetry, drawing, innerEdgeOf, MEDIANS, meanRadius, measure, outlineOf } from "./nucleus";

const { features, positive } = parseDataset(readFileSync(new URL("data.csv", import.meta.url), "utf8"));
const row = (index: number) => features[index] ?? [];
const meansOf = (values: readonly number[]) => values.slice(0, 10);
const CARD = { size: 280, span: 104 };
const ROW = { size: 28, span: drawing.rowSpan };

type Points = readonly (readonly [number, number])[];

/** The corners of a path of the drawing, in image units, of which one is `unit` of the path's. */
function cornersOf(path: string, unit = 16): Points {
  const [start = "", steps = ""] = path.slice(1).split("l");
  const [x = 0, y = 0] = start.split(" ").map(Number);
  const numbers = (steps.match(/-?\d+/g) ?? []).map(Number);
  const at = { x, y };
  const corners: [number, number][] = [[x / unit, y / unit]];
  for (let i = 0; i + 1 < numbers.length; i += 2) {
    at.x += numbers[i] ?? 0;
    at.y += numbers[i + 1] ?? 0;
    corners.push([at.x / unit, at.y / unit]);
  }
  return corners;
}
const pathsOf = (svg: string) =>
  [...svg.matchAll(/ d="([^"]+)"/g)].flatMap(([, d = ""]) => d.match(/M[^M]+z/g) ?? []);
const unitOf = (svg: string, span: number) => Number(/ (\d+)" fill/.exec(svg)?.[1]) / span;
const reachOf = (svg: string, span: number) =>
  Math.max(...pathsOf(svg).flatMap((path) => cornersOf(path, unitOf(svg, span)).flat().map(Math.abs)));

/** How deep each pocket between the outline and its convex hull is, in mean radii, deepest first. */
function pocketsOf(points: Points): number[] {
  const cross = (o: Points[number], a: Points[number], b: Points[number]) =>
    (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
  const half = (sorted: Points) => {
    const chain: Points[number][] = [];
    for (const point of sorted) {
      for (;;) {
        const [before, last] = [chain.at(-2), chain.at(-1)];
        if (before === undefined || last === undefined || cross(before, last, point) > 0) break;
        chain.pop();
      }
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  const sorted = points.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
  const hull = new Set([...half(sorted), ...half(sorted.toReversed())]);
  const first = points.findIndex((point) => hull.has(point));
  const turned = [...points.slice(first), ...points.slice(0, first + 1)];
  const radius = meanRadius(points);
  const pockets: number[] = [];
  let from = turned[0] ?? [0, 0];
  let inside: Points[number][] = [];
  for (const point of turned.slice(1)) {
    if (!hull.has(point)) inside.push(point);
    else {
      const [a, b] = [from, point];
      const width = Math.hypot(b[0] - a[0], b[1] - a[1]);
      if (inside.length > 0)
        pockets.push(Math.max(...inside.map((one) => Math.abs(cross(a, b, one)) / width / radius)));
      [from, inside] = [point, []];
    }
  }
  return pockets.sort((a, b) => b - a);
}

describe("the drawing of a case", () => {
  it.each([0, 46, 297, 413])("of row %i is these bytes", (index) => {
    expect(
      drawing.full(row(index), { size: 280, span: drawing.span([row(index)], "full") }),
    ).toMatchSnapshot();
    expect(drawing.thumb(row(index), ROW)).toMatchSnapshot();
  });

  it("has each case's area and compactness, and nearly its perimeter, radius and symmetry", () => {
    const errors = features.map((values) => {
      const { points } = outlineOf(meansOf(values), 96);
      const { area, compactness, perimeter } = measure(points);
      const off = (drawn: number, index: number) => Math.abs(drawn / (values[index] ?? 0) - 1);
      expect(off(area, 3)).toBeLessThan(0.001);
      expect(off(compactness, 5)).toBeLessThan(0.001);
      return {
        perimeter: off(perimeter, 2),
        radius: off(meanRadius(points), 0),
        symmetry: off(asymmetry(points), 8),
      };
    });
    const share = (of: keyof (typeof errors)[number], part: number) =>
      errors.map((one) => one[of]).sort((a, b) => a - b)[Math.round(part * (errors.length - 1))];
    expect(share("perimeter", 0.5)).toBeLessThan(0.0051);
    expect(share("perimeter", 0.95)).toBeLessThan(0.02);
    expect(share("perimeter", 1)).toBeLessThan(0.051);
    expect(share("radius", 0.5)).toBeLessThan(0.027);
    expect(share("radius", 1)).toBeLessThan(0.093);
    expect(share("symmetry", 0.5)).toBeLessThan(0.005);
    expect(share("symmetry", 0.9)).toBeLessThan(0.01);
  });

  it("is small, inside its span, and the same each time", () => {
    for (const [at, values] of features.entries()) {
      if (isBrief && at % 7 !== 0) continue;
      const options = { size: 280, span: drawing.span([values], "full") };
      const svg = drawing.full(values, options);
      expect(svg.length).toBeLessThan(3_000);
      expect(svg).toBe(drawing.full([...values], options));
      expect(reachOf(drawing.full(values, { ...options, hasTypical: true }), options.span)).toBeLessThan(
        options.span / 2,
      );
      expect(drawing.thumb(values, ROW).length).toBeLessThan(530);
      expect(reachOf(drawing.thumb(values, ROW), drawing.rowSpan)).toBeLessThan(drawing.rowSpan / 2);
      const card = { size: 84, span: drawing.span([values, row(0)], "thumb") };
      expect(reachOf(drawing.thumb(values, card), card.span)).toBeLessThan(card.span / 2);
    }
  });

  it("is several pixels wide at 20 pixels, whatever the case", () => {
    for (const values of features) {
      const svg = drawing.thumb(values, { size: 20, span: drawing.rowSpan });
      const corners = pathsOf(svg).flatMap((path) => cornersOf(path, unitOf(svg, drawing.rowSpan)));
      const xs = corners.map(([x]) => x);
      const pixels = ((Math.max(...xs) - Math.min(...xs)) / drawing.rowSpan) * 20;
      expect(pixels).toBeGreaterThan(4.5);
    }
  });

  it("has the medians of the data for what is not known yet, and for the typical pair", () => {
    const median = (truth: 0 | 1 | null, index: number) => {
      const values = features
        .filter((_, at) => truth === null || positive[at] === truth)
        .map((one) => one[index] ?? 0)
        .sort((a, b) => a - b);
      const [low = 0, high = 0] = [values[(values.length - 1) >> 1], values[values.length >> 1]];
      return Number(((low + high) / 2).toPrecision(4));
    };
    for (const [name, truth] of [
      ["all", null],
      ["benign", 0],
      ["malignant", 1],
    ] as const)
      expect([name, ...MEDIANS[name]]).toEqual([
        name,
        ...MEDIANS.all.map((_, index) => median(truth, index)),
      ]);
  });
});

describe("each property alone", () => {
  /** The drawing's own measure at twenty steps through the training range, the other properties as in the median case. */
  const alone = (
    index: number,
    measured: (ten: readonly number[]) => number,
    others: Record<number, number> = {},
  ) => {
    const { min, max } = FEATURES[index]?.range ?? { min: 0, max: 0 };
    const ten = MEDIANS.all.map((median, i) => others[i] ?? median);
    return Array.from({ length: 21 }, (_, step) =>
      measured(ten.with(index, min + ((max - min) * step) / 20)),
    );
  };
  const points = (ten: readonly number[]) => outlineOf(ten, 96).points;
  /** How much neighbouring corners differ in their distance from the middle. */
  const raggedness = (of: Points) => {
    const radii = of.map(([x, y]) => Math.hypot(x, y));
    const bends = radii.map((radius, i) =>
      Math.abs(2 * radius - (radii.at(i - 1) ?? 0) - (radii[(i + 1) % radii.length] ?? 0)),
    );
    return bends.reduce((sum, bend) => sum + bend, 0);
  };
  const opacity = (svg: string) =>
    Number(svg.match(/stroke-opacity="([\d.]+)" stroke-width="\d+"\/><\/g>/)?.[1]);
  /** A compactness that leaves room for dents. */
  const ROOM = { 5: 0.3 };

  it.each<[string, number, (ten: readonly number[]) => number, Record<number, number>?]>([
    ["area", 3, (ten) => measure(points(ten)).area],
    ["compactness", 5, (ten) => measure(points(ten)).compactness],
    ["symmetry", 8, (ten) => asymmetry(points(ten)), { 6: 0, 7: 0 }],
    ["concavity: depth of the dents", 6, (ten) => pocketsOf(points(ten))[0] ?? 0, { ...ROOM, 7: 0.05 }],
    [
      "concave points: number of dents",
      7,
      (ten) => pocketsOf(points(ten)).filter((depth) => depth > 0.012).length,
      ROOM,
    ],
    ["fractal dimension: raggedness", 9, (ten) => raggedness(points(ten)), { ...ROOM, 6: 0, 7: 0 }],
    ["smoothness: unevenness of the membrane", 4, (ten) => raggedness(innerEdgeOf(points(ten), ten[4] ?? 0))],
    ["texture: contrast of the grains", 1, (ten) => opacity(drawing.full(ten, CARD))],
  ])("grows with its value: %s", (_, index, measured, others) => {
    const steps = alone(index, measured, others);
    for (const [i, step] of steps.entries()) expect(step).toBeGreaterThanOrEqual((steps[i - 1] ?? 0) * 0.999);
    expect(steps.at(-1)).toBeGreaterThan((steps[0] ?? 0) * 1.2);
  });
});

describe("whatever is typed", () => {
  it.each([
    ["zeros", features[0]?.map(() => 0)],
    ["least values", FEATURES.map(({ range }) => range.min)],
    ["greatest values", FEATURES.map(({ range }) => range.max)],
    ["1e9", features[0]?.map(() => 1e9)],
  ])("%s have a finite drawing", (_, values = []) => {
    for (const svg of [drawing.full(values, CARD), drawing.thumb(values, ROW)]) {
      expect(svg).not.toMatch(/NaN|Infinity|undefined|lz/);
      expect(svg.length).toBeLessThan(5_000);
    }
  });

  it("has a finite drawing, with gaps or without", () => {
    const value = fc.option(fc.double({ min: 0, max: 1e6 }), { nil: null });
    const values = fc.array(value, { minLength: FEATURES.length, maxLength: FEATURES.length });
    fc.assert(
      fc.property(values, (typed) => {
        const svg = drawing.full(typed, { ...CARD, title: drawing.describe(typed), hasTypical: true });
        expect(svg).not.toMatch(/NaN|Infinity|undefined|lz/);
        expect(drawing.notes(typed).join()).not.toMatch(/NaN|undefined/);
        expect([50, 68, 104]).toContain(drawing.span([typed], "full"));
      }),
      { numRuns: 200 },
    );
  });

  it("is the typical pair alone without area and compactness, and dashed until all means are known", () => {
    const known = (...indexes: number[]) =>
      row(413).map((value, index) => (indexes.includes(index) ? value : null));
    const means = Array.from({ length: 10 }, (_, index) => index);
    const draw = (values: readonly (number | null)[]) => drawing.full(values, { ...CARD, hasTypical: true });
    expect(pathsOf(draw(known(0, 1, 2, 3)))).toHaveLength(2);
    expect(draw(known(3, 5))).toMatch(/data-part="outline"[^>]+stroke-dasharray/);
    expect(draw(known(...means))).not.toContain("stroke-dasharray");
    expect(draw(row(413))).toMatch(/data-part="worst"[^>]+stroke-dasharray/);
  });
});

describe("in words", () => {
  it("says size and dents", () => {
    expect([46, 413, 0].map((index) => drawing.describe(row(index)))).toEqual([
      "Nucleus drawn from the numbers: no larger than a typical benign one, without dents",
      "Nucleus drawn from the numbers: larger than a typical benign one, with about two shallow dents",
      "Nucleus drawn from the numbers: as large as a typical malignant one, with about seven deep dents",
    ]);
    expect(drawing.thumb(row(0), { ...ROW, title: 'of "A&B"' })).toContain(
      'aria-label="of &#34;A&#38;B&#34;"',
    );
  });

  it("says what it cannot show: of six training cases something, of a block read row by row all", () => {
    expect(features.filter((values) => drawing.notes(values).length > 0)).toHaveLength(6);
    const block = Array.from(
      { length: FEATURES.length },
      (_, index) => row(0)[(index % 3) * 10 + Math.floor(index / 3)] ?? 0,
    );
    expect(drawing.notes(block)).toHaveLength(3);
  });

  it("names the part that shows a measurement", () => {
    const svg = drawing.full(row(413), CARD);
    const parts = FEATURES.map(({ index }) => drawing.partOf(index));
    expect(parts.filter((part) => part === null)).toHaveLength(11);
    for (const part of parts) if (part !== null) expect(svg).toContain(`data-part="${part}"`);
    expect(drawing.parts(44).map(({ label }) => label)).toEqual([
      "Size",
      "Length",
      "Dents",
      "Halves",
      "Grain",
    ]);
  });

  it("has a scale bar as long as ten image units", () => {
    expect(drawing.scaleBar({ size: 280, span: 50 })).toMatchObject({
      svg: expect.stringContaining("M.5 0v5.5h55V0"),
    });
  });
});
