import { FEATURES, type Feature, GROUPS, PROPERTIES } from "../../tables/current";

/** How the table's columns are laid out, in the form and wherever they are listed. */

/** Whether every property has a number in every group: the form is then a grid, else fields in sections. */
export const hasGrid =
  PROPERTIES.length > 0 &&
  FEATURES.length === PROPERTIES.length * GROUPS.length &&
  FEATURES.every(({ type, group, property }) => type === "number" && group !== null && property !== null);

/** Fields under one heading; null where the table has none for them. */
export type Section = { label: string | null; features: readonly Feature[] };

/** From more fields than this on, a table without groups is parted, and a list of the sections stands above them. */
const LONG = 40;
const PART = 20;

/** The fields by their group, those without one first; of a long table without groups by 20. */
export function sectionsOf(
  features: readonly Feature[],
  groups: readonly { key: string; label: string }[],
): Section[] {
  const sections: Section[] = [{ label: null, key: null }, ...groups].flatMap(({ label, key }) => {
    const own = features.filter(({ group }) => group === key);
    return own.length === 0 ? [] : [{ label, features: own }];
  });
  if (features.length <= LONG || sections.length > 1) return sections;
  return Array.from({ length: Math.ceil(features.length / PART) }, (_, at) => {
    const part = features.slice(at * PART, (at + 1) * PART);
    return { label: `${part[0]?.label} to ${part.at(-1)?.label}`, features: part };
  });
}

export const SECTIONS = sectionsOf(FEATURES, GROUPS);
export const isLong = FEATURES.length > LONG;

/** The features as they are read: row by row of the grid, each row a property; else section by section. */
export const AS_READ: readonly Feature[] = hasGrid
  ? PROPERTIES.flatMap(({ key }) => FEATURES.filter(({ property }) => property === key))
  : SECTIONS.flatMap(({ features }) => features);

/** What takes a value: a text field for a number, else radio buttons, a select box, or a text field with a list to choose from. */
export function controlOf({ type, levels }: Pick<Feature, "type" | "levels">) {
  if (type === "number") return "number";
  return levels.length <= 6 ? "radio" : levels.length <= 15 ? "select" : "list";
}
