import { FEATURES, type Feature, GROUPS, PROPERTIES } from "../../tables/current";

/** What files call the measurements, case, spaces and punctuation aside. */

/** A name without case, spaces and punctuation. */
export const plainName = (name: string) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

type Named = { key: string; label: string; names?: readonly string[] };
const namesOf = ({ key, label, names = [] }: Named) => [...new Set([key, label, ...names].map(plainName))];

function lookUp<T>(things: readonly T[], names: (thing: T) => readonly string[]) {
  const found = new Map(things.flatMap((thing) => names(thing).map((name) => [name, thing] as const)));
  return (name: string): T | undefined => found.get(plainName(name));
}

/** "Mean": a column of the form's grid. A number names one only behind a property: it may be a value. */
export const findGroup = lookUp(GROUPS, (group) => namesOf(group).filter((name) => !/^\d+$/.test(name)));
/** "Radius": a row of the form's grid. */
export const findProperty = lookUp(PROPERTIES, namesOf);

/** "radius_mean", "Radius, mean", "mean radius", "radius1": one measurement. */
export const findFeature = lookUp(FEATURES, ({ key, label, alias, group, property }: Feature) => {
  const groups = GROUPS.filter((each) => each.key === group).flatMap(namesOf);
  const properties = PROPERTIES.filter((each) => each.key === property).flatMap(namesOf);
  const both = properties.flatMap((a) => groups.flatMap((b) => [a + b, b + a]));
  return [plainName(key), plainName(label), plainName(alias), ...both];
});
