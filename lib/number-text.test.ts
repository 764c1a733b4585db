import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseNumberText } from "./number-text";

describe("parseNumberText", () => {
  it.each([
    ["0.006193", 0.006193],
    ["1,5", 1.5],
    ["1e-3", 0.001],
    ["6,2E-3", 0.0062],
    [" 17.99\t", 17.99],
    ["+2", 2],
    [".5", 0.5],
    ["5.", 5],
    ["0,123", 0.123],
    ["1,2345", 1.2345],
    ["1.234", 1.234],
    ["00012", 12],
    ["-0", 0],
    ["1001", 1001],
    ["0.30000000000000004", 0.1 + 0.2],
  ])("reads %j as %d", (text, value) => {
    expect(parseNumberText(text, 0)).toEqual({ ok: true, value });
  });

  it.each([
    ["", "Enter a number."],
    [" \u00a0", "Enter a number."],
    ["1,234", "two ways. Write 1.234 or 1234."],
    ["12,345", "two ways"],
    ["1.234,5", "not a number"],
    ["1 234", "not a number"],
    ["abc", "not a number"],
    ["0x10", "not a number"],
    ["NaN", "not a number"],
    ["Infinity", "not a number"],
    [".", "not a number"],
    ["e5", "not a number"],
    ["1e", "not a number"],
    ["１２", "not a number"],
    ["1e400", "too large"],
    ["1e-400", "more digits"],
    ["0.1234567890123456789", "more digits"],
    ["-1", "negative"],
    ["−0,5", "negative"],
  ])("refuses %j", (text, message) => {
    const result = parseNumberText(text, 0);
    expect(result.ok ? result.value : result.error).toContain(message);
  });

  it("gives back every double it prints", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(parseNumberText(String(value), 0)).toEqual({ ok: true, value });
      }),
    );
  });

  it("gives back every double that is printed with 17 digits and more, and no other number with as many", () => {
    const value = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(value, fc.integer({ min: 17, max: 40 }), (double, digits) => {
        expect(parseNumberText(double.toExponential(digits - 1), 0)).toEqual({ ok: true, value: double });
        expect(parseNumberText(double.toPrecision(digits), 0)).toEqual({ ok: true, value: double });
      }),
    );
    expect(parseNumberText("17.989999999999998", 0)).toEqual({ ok: true, value: 17.99 });
    expect(parseNumberText("17.989999999999997", 0)).toMatchObject({ ok: false });
  });

  it("takes what is not below the least value, and says what that is", () => {
    expect(parseNumberText("-1,5", -2)).toEqual({ ok: true, value: -1.5 });
    expect(parseNumberText("-2.5", -2)).toEqual({
      ok: false,
      error: "A measurement cannot be less than -2.",
    });
  });

  it("never throws, and what it accepts is finite and not negative", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."0123456789.,eE+-−  x".split("")) }), (text) => {
        const result = parseNumberText(text, 0);
        expect(result.ok ? Number.isFinite(result.value) && result.value >= 0 : result.error.length > 0).toBe(
          true,
        );
      }),
      { numRuns: 2000 },
    );
  });
});
