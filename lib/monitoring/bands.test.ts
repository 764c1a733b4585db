import fc from "fast-check";
import { expect, it } from "vitest";
import { bandsOf } from "./bands";

const uncertain = { level: 0.99, from: 0.06, to: 0.8 };
const someCase = fc.record({
  probability: fc.double({ min: 0, max: 1, noNaN: true }),
  isPositive: fc.boolean(),
});

it("counts every case in one band, and leaves out bands without one", () => {
  fc.assert(
    fc.property(fc.array(someCase, { maxLength: 40 }), fc.boolean(), (cases, isKnown) => {
      const bands = bandsOf(cases, { threshold: 0.5, uncertain: isKnown ? uncertain : null });
      expect(bands.reduce((sum, band) => sum + band.cases, 0)).toBe(cases.length);
      for (const { probability } of cases)
        expect(bands.filter(({ from, to }) => probability >= from && probability < to)).toHaveLength(1);
      for (const { cases: count, positives, low, high } of bands) {
        expect(count).toBeGreaterThan(0);
        expect(low).toBeLessThanOrEqual(positives / count + 1e-12);
        expect(high).toBeGreaterThanOrEqual(positives / count - 1e-12);
      }
    }),
  );
});

it("has its ends at the uncertain band's and at the threshold", () => {
  const cases = [0, 0.02, 0.3, 0.6, 0.8, 1].map((probability) => ({
    probability,
    isPositive: probability > 0.5,
  }));
  expect(
    bandsOf(cases, { threshold: 0.5, uncertain }).map(({ from, to, cases, positives }) => [
      from,
      to,
      cases,
      positives,
    ]),
  ).toEqual([
    [0, 0.01, 1, 0],
    [0.01, 0.06, 1, 0],
    [0.06, 0.5, 1, 0],
    [0.5, 0.8, 1, 1],
    [0.8, 1.000_001, 2, 2],
  ]);
});
