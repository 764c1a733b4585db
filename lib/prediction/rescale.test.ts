import fc from "fast-check";
import { expect, it } from "vitest";
import { FEATURES, SAMPLES, scales } from "../../tables/current";
import { rescale } from "./rescale";

it("takes a factor off again, to four digits, and says what was done", () => {
  const key = fc.constantFrom(...scales);
  fc.assert(
    fc.property(
      key,
      fc.constantFrom(0.25, 0.5, 1.5, 2, 3.2),
      fc.constantFrom(...SAMPLES),
      (scale, factor, { values }) => {
        const powers: Partial<Record<string, number>> = scale.powers;
        const multiplied = FEATURES.map(
          ({ key, index }) => (values[index] as number) * factor ** (powers[key] ?? 0),
        );
        const { values: back, change } = rescale(multiplied, scale.key, factor);
        for (const [index, value] of values.entries())
          expect(Math.abs((back[index] as number) - value)).toBeLessThanOrEqual(Math.abs(value) * 6e-4);
        expect(change).toMatch(factor < 1 ? /multiplied by [24]$/ : /divided by (1\.5|2|3\.2)$/);
      },
    ),
  );
});

it("leaves what the scale is not of as it is", () => {
  const { values } = SAMPLES[0];
  const { values: rescaled } = rescale(values, "grey", 2);
  expect(rescaled.filter((value, index) => value !== values[index])).toHaveLength(3);
  expect(() => rescale(values, "none", 2)).toThrow("no scale none");
});
