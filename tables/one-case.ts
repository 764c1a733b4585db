import type { Rule } from "./table";

type Bounded<Key extends string> = { key: Key; range: { min: number; max: number } };
type Numbers<Key extends string> = Partial<Record<Key, number>>;

/**
 * What the values of one case keep: the ranges of `features`, whose bounds belong to them, and `rules`. From `outside`
 * values beyond every training case, or `broken` rules, on they cannot be one case's.
 */
export function describeCase<Key extends string, Feature extends Bounded<Key>>(
  features: readonly Feature[],
  rules: readonly Rule<Key>[],
  limits: { outside: number; broken: number },
) {
  /** The features whose value lies outside every training case. */
  const outsideTraining = (numbers: Numbers<Key>): Feature[] =>
    features.filter(({ key, range }) => {
      const value = numbers[key];
      return value !== undefined && (value < range.min || value > range.max);
    });
  /** The rules that these numbers break; one without all its numbers is kept. */
  const brokenRules = (numbers: Numbers<Key>): { key: Key; message: string | null }[] =>
    rules.flatMap(({ keys, holds, message }) => {
      const values = keys
        .map((key) => numbers[key])
        .filter((value): value is number => value !== undefined && !Number.isNaN(value));
      if (values.length < keys.length || holds(...values)) return [];
      return [{ key: keys[0], message: message(...values) }];
    });
  const low = Float64Array.from(features, ({ range }) => range.min);
  const high = Float64Array.from(features, ({ range }) => range.max);
  const places = rules.map(({ keys }) =>
    keys.map((key) => features.findIndex((feature) => feature.key === key)),
  );
  const given = rules.map(({ keys }) => keys.map(() => 0));
  return {
    rules,
    outsideTraining,
    brokenRules,
    /**
     * Whether these numbers cannot be the measurements of one case, because they are shifted, in another order or not
     * measurements at all: too many lie outside every training case, or break the rules. Values that are missing count
     * as fitting. False for each row of the dataset, also after any one of its values is changed.
     */
    isImpossible: (numbers: Numbers<Key>): boolean =>
      outsideTraining(numbers).length >= limits.outside || brokenRules(numbers).length >= limits.broken,
    /** The same of a whole case: its values in the table's order, from `start` of `values` on. */
    isImpossibleRow: (values: ArrayLike<number>, start: number): boolean => {
      let outside = 0;
      for (let j = 0; j < low.length; j++) {
        const value = values[start + j] as number;
        if (value < (low[j] as number) || value > (high[j] as number)) outside++;
      }
      let broken = 0;
      for (let r = 0; r < rules.length; r++) {
        const [at, numbers] = [places[r] as number[], given[r] as number[]];
        for (let k = 0; k < at.length; k++) numbers[k] = values[start + (at[k] as number)] as number;
        const { holds } = rules[r] as Rule<Key>;
        const isKept =
          at.length === 2 ? holds(numbers[0] as number, numbers[1] as number) : holds(...numbers);
        if (!isKept && !numbers.some(Number.isNaN)) broken++;
      }
      return outside >= limits.outside || broken >= limits.broken;
    },
  };
}
