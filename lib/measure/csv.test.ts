import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, it } from "vitest";
import { guardFormula } from "../exchange/spreadsheet-text";
import { outlinesCsv } from "./csv";
import { PROPERTIES, type Property } from "./features";
import { type MeasuredOutline, OUTLINE_STATES } from "./record";

const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 });

const outlines = fc
  .record({
    state: fc.constantFrom(...OUTLINE_STATES),
    edgeQuality: fc.double({ min: 0, max: 1, noNaN: true }),
    numbers: fc.array(number, { minLength: PROPERTIES.length, maxLength: PROPERTIES.length }),
    hasTexture: fc.boolean(),
    plainSmoothness: number,
  })
  .map(({ numbers, hasTexture, ...outline }): MeasuredOutline => {
    const values = Object.fromEntries(
      PROPERTIES.map((property, at) => [
        property,
        property === "texture" && !hasTexture ? null : numbers[at],
      ]),
    ) as Record<Property, number | null>;
    return { ...outline, points: [], isDark: true, values };
  });

it("has every number in full, under its name", () => {
  fc.assert(
    fc.property(fc.array(outlines, { maxLength: 5 }), (measured) => {
      const rows: Record<string, string>[] = parse(outlinesCsv(measured), { columns: true });
      const cell = (value: number | null) => (value === null ? "" : String(value));
      expect(rows).toEqual(
        measured.map(({ state, edgeQuality, values, plainSmoothness }, at) => ({
          number: String(at + 1),
          state,
          edge_quality: cell(edgeQuality),
          ...Object.fromEntries(PROPERTIES.map((property) => [property, cell(values[property])])),
          smoothness_plain: cell(plainSmoothness),
        })),
      );
      for (const row of rows) {
        expect(PROPERTIES.map((key) => (row[key] === "" ? null : Number(row[key])))).toEqual(
          PROPERTIES.map((key) => measured[Number(row.number) - 1]?.values[key]),
        );
        // No spreadsheet would run any of it.
        expect(Object.values(row).map(guardFormula)).toEqual(Object.values(row));
      }
    }),
  );
});

it("ends its lines as RFC 4180 has it, and has a header without outlines", () => {
  expect(outlinesCsv([])).toBe(
    "number,state,edge_quality,radius,texture,perimeter,area,smoothness,compactness,concavity,concave_points,symmetry,fractal_dimension,smoothness_plain\r\n",
  );
});
