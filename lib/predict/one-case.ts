import { FEATURES, type FeatureKey, oneCase } from "../../tables/current";
import { isOutside } from "../prediction/measurement-text";

type Numbers = Partial<Record<FeatureKey, number>>;

/** The features whose value lies outside every training case. */
export const outsideTraining = (numbers: Numbers) =>
  FEATURES.filter((feature) => {
    const value = numbers[feature.key];
    return value !== undefined && isOutside(value, feature);
  });

/** The table's rules that these numbers break, each with the measurement to look at; one without all its numbers is kept. */
export const brokenRules = (numbers: Numbers): { key: FeatureKey; message: string | null }[] =>
  oneCase.rules.flatMap(({ keys, holds, message }) => {
    const values = keys.map((key) => numbers[key]).filter((value) => value !== undefined);
    if (values.length < keys.length || holds(...values)) return [];
    return [{ key: keys[0], message: message(...values) }];
  });

/**
 * Whether these numbers cannot be the measurements of one case, because they are shifted, in another order or not
 * measurements at all: too many lie outside every training case, or break the table's rules. Values that are missing
 * count as fitting. False for each row of the dataset, also after any one of its values is changed.
 */
export function cannotBeOneCase(numbers: Numbers): boolean {
  const { outside, broken } = oneCase.limits;
  return outsideTraining(numbers).length >= outside || brokenRules(numbers).length >= broken;
}
