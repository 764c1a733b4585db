import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { axisOf, crossingNear, placeOf, pointAt, valueTicks } from "./curve";
import type { CurvePoint } from "./review";

const curve: CurvePoint[] = [
  [1, 0.1, "B"],
  [2, 0.4, "uncertain"],
  [4, 0.6, "uncertain"],
  [8, 0.9, "M"],
  [16, 0.3, "uncertain"],
];

describe("a curve's axis", () => {
  it("goes by equal steps or by equal factors, and from 0 by steps", () => {
    const [linear, log] = [axisOf({ curve, isLog: false }), axisOf({ curve, isLog: true })];
    expect([placeOf(linear, 1), placeOf(linear, 8.5), placeOf(linear, 99)]).toEqual([0, 0.5, 1]);
    expect([placeOf(log, 1), placeOf(log, 4), placeOf(log, 16)]).toEqual([0, expect.closeTo(0.5), 1]);
    expect(axisOf({ curve: [[0, 0.1, "B"], ...curve], isLog: true }).isLog).toBe(false);
  });

  it("finds the point that a pointer means", () => {
    const axis = axisOf({ curve, isLog: true });
    expect(pointAt(curve, axis, 0.45)?.[0]).toBe(4);
    expect(pointAt(curve, axis, -1)?.[0]).toBe(1);
    expect(pointAt(curve, axis, 2)?.[0]).toBe(16);
  });

  it("is labelled with round values that lie on it", () => {
    expect(valueTicks({ from: 12.02, to: 49.54, isLog: false })).toEqual([15, 20, 25, 30, 35, 40, 45]);
    expect(valueTicks({ from: 6.802, to: 542.2, isLog: true })).toEqual([10, 20, 50, 100, 200, 500]);
    expect(valueTicks({ from: 0, to: 0.4268, isLog: false })).toEqual([0, 0.1, 0.2, 0.3, 0.4]);
    const anyEnd = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(
        anyEnd,
        fc.double({ min: 1.5, max: 1e3, noNaN: true }),
        fc.boolean(),
        (from, factor, isLog) => {
          const ticks = valueTicks({ from, to: from * factor, isLog });
          expect(ticks.length).toBeLessThanOrEqual(isLog ? 12 : 9);
          for (const tick of ticks) {
            expect(tick).toBeGreaterThanOrEqual(from * 0.999);
            expect(tick).toBeLessThanOrEqual(from * factor * 1.001);
          }
        },
      ),
    );
  });
});

describe("crossingNear", () => {
  it("finds the crossing next to a value, and says which way it goes", () => {
    expect(crossingNear(curve, 0.5, 2)).toEqual({ value: expect.closeTo(3), isRising: true });
    expect(crossingNear(curve, 0.5, 12)).toMatchObject({ isRising: false });
    expect(crossingNear(curve, 0.95, 2)).toBeNull();
  });
});
