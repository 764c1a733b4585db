import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { table } from "../../tables/current";
import { label } from "../contract";
import { BINS, countAsked } from "../prediction/tally";
import { againstTruth, axisTally } from "./answers";
import { type BatchTally, countAnswer, EMPTY_TALLY } from "./batch";

const { positive, negative } = table.classes;
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

describe("againstTruth", () => {
  it("counts answers by class, and rates by the diagnosis, whether it is certain or not", () => {
    const tally: BatchTally = {
      ...EMPTY_TALLY,
      truth: {
        [positive]: {
          answers: { [positive]: 208, uncertain: 4 },
          diagnoses: { [positive]: 210, [negative]: 2 },
        },
        [negative]: {
          answers: { [positive]: 1, uncertain: 17, [negative]: 339 },
          diagnoses: { [negative]: 357 },
        },
      },
    };
    expect(againstTruth(tally, { positive, negative })).toMatchObject({
      of: 569,
      left: 21,
      rows: [
        { truth: positive, count: 212 },
        { truth: negative, count: 357 },
      ],
      sensitivity: { of: 212, right: 210 },
      specificity: { of: 357, right: 357 },
    });
    expect(againstTruth(EMPTY_TALLY, { positive, negative })).toBeNull();
  });
});
