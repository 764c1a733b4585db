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
      const values = keys.map((key) => numbers[key]).filter((value) => value !== undefined);
      if (values.length < keys.length || holds(...values)) return [];
      return [{ key: keys[0], message: message(...values) }];
    });
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
  };
}
