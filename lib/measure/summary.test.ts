import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FEATURE_KEYS } from "../../tables/wdbc/index";
import { PROPERTIES, type Property } from "./features";
import { summarise } from "./summary";

const withAll = (values: readonly number[]) =>
  values.map(
    (value) =>
      Object.fromEntries(PROPERTIES.map((property) => [property, value])) as Record<Property, number>,
  );
const radiusOf = (values: readonly number[]) => {
  const { radius_mean, radius_se, radius_worst } = summarise(withAll(values));
  return [radius_mean, radius_se, radius_worst];
};
const lists = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1, maxLength: 40 });

describe("over the nuclei of an image", () => {
  it("the columns are the table's, in its order", () => {
    expect(Object.keys(summarise(withAll([1, 2])))).toEqual(FEATURE_KEYS);
  });
  it("mean, standard error and worst are those of a list worked out by hand", () => {
    expect(radiusOf([4, 1, 2, 3, 5])).toEqual([3, Math.sqrt(2.5 / 5), 4]);
  });
  it("one or two have no standard error, and none has nothing", () => {
    expect(radiusOf([7])).toEqual([7, null, 7]);
    expect(radiusOf([7, 9])).toEqual([8, null, 8]);
    expect(radiusOf([])).toEqual([null, null, null]);
  });
  it("three have their mean as worst", () => {
    const [mean, , worst] = radiusOf([2, 9, 4]);
    expect(worst).toBeCloseTo(mean ?? 0, 12);
  });
  it("have row 231's numbers where one of 20 has 2 dented points of 32", () => {
    const [mean, se, worst] = radiusOf([...Array(19).fill(0), 2 / 32]);
    expect(mean).toBe(0.003125);
    expect(se).toBeCloseTo(0.003125, 12);
    expect(worst?.toFixed(5)).toBe("0.02083");
  });
  it("the standard error is the mean where one value is not 0", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: 60 }),
        fc.double({ min: 0.001, max: 9, noNaN: true }),
        (n, value) => {
          const [mean, se] = radiusOf([...Array(n - 1).fill(0), value]) as [number, number];
          expect(Math.abs(se / mean - 1)).toBeLessThan(1e-9);
        },
      ),
      { seed: 1 },
    );
  });
  it("order does not matter, and worst is no less than the mean", () => {
    fc.assert(
      fc.property(lists, (values) => {
        const found = radiusOf(values);
        for (const [i, value] of radiusOf(values.toReversed()).entries()) {
          expect(Math.abs((value ?? -1) - (found[i] ?? -1))).toBeLessThan(1e-9);
        }
        expect(found[2] ?? 0).toBeGreaterThanOrEqual((found[0] ?? 0) - 1e-9);
      }),
      { seed: 1 },
    );
  });
});
