import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCsv, readerOf, readJsonLines, writerOf } from "./content";

const value = fc.double({ min: 0, max: 1e9, noNaN: true }).map((v) => v + 0);
const rows = fc.array(fc.array(value, { minLength: 30, maxLength: 30 }), { minLength: 1, maxLength: 5 });

describe("rows that programs wrote", () => {
  it("come back from CSV to the last bit, whatever ends the lines", () => {
    fc.assert(
      fc.property(rows, fc.constantFrom("\n", "\r\n"), fc.boolean(), (values, newline, isEnded) => {
        const text = values.map((row) => row.join(",")).join(newline) + (isEnded ? newline : "");
        expect(readCsv(text)).toEqual({ ok: true, value: values.map((features) => ({ features })) });
      }),
    );
  });

  it("come back from JSON lines to the last bit", () => {
    fc.assert(
      fc.property(rows, (values) => {
        const text = values.map((features) => JSON.stringify({ features })).join("\n");
        expect(readJsonLines(text)).toEqual({ ok: true, value: values.map((features) => ({ features })) });
      }),
    );
  });
});

it("a cell that is no number is named by row and column", () => {
  const bad = fc.constantFrom("", "x", "-1", "NaN", "Infinity", "1e999", "0x1F", "1 2");
  fc.assert(
    fc.property(rows, fc.nat(), fc.nat({ max: 29 }), bad, (values, at, column, cell) => {
      const row = at % values.length;
      const lines = values.map((features, i) =>
        features.map((v, j) => (i === row && j === column ? cell : v)).join(),
      );
      const answer = readCsv(lines.join("\n"));
      expect(answer.ok ? "" : answer.error).toMatch(
        new RegExp(`^row ${row + 1}, column ${column + 1} \\(\\w+\\):`),
      );
    }),
  );
});

it("neither reader throws or accepts, whatever else comes", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(readCsv(text).ok).toBe(false);
      expect(readJsonLines(text).ok).toBe(false);
    }),
  );
});

it.each([
  ["1,2", "row 1: expected 30 columns, found 2"],
  ["", "there are no rows"],
  [`${Array(30).fill(1).join()}\n\n${Array(30).fill(1).join()}`, "row 2: expected 30 columns, found 1"],
])("refuses the CSV %j", (text, error) => {
  expect(readCsv(text)).toEqual({ ok: false, error });
});

describe("media types", () => {
  it("are read with parameters and in any case", () => {
    expect(readerOf("Text/CSV; charset=utf-8")).toBe(readCsv);
    expect(readerOf("text/html")).toBeUndefined();
    expect(readerOf(undefined)).toBeUndefined();
  });

  it.each([
    [undefined, "application/json"],
    ["*/*", "application/json"],
    ["text/html, text/csv;q=0.5", "text/csv"],
    ["application/jsonlines", "application/jsonlines"],
    ["application/json;q=0.9, text/csv;q=1", "text/csv"],
    ["text/csv; q=0.2, application/jsonlines; q=0.8, application/json;q=0.8", "application/jsonlines"],
    ["text/csv;q=0, image/png", undefined],
    ["image/png", undefined],
  ])("Accept %s is answered with %s", (accept, type) => {
    expect(writerOf(accept)?.type).toBe(type);
  });
});
