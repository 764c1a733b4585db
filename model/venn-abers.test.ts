import fc from "fast-check";
import { describe, expect, it } from "vitest";
import artifactJson from "../tables/wdbc/artifact.json";
import { parseArtifact } from "./artifact";
import { createProbabilityRange } from "./venn-abers";

const artifact = parseArtifact(artifactJson);
const installed = createProbabilityRange(artifact);

/** Isotonic regression by its minimax formula: the largest over starts of the smallest over ends of the mean. */
function directly(points: { logit: number; label: number }[], logit: number): number {
  const at = [...new Set(points.map((point) => point.logit))].sort((a, b) => a - b);
  const mean = (from: number, to: number) => {
    const members = points.filter((point) => point.logit >= from && point.logit <= to);
    return members.reduce((sum, { label }) => sum + label, 0) / members.length;
  };
  const starts = at.filter((x) => x <= logit);
  const ends = at.filter((x) => x >= logit);
  return Math.max(...starts.map((from) => Math.min(...ends.map((to) => mean(from, to)))));
}

const cases = fc.array(
  fc.record({ logit: fc.integer({ min: -4, max: 4 }), label: fc.constantFrom(0 as const, 1 as const) }),
  { minLength: 1, maxLength: 12 },
);

describe("createProbabilityRange", () => {
  it("is isotonic regression with the case added as either class", () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: -10, max: 10 }), (points, twice) => {
        const logit = twice / 2;
        const heldOut = { logits: points.map((p) => p.logit), positive: points.map((p) => p.label) };
        const { low, high } = createProbabilityRange({ heldOut })(logit);
        expect(low).toBeCloseTo(directly([...points, { logit, label: 0 }], logit), 12);
        expect(high).toBeCloseTo(directly([...points, { logit, label: 1 }], logit), 12);
      }),
    );
  });

  it("rises with the logit, and low is below high", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -50, max: 50, noNaN: true }),
        fc.double({ min: 0, max: 50, noNaN: true }),
        (logit, more) => {
          const here = installed(logit);
          const there = installed(logit + more);
          expect(here.low).toBeLessThan(here.high);
          expect(there.low).toBeGreaterThanOrEqual(here.low);
          expect(there.high).toBeGreaterThanOrEqual(here.high);
        },
      ),
    );
  });

  it("says of an extreme case no more than the number of cases allows", () => {
    const { low, high } = installed(-1000);
    expect(low).toBe(0);
    expect(high).toBeGreaterThan(1 / (artifact.heldOut.logits.length + 1));
  });
});
