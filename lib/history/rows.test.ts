import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { label } from "../contract";
import { alignDecimals, groupByDay, packRow, unpackRows } from "./rows";

describe("groupByDay", () => {
  it("keeps every row in its order, and no two neighbours of one day", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(30)), (rows) => {
        const groups = groupByDay(rows, (row) => String(Math.floor(row / 10)));
        expect(groups.flatMap((group) => group.rows)).toEqual(rows);
        expect(groups.every(({ day }, at) => day !== groups[at + 1]?.day)).toBe(true);
      }),
    );
  });
});

describe("alignDecimals", () => {
  it("has the decimal points at one distance from the end, and every digit as it was", () => {
    const numbers = fc.array(fc.double({ min: 0, max: 3000, noNaN: true }).map(String));
    fc.assert(
      fc.property(numbers, (texts) => {
        const aligned = alignDecimals(texts);
        expect(aligned.map((text) => text.trimEnd())).toEqual(texts);
        const fromEnd = aligned
          .filter((text) => text.includes("."))
          .map((text) => text.length - text.indexOf("."));
        expect(new Set(fromEnd).size).toBeLessThanOrEqual(1);
      }),
    );
    expect(alignDecimals(["13", "14.99", "1095", "0.5"])).toEqual(["13   ", "14.99", "1095   ", "0.5 "]);
  });
});

describe("packRow", () => {
  it("is undone by unpackRows, whatever a text has in it but tabs, and its numbers are aligned", () => {
    const text = fc.string().map((any) => any.replaceAll("\t", ""));
    const row = fc.record({
      ...{ id: text, code: text, at: text, time: text, answer: fc.constantFrom(...label.options) },
      ...{ caution: text, probability: text, band: text, mark: text },
      ...{ outcome: text, reason: text, push: text, from: text, drawing: text },
    });
    const numbers = fc.tuple(
      ...Array.from({ length: 3 }, () =>
        fc.oneof(
          fc.double({ min: 0, noNaN: true }).map(String),
          fc.constantFrom("not\u00a0known", "freelance"),
        ),
      ),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(row, numbers), { maxLength: 4 }), (rows) => {
        const aligned = [0, 1, 2].map((index) =>
          alignDecimals(rows.map(([, values]) => values[index] ?? "")),
        );
        expect(unpackRows(rows.map(([written, values]) => packRow(written, values)))).toEqual(
          rows.map(([written], at) => ({ ...written, values: aligned.map((column) => column[at]) })),
        );
      }),
    );
    fc.assert(
      fc.property(row, (written) => {
        expect(unpackRows([packRow({ ...written, code: "a\tb" }, [])])).toEqual([
          { ...written, code: "a b", values: [] },
        ]);
      }),
    );
  });
});
