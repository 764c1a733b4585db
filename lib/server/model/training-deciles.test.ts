import { describe, expect, it } from "vitest";
import { countsOfBins, TRAINING_BINS, TRAINING_CASES } from "./training-deciles";

describe("countsOfBins", () => {
  it("counts a value in the bin from whose lower edge on it is", () => {
    expect(countsOfBins({ edges: [1, 2.5], mayMiss: false }, [0, 1, 2, 2.5, 9, 9])).toEqual([1, 2, 3]);
  });

  it("counts each level by itself, and last what is not known", () => {
    expect(countsOfBins({ edges: [1, 2], mayMiss: true }, [0, 0, 2, Number.NaN, 1, 0])).toEqual([3, 1, 1, 1]);
  });
});

it("every training case is in one bin of each column", () => {
  for (const { counts } of TRAINING_BINS)
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(TRAINING_CASES);
});
