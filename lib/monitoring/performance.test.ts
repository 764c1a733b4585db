import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type OutcomeGroup, performanceOf } from "./performance";

type Case = Pick<OutcomeGroup, "outcome" | "diagnosis" | "label"> & { probability: number };

const one = ({ outcome, diagnosis, label, probability }: Case): OutcomeGroup => ({
  outcome,
  diagnosis,
  label,
  bin: Math.min(9, Math.floor(probability * 10)),
  count: 1,
  probabilities: probability,
  squares: (probability - (outcome === "M" ? 1 : 0)) ** 2,
});

const cases = fc.array(
  fc.record({
    outcome: fc.constantFrom("M" as const, "B" as const),
    diagnosis: fc.constantFrom("M" as const, "B" as const),
    label: fc.constantFrom("M" as const, "B" as const, "uncertain" as const, null),
    probability: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  { maxLength: 60 },
);

describe("performanceOf", () => {
  it("puts every case in one cell of the confusion and, where shown, in one bin", () => {
    fc.assert(
      fc.property(cases, (list) => {
        const { confirmed, positives, negatives, confusion, reliability, uncertain } = performanceOf(
          list.map(one),
        );
        const cells = Object.values(confusion);
        expect(cells.reduce((sum, { count }) => sum + count, 0)).toBe(list.length);
        expect(cells.reduce((sum, cell) => sum + cell.uncertain, 0)).toBe(uncertain.count);
        expect(confirmed).toBe(list.length);
        expect(positives + negatives).toBe(list.length);
        expect(reliability.ok).toBe(list.length >= 20);
        if (reliability.ok) {
          expect(reliability.value.reduce((sum, { count }) => sum + count, 0)).toBe(list.length);
        }
      }),
    );
  });

  it("is the same however the cases are grouped", () => {
    fc.assert(
      fc.property(cases, (list) => {
        const groups = new Map<string, OutcomeGroup>();
        for (const group of list.map(one)) {
          const key = [group.outcome, group.diagnosis, group.label, group.bin].join();
          const known = groups.get(key);
          if (known === undefined) groups.set(key, group);
          else {
            known.count += 1;
            known.probabilities += group.probabilities;
            known.squares += group.squares;
          }
        }
        const [apart, together] = [performanceOf(list.map(one)), performanceOf([...groups.values()])];
        expect(together.confusion).toEqual(apart.confusion);
        expect(together.sensitivity).toEqual(apart.sensitivity);
        if (apart.brier.ok && together.brier.ok) {
          expect(together.brier.value).toBeCloseTo(apart.brier.value, 12);
        } else expect(together.brier).toEqual(apart.brier);
      }),
    );
  });

  it("shows a figure from its minimum on, and before that how many more it needs", () => {
    const right = (outcome: "M" | "B") =>
      one({ outcome, diagnosis: outcome, label: outcome, probability: outcome === "M" ? 0.9 : 0.1 });
    const nine = performanceOf([
      ...Array.from({ length: 9 }, () => right("M")),
      ...Array.from({ length: 10 }, () => right("B")),
    ]);
    expect(nine.sensitivity).toEqual({ ok: false, needs: 1 });
    expect(nine.specificity).toMatchObject({ ok: true, value: { right: 10, of: 10, share: 1 } });
    expect(nine.accuracy).toEqual({ ok: false, needs: 1 });
    expect(nine.brier).toEqual({ ok: false, needs: 1 });
    expect(nine.reliability).toEqual({ ok: false, needs: 1 });
    expect(performanceOf([]).sensitivity).toEqual({ ok: false, needs: 10 });
  });

  it("counts the share of uncertain among answers of models that know it", () => {
    const of = (label: Case["label"]) => one({ outcome: "M", diagnosis: "M", label, probability: 0.6 });
    expect(performanceOf([of("M"), of("uncertain"), of(null)]).uncertain).toEqual({ count: 1, of: 2 });
  });
});
