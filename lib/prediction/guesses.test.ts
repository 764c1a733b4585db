import fc from "fast-check";
import { expect, it } from "vitest";
import { addGuess, caseKey, GUESSES, type Guessed, MOST_KEPT, readGuesses, tallyOf } from "./guesses";

const anyGuessed = fc.record({
  id: fc.string({ maxLength: 3 }),
  guess: fc.constantFrom(...GUESSES),
  model: fc.constantFrom(...GUESSES, "no_answer" as const),
  truth: fc.constantFrom("M" as const, "B" as const, null),
});

it("reads back what it kept, and nothing from anything else", () => {
  fc.assert(
    fc.property(fc.array(anyGuessed), fc.oneof(fc.string(), fc.json()), (kept, text) => {
      expect(readGuesses(JSON.stringify(kept))).toEqual(kept);
      expect(Array.isArray(readGuesses(text))).toBe(true);
    }),
  );
  expect(readGuesses(null)).toEqual([]);
  expect(readGuesses('[{"id":"a","guess":"M","model":"X","truth":null}]')).toEqual([]);
});

it("counts the first guess at a case, and a truth that comes later", () => {
  const first: Guessed = { id: "a", guess: "M", model: "B", truth: null };
  const kept = addGuess(addGuess([], first), { ...first, guess: "B", truth: "M" });
  expect(kept).toEqual([{ ...first, truth: "M" }]);
});

it("keeps the latest", () => {
  const ids = Array.from({ length: MOST_KEPT + 3 }, (_, i) => String(i));
  const kept = ids.reduce<Guessed[]>(
    (all, id) => addGuess(all, { id, guess: "B", model: "B", truth: null }),
    [],
  );
  expect(kept).toHaveLength(MOST_KEPT);
  expect(kept[0]?.id).toBe("3");
});

it("sets guesses and the model beside the truth", () => {
  const kept: Guessed[] = [
    { id: "a", guess: "M", model: "M", truth: "M" },
    { id: "b", guess: "uncertain", model: "no_answer", truth: "B" },
    { id: "c", guess: "B", model: "uncertain", truth: "M" },
    { id: "d", guess: "B", model: "B", truth: null },
  ];
  expect(tallyOf(kept)).toEqual({
    cases: 4,
    agreed: 3,
    known: 3,
    you: { right: 1, wrong: 1, left: 1 },
    model: { right: 1, wrong: 0, left: 2 },
  });
  fc.assert(
    fc.property(fc.array(anyGuessed), (any) => {
      const { cases, agreed, known, you, model } = tallyOf(any);
      expect(agreed).toBeLessThanOrEqual(cases);
      for (const { right, wrong, left } of [you, model]) expect(right + wrong + left).toBe(known);
    }),
  );
});

it("names a case by its values, which another case has not", () => {
  expect(caseKey([17.99, 10.38])).toBe(caseKey([17.99, 10.38]));
  fc.assert(
    fc.property(fc.array(fc.double()), fc.array(fc.double()), (a, b) => {
      expect(caseKey(a)).toMatch(/^[0-9a-f]{8}$/);
      if (a.join() !== b.join()) expect(caseKey(a)).not.toBe(caseKey(b));
    }),
  );
});
