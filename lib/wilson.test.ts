import fc from "fast-check";
import { expect, it } from "vitest";
import { wilsonInterval } from "./wilson";

// Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
it.each([
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
])("of %d in %d is %d to %d", (successes, trials, low, high) => {
  const interval = wilsonInterval(successes, trials);
  expect(interval.low).toBeCloseTo(low, 4);
  expect(interval.high).toBeCloseTo(high, 4);
});

it("holds the proportion and stays within 0 and 1", () => {
  fc.assert(
    fc.property(fc.nat({ max: 1000 }), fc.nat({ max: 1000 }), (successes, failures) => {
      fc.pre(successes + failures > 0);
      const share = successes / (successes + failures);
      const { low, high } = wilsonInterval(successes, successes + failures);
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeLessThanOrEqual(1);
      expect(low - 1e-12).toBeLessThanOrEqual(share);
      expect(high + 1e-12).toBeGreaterThanOrEqual(share);
    }),
  );
});
