import { describe, expect, it } from "vitest";
import { table } from "../../tables/current";
import { againstTruth } from "./answers";
import { type BatchTally, EMPTY_TALLY } from "./batch";

const { positive, negative } = table.classes;
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
