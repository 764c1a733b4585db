import fc from "fast-check";
import { expect, it } from "vitest";
import { ASSUMED, estimateTransform, PRICES, transformCostText } from "./transform-cost";

it("a million rows on one instance", () => {
  expect(transformCostText(1_000_000, "ml.m5.large", 1)).toBe(
    "SageMaker needs about 7 minutes of one ml.m5.large: 5 minutes to start, then 15,000 rows a second and instance. That costs about $0.01 at US East's price of 2026-11-26; storage in S3 comes on top.",
  );
  expect(transformCostText(10, "ml.g9.large", 2)).toContain("of 2 ml.g9.large: ");
  expect(transformCostText(10, "ml.g9.large", 2)).toContain("Its price is not known here;");
});

it("more instances are never slower and, because each has to start, never cheaper", () => {
  fc.assert(
    fc.property(
      fc.nat(1e9),
      fc.constantFrom(...Object.keys(PRICES.hour)),
      fc.integer({ min: 1, max: 19 }),
      (rows, type, count) => {
        const [few, more] = [estimateTransform(rows, type, count), estimateTransform(rows, type, count + 1)];
        expect(more.minutes).toBeLessThanOrEqual(few.minutes);
        expect(more.minutes).toBeGreaterThanOrEqual(ASSUMED.startMinutes);
        expect(more.dollars).toBeGreaterThan(few.dollars ?? Number.NaN);
      },
    ),
  );
});
