import { describe, expect, it } from "vitest";
import { type Answer, type Rescored, summariseRescoring } from "./rescoring";

const model = { name: "test", version: "2", hash: null, threshold: 0.5, uncertain: null };
const benign: Answer = { diagnosis: "B", label: "B", probability: 0.1 };
const malignant: Answer = { diagnosis: "M", label: "M", probability: 0.9 };
const uncertain: Answer = { diagnosis: "B", label: "uncertain", probability: 0.4 };

const rescored = (id: string, before: Answer, after: Answer, modelVersion = "1"): Rescored => ({
  id,
  createdAt: new Date(0),
  modelVersion,
  threshold: 0.5,
  before,
  after,
});

describe("summariseRescoring", () => {
  it("tells flips of the diagnosis from other changes of the answer, and sorts by change", () => {
    const summary = summariseRescoring(
      [
        rescored("same", benign, benign, "2"),
        rescored("less sure", benign, uncertain),
        rescored("flipped", benign, malignant),
        rescored("no third answer then", { ...benign, label: null }, benign),
        rescored("surer", malignant, { ...malignant, probability: 0.99 }),
      ],
      model,
    );
    expect(summary).toMatchObject({ count: 5, sameVersion: 1, flips: { diagnosis: 1, answer: 2 } });
    expect(summary.changed.map(({ id }) => id)).toEqual(["flipped", "less sure"]);
    expect(summary.largest?.id).toBe("flipped");
  });

  it("has no largest change where nothing changes", () => {
    const summary = summariseRescoring([rescored("same", benign, benign)], model);
    expect(summary).toMatchObject({ largest: null, changed: [], flips: { diagnosis: 0, answer: 0 } });
  });
});
