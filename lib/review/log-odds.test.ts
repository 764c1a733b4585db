import fc from "fast-check";
import { expect, it } from "vitest";
import { axisFor, logOddsOf, placeOn, ticksOf } from "./log-odds";

it("grows in steps of two until all is on it", () => {
  expect(axisFor([0.5, -3], 3.2).reach).toBe(3.2);
  expect(axisFor([3.3], 3.2).reach).toBe(5.2);
  expect(axisFor([-9], 3.2).reach).toBe(9.2);
  const anyLogOdds = fc.double({ min: -30, max: 30, noNaN: true });
  fc.assert(
    fc.property(fc.array(anyLogOdds, { minLength: 1 }), (all) => {
      const axis = axisFor(all, 3.2);
      for (const one of all) expect(Math.abs(one)).toBeLessThanOrEqual(axis.reach + 1e-9);
    }),
  );
});

it("labels the design's axis by its probabilities", () => {
  const ticks = ticksOf({ reach: 3.2 });
  expect(ticks.map(({ probability }) => probability)).toEqual([0.05, 0.1, 0.2, 0.5, 0.8, 0.9, 0.95]);
  for (const { probability, at } of ticks)
    expect(at).toBeCloseTo(placeOn({ reach: 3.2 }, logOddsOf(probability)), 12);
});

it.each([3.2, 4.6, 9.2, 15.2, 31.2])("leaves room between the labels where the axis reaches %d", (reach) => {
  const ticks = ticksOf({ reach });
  for (const [i, { at }] of ticks.entries())
    if (i > 0) expect(at - (ticks[i - 1]?.at ?? 0)).toBeGreaterThan(1 / 15);
  const major = ticks.filter(({ isMajor }) => isMajor);
  for (const [i, { at }] of major.entries())
    if (i > 0) expect(at - (major[i - 1]?.at ?? 0)).toBeGreaterThan(1 / 7);
});

it("has log-odds for certainty too", () => {
  expect([logOddsOf(0), logOddsOf(0.5), logOddsOf(1)]).toEqual([-30, 0, 30]);
});
