import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { label } from "../contract";
import { BINS, countAsked } from "../prediction/tally";
import { type BatchTally, EMPTY_TALLY } from "./batch";
import { axisTally, countAnswer, quarterOf, rateText, shareOf, timeLeft } from "./progress";

const anyTally = fc
  .record(
    Object.fromEntries(
      label.options.map((one) => [one, fc.array(fc.nat(9), { minLength: BINS, maxLength: BINS })]),
    ),
  )
  .map((bins): BatchTally => ({ ...EMPTY_TALLY, bins }));

describe("axisTally", () => {
  it("gives the axis every row once, by its answer", () => {
    fc.assert(
      fc.property(anyTally, (tally) => {
        const axis = axisTally(tally);
        for (const one of label.options) {
          expect(countAsked(axis, { labels: [one], outcome: null })).toBe(countAnswer(tally, one));
        }
      }),
    );
  });
});

describe("progress", () => {
  it("tells the rest and the rate in words", () => {
    const at = (done: number, total: number, workedMs: number) => ({ done, total, workedMs });
    expect(timeLeft(at(0, 100, 0))).toBe("");
    expect(timeLeft(at(312, 569, 15_784))).toBe("about 14 s left");
    expect(timeLeft(at(10, 1_000, 10_000))).toBe("about 17 minutes left");
    expect(timeLeft(at(1, 10_000, 1_000))).toBe("about 3 hours left");
    expect(timeLeft(at(100, 100, 1_000))).toBe("");
    expect(rateText(at(312, 569, 15_784))).toBe("20 rows a second");
    expect(rateText(at(1_000_000, 0, 5_200))).toBe("190,000 rows a second");
    expect(rateText(at(5, 0, 9_000))).toBe("1.8 s a row");
    expect(rateText(at(0, 9, 0))).toBe("");
  });

  it("is spoken of at quarters alone", () => {
    const spoken = Array.from({ length: 570 }, (_, done) => quarterOf({ done, total: 569 }));
    expect(new Set(spoken)).toEqual(new Set([0, 1, 2, 3, 4]));
    expect(spoken.indexOf(4)).toBe(569);
    expect([shareOf({ done: 3, total: 0 }), quarterOf({ done: 3, total: 0 })]).toEqual([0, 0]);
  });
});
