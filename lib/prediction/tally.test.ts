import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { table } from "../../tables/current";
import { label } from "../contract";
import { NO_FILTERS } from "../history/filters";
import { ANSWER_VIEWS, isAsked, openTo, VIEWS } from "../history/views";
import {
  AXIS,
  BINS,
  barsOf,
  binOf,
  countAsked,
  dotsOf,
  MOST_DOTS,
  OUTCOME_STATES,
  outcomeStateOf,
  placeOf,
  type Tally,
} from "./tally";

const { positive, negative } = table.classes;

const anyGroup = fc.record({
  answer: fc.constantFrom(...label.options),
  outcome: fc.constantFrom(...OUTCOME_STATES),
  bin: fc.nat(BINS - 1),
  count: fc.integer({ min: 1, max: 12 }),
});
const anyProbability = fc.double({ min: 0, max: 1, noNaN: true });
const anyTally = fc.array(anyGroup, { maxLength: 40 }).map((groups): Tally => ({ groups, exact: true }));
const sizeOf = ({ groups }: Tally) => groups.reduce((sum, { count }) => sum + count, 0);

describe("the axis", () => {
  it("has every probability on it, in their order", () => {
    fc.assert(
      fc.property(anyProbability, anyProbability, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(placeOf(low)).toBeLessThanOrEqual(placeOf(high));
        expect(binOf(low)).toBeGreaterThanOrEqual(0);
        expect(binOf(high)).toBeLessThan(BINS);
      }),
    );
    expect([placeOf(0), placeOf(AXIS.from), placeOf(0.5), placeOf(1)]).toEqual([
      0,
      0,
      expect.closeTo(0.5),
      1,
    ]);
  });
});

describe("outcomeStateOf", () => {
  it("lets an answer that is left to a person neither agree nor disagree", () => {
    expect(outcomeStateOf(positive, negative)).toBe("disagrees");
    expect(outcomeStateOf(positive, positive)).toBe("known");
    expect(outcomeStateOf("uncertain", positive)).toBe("known");
    expect(outcomeStateOf("no_answer", null)).toBe("unknown");
  });
});

describe("countAsked", () => {
  it("counts all of a tally once, by answer and by outcome", () => {
    fc.assert(
      fc.property(anyTally, (tally) => {
        const byAnswer = ANSWER_VIEWS.map((labels) => countAsked(tally, { labels, outcome: null }));
        expect(byAnswer.reduce((sum, count) => sum + count, 0)).toBe(sizeOf(tally));
        const of = (outcome: "known" | "unknown" | "disagrees") => countAsked(tally, { labels: [], outcome });
        expect(of("known") + of("unknown")).toBe(sizeOf(tally));
        expect(of("disagrees")).toBeLessThanOrEqual(of("known"));
      }),
    );
  });
});

describe("dotsOf", () => {
  it("has a mark for every prediction at most four bins from its own, never two at one place", () => {
    fc.assert(
      fc.property(anyTally, (tally) => {
        const dots = dotsOf(tally);
        if (dots === null) return;
        expect(dots).toHaveLength(sizeOf(tally));
        expect(new Set(dots.map(({ bin, above }) => `${bin} ${above}`)).size).toBe(dots.length);
        for (const one of label.options) {
          const wanted = tally.groups.filter(({ answer }) => answer === one);
          expect(dots.filter(({ answer }) => answer === one)).toHaveLength(
            wanted.reduce((sum, { count }) => sum + count, 0),
          );
        }
        for (const { answer, bin } of dots) {
          expect(
            tally.groups.some((group) => group.answer === answer && Math.abs(group.bin - bin) <= 4),
          ).toBe(true);
        }
      }),
    );
  });

  it("gives way to bars where there are too many, or too many at one place", () => {
    const pile = (bin: number, count: number) =>
      ({ answer: negative, outcome: "known", bin, count }) as const;
    const tally = (...groups: Tally["groups"]) => ({ groups, exact: true });
    expect(dotsOf(tally(pile(0, 15)))).toHaveLength(15);
    expect(dotsOf(tally(pile(0, 16)))).toBeNull();
    expect(dotsOf(tally(pile(Math.floor(BINS / 2), 27)))).toHaveLength(27);
    const many = Array.from({ length: BINS }, (_, bin) => pile(bin, 5));
    expect(sizeOf(tally(...many))).toBeGreaterThan(MOST_DOTS);
    expect(dotsOf(tally(...many))).toBeNull();
  });
});

describe("barsOf", () => {
  it("has one bar a bin, the largest of full height", () => {
    fc.assert(
      fc.property(anyTally, (tally) => {
        const bars = barsOf(tally);
        expect(bars.map(({ bin }) => bin)).toEqual(
          [...new Set(tally.groups.map(({ bin }) => bin))].sort((a, b) => a - b),
        );
        const sum = bars.flatMap(({ parts }) => parts).reduce((total, { count }) => total + count, 0);
        expect(sum).toBe(sizeOf(tally));
        if (bars.length > 0) expect(Math.max(...bars.map(({ height }) => height))).toBe(1);
      }),
    );
  });
});

describe("views", () => {
  it("are told apart, whatever else is on, and leave that as it is", () => {
    for (const view of VIEWS) {
      const filters = { ...NO_FILTERS, text: "B-2", ...view.asks };
      expect(VIEWS.filter(({ asks }) => isAsked(asks, filters))).toEqual([view]);
      expect(openTo(filters)).toEqual({ ...NO_FILTERS, text: "B-2" });
    }
    expect(VIEWS.filter(({ asks }) => isAsked(asks, { ...NO_FILTERS, labels: [positive] }))).toEqual([]);
  });
});
