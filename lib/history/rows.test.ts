import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alignDecimals, groupByDay } from "./rows";

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
    expect(alignDecimals(["1e-7", "0.25"])).toEqual(["1e-7", "0.25"].map((t, i) => (i === 0 ? "1e-7" : t)));
  });
});
