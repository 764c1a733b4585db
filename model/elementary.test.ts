import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exp, log, sigmoid } from "./elementary";

function expectClose(actual: number, expected: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(4e-16 * Math.abs(expected));
}

describe("exp and log", () => {
  it("agree with the engine's own", () => {
    fc.assert(
      fc.property(fc.double({ min: -700, max: 709, noNaN: true }), (x) => expectClose(exp(x), Math.exp(x))),
    );
    fc.assert(
      fc.property(fc.double({ min: 5e-324, max: 1e308, noNaN: true }), (x) =>
        expectClose(log(x), Math.log(x)),
      ),
    );
  });

  it("have the right limits", () => {
    expect([exp(0), exp(-1e9), exp(-708.1), exp(1e9)]).toEqual([1, 0, 0, Number.POSITIVE_INFINITY]);
    expect([log(1), log(0), log(Number.POSITIVE_INFINITY)]).toEqual([0, -Infinity, Infinity]);
    expect([exp(Number.NaN), log(Number.NaN), log(-1)]).toEqual([NaN, NaN, NaN]);
    expect(exp(709.78) / Math.exp(709.78)).toBeCloseTo(1, 12);
  });
});

describe("sigmoid", () => {
  it("is a probability, and symmetric", () => {
    fc.assert(
      fc.property(fc.double({ min: -800, max: 800, noNaN: true }), (x) => {
        const p = sigmoid(x);
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
        expect(p + sigmoid(-x)).toBeCloseTo(1, 15);
      }),
    );
  });
});
