import { FEATURES, type Feature, type FeatureKey } from "../tables/current";

/** The levels that a list is narrowed to. Apart from what reads an address, which a browser need not load to show them. */

/** `places`: of levels, any of which it is; NaN, the last, is what is not known, which a number may be too. */
export type LevelFilter = { key: FeatureKey; places: readonly number[] };

/** What an address has in place of a value that is not known. */
export const UNKNOWN_LEVEL = "?";

/** A level's code in a list with commas. */
const codeText = (code: string) => code.replaceAll("%", "%25").replaceAll(",", "%2C");

export type Choices = Pick<Feature, "key" | "type" | "levels" | "mayMiss">;

/** The texts that a column's filter can have, by its places: codes, and what is not known. */
export const choiceTexts = ({ type, levels, mayMiss }: Choices): [text: string, place: number][] => [
  ...(type === "number" ? [] : levels.map((code, place): [string, number] => [codeText(code), place])),
  ...(mayMiss ? [[UNKNOWN_LEVEL, Number.NaN] as [string, number]] : []),
];

/** The columns that a form narrows by levels, or by what is not known: of numbers, those whose range is not asked for. */
export const levelKeys = (ranges: readonly { key: string }[]): string[] =>
  FEATURES.filter(
    (feature) => choiceTexts(feature).length > 0 && !ranges.some(({ key }) => key === feature.key),
  ).map(({ key }) => key);

/** The filters of levels as an address has them. */
export const levelPairs = (filters: readonly LevelFilter[]) =>
  filters.map(({ key, places }): [string, string] => {
    const levels = FEATURES.find((feature) => feature.key === key)?.levels ?? [];
    const texts = places.map((place) =>
      Number.isNaN(place) ? UNKNOWN_LEVEL : codeText(levels[place] ?? ""),
    );
    return [key, texts.join()];
  });

/** "Job freelance or not known": a filter of levels in words. */
export function describeLevels({ key, places }: LevelFilter): string {
  const feature = FEATURES.find((one) => one.key === key);
  if (feature === undefined) return key;
  const words = places.map((place) =>
    Number.isNaN(place)
      ? "not known"
      : (feature.levelLabels[feature.levels[place] ?? ""] ?? feature.levels[place]),
  );
  return `${feature.label} ${words.join(" or ")}`;
}
