import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type MeasuredOutline, type MeasurementRecord, MOST_OUTLINES } from "@/lib/measure/record";
import { measuring } from "@/tables/current";
import { measuredOf, outlineAround, recordOf, valuesOf } from "@/test/measured";
import { readMeasurement } from "./measurement";

const RECORD = recordOf(12);
const VALUES = valuesOf(RECORD);

/** The record with its second outline in another form. */
const withSecond = (change: (outline: MeasuredOutline) => object): object => ({
  ...RECORD,
  outlines: RECORD.outlines.with(1, {
    ...RECORD.outlines[1],
    ...change(RECORD.outlines[1] as MeasuredOutline),
  } as MeasuredOutline),
});
const errorOf = (input: unknown) => {
  const read = readMeasurement(input, VALUES);
  return read.ok ? null : read.error;
};

describe("readMeasurement", () => {
  it("takes nothing where nothing came", () => {
    expect(readMeasurement(undefined, VALUES)).toEqual({ ok: true, value: null });
    expect(readMeasurement(null, VALUES)).toEqual({ ok: true, value: null });
  });

  it("takes a record as it came, also after JSON", () => {
    for (const input of [RECORD, JSON.parse(JSON.stringify(RECORD))])
      expect(readMeasurement(input, VALUES)).toEqual({
        ok: true,
        value: { record: RECORD, changed: [], synthetic: false },
      });
  });

  it("tells the values that somebody changed, and not those that are written otherwise", () => {
    const values = { ...VALUES, radius_mean: VALUES.radius_mean + 0.01, texture_worst: 3 };
    expect(readMeasurement(RECORD, values)).toMatchObject({
      value: { changed: ["radius_mean", "texture_worst"] },
    });
  });

  it("tells every value of a texture that is not known as changed", () => {
    const outlines = RECORD.outlines.with(0, measuredOf(outlineAround(20, 20, 9), null));
    const read = readMeasurement({ ...RECORD, outlines }, VALUES);
    expect(read.ok && read.value?.changed).toEqual(expect.arrayContaining(["texture_mean", "texture_se"]));
  });

  it("knows an image that was drawn by a computer by its file alone", () => {
    const [demo] = (measuring?.demos ?? []).filter(({ sha256 }) => sha256 !== "");
    const image = { ...RECORD.image, sha256: demo?.sha256 ?? "0".repeat(64) };
    expect(readMeasurement({ ...RECORD, image }, VALUES)).toMatchObject({
      value: { synthetic: demo !== undefined },
    });
    expect(errorOf({ ...RECORD, synthetic: false })).toContain("cannot be read");
  });

  it.each<[string, (outline: MeasuredOutline) => object, RegExp]>([
    [
      "a changed area",
      ({ values }) => ({ values: { ...values, area: (values.area ?? 0) + 0.001 } }),
      /^Outline 2 has other/,
    ],
    [
      "a changed smoothness",
      ({ plainSmoothness }) => ({ plainSmoothness: plainSmoothness + 2e-6 }),
      /other numbers/,
    ],
    [
      "a point with three decimals",
      ({ points }) => ({ points: points.with(0, [1.005, 2]) }),
      /cannot be read/,
    ],
    [
      "a point that is no number",
      ({ points }) => ({ points: points.with(0, [Number.NaN, 2]) }),
      /cannot be read/,
    ],
    ["a place of one number", ({ points }) => ({ points: [...points, [1]] }), /cannot be read/],
    ["two points", ({ points }) => ({ points: points.slice(0, 2) }), /cannot be read/],
    [
      "401 points",
      ({ points }) => ({ points: Array.from({ length: 401 }, (_, at) => points[at % 48]) }),
      /cannot be read/,
    ],
    [
      "one that crosses itself",
      ({ points }) => ({ points: points.with(3, points[20] ?? [0, 0]).with(20, points[3] ?? [0, 0]) }),
      /^Outline 2 crosses itself/,
    ],
    ["one that is too small", () => ({ points: outlineAround(9, 9, 4) }), /^Outline 2 encloses less than 60/],
    [
      "one that would take for ever",
      () => ({
        points: [
          [0, 0],
          [90_000, 0],
          [90_000, 90_000],
        ],
      }),
      /^The outlines are more than 60,000 pixels long together/,
    ],
    ["a state that there is not", () => ({ state: "guessed" }), /cannot be read/],
    ["more than there is", () => ({ name: "x" }), /cannot be read/],
    [
      "a texture that grey values cannot have",
      ({ values }) => ({ values: { ...values, texture: 256 } }),
      /cannot be read/,
    ],
    ["a shape that is not known", ({ values }) => ({ values: { ...values, area: null } }), /cannot be read/],
  ])("refuses %s", (_, change, says) => expect(errorOf(withSecond(change))).toMatch(says));

  it.each<[string, object, RegExp]>([
    [
      "fewer than can be used",
      { outlines: RECORD.outlines.slice(0, 2) },
      /^3 nuclei are needed at least, and 2 came/,
    ],
    ["201 outlines", { outlines: Array.from({ length: 201 }, () => RECORD.outlines[0]) }, /cannot be read/],
    ["another algorithm", { algorithm: "0" }, /another version of this application/],
    ["a hash in capitals", { image: { ...RECORD.image, sha256: "A".repeat(64) } }, /cannot be read/],
    ["a type that is none", { image: { ...RECORD.image, type: "image/png\r\nx: y" } }, /cannot be read/],
    ["a factor of nothing", { image: { ...RECORD.image, factor: 0 } }, /cannot be read/],
    ["more than a megabyte", { note: "x".repeat(1_000_000) }, /more than 1,000,000 bytes/],
  ])("refuses %s", (_, change, says) => expect(errorOf({ ...RECORD, ...change })).toMatch(says));

  it("says a sentence for whatever comes, and throws for nothing", () => {
    fc.assert(
      fc.property(fc.anything(), (input) => {
        const read = readMeasurement(input, VALUES);
        return read.ok ? read.value === null : /^[A-Z\d].*\.$/.test(read.error);
      }),
    );
  });

  it("takes every record that the page can make, and refuses it as soon as one number of a shape is another", () => {
    const outline = fc
      .record({
        radius: fc.double({ min: 7, max: 30, noNaN: true }),
        dents: fc.double({ min: 0, max: 0.12, noNaN: true }),
        x: fc.integer({ min: 0, max: 600 }),
        y: fc.integer({ min: 0, max: 400 }),
        texture: fc.option(fc.double({ min: 0, max: 120, noNaN: true })),
      })
      .map(({ radius, dents, x, y, texture }) => measuredOf(outlineAround(x, y, radius, dents), texture));
    const property = fc.constantFrom("radius", "area", "symmetry", "fractal_dimension", "concavity");
    fc.assert(
      fc.property(
        fc.array(outline, { minLength: 3, maxLength: 8 }),
        fc.nat(),
        property,
        fc.double({ min: 3e-6, max: 1, noNaN: true }),
        (outlines, which, key, off) => {
          const record: MeasurementRecord = { ...RECORD, outlines };
          expect(readMeasurement(record, valuesOf(record))).toMatchObject({ ok: true, value: { record } });
          const at = which % outlines.length;
          const { values } = outlines[at] as MeasuredOutline;
          const wrong = { ...values, [key]: (values[key] ?? 0) + off * Math.max(1, values[key] ?? 0) };
          const changed = outlines.with(at, { ...(outlines[at] as MeasuredOutline), values: wrong });
          expect(readMeasurement({ ...record, outlines: changed }, VALUES)).toMatchObject({ ok: false });
        },
      ),
      { numRuns: 60 },
    );
  });

  it("takes the most outlines that there may be", () => {
    const outlines = Array.from({ length: MOST_OUTLINES }, () => measuredOf(outlineAround(320, 240, 48)));
    const record = { ...RECORD, outlines };
    expect(readMeasurement(record, VALUES)).toMatchObject({ ok: true });
  });
});
