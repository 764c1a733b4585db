import { FAMILIES, FEATURES, type Feature, table } from "../../tables/current";
import { valueText } from "./value";

/** `term`: what it added to the answer, on the logit scale; above 0 towards the positive class. */
type Term = { term: number };
export type Measurement = Feature & Term;

/** A family of measurements, strongest first, or a measurement alone, which has no members. */
export type Reason = Term & { key: string; label: string; members: Measurement[] };

const byStrength = (a: Term, b: Term) => Math.abs(b.term) - Math.abs(a.term);

/**
 * Every measurement, strongest first. `contributions` and `values` are in the dataset's order; with values, a label says
 * what was chosen, or that it is not known.
 */
export const rankMeasurements = (
  contributions: readonly number[],
  values: readonly number[] = [],
): Measurement[] =>
  FEATURES.map((feature) => ({
    ...feature,
    label: labelWith(feature, values[feature.index]),
    term: contributions[feature.index] ?? 0,
  })).sort(byStrength);

/** "Job: freelance", "Income: not known"; of a number that is known its label alone. */
export function labelWith(
  feature: Pick<Feature, "type" | "levels" | "levelLabels" | "mayMiss" | "label">,
  value: number | undefined,
): string {
  const { label, type } = feature;
  return value === undefined || (type === "number" && !Number.isNaN(value))
    ? label
    : `${label}: ${valueText(feature, value)}`;
}

/**
 * The table's families, in its order, so that two cases are compared line by line; none where it has none. What a family
 * added is what its members did: of a quadratic, the Shapley values of a group's members add up to the group's; of trees
 * they need not.
 */
export function familyReasons(contributions: readonly number[]): Reason[] {
  const measurements = rankMeasurements(contributions);
  return FAMILIES.map(({ key, label }) => {
    const members = measurements.filter(({ family }) => family === key);
    return { key, label, members, term: members.reduce((sum, { term }) => sum + term, 0) };
  });
}

/** The families, strongest first; where there are none, the measurements. */
export const rankReasons = (contributions: readonly number[], values?: readonly number[]): Reason[] =>
  FAMILIES.length === 0
    ? rankMeasurements(contributions, values).map((measurement) => ({ ...measurement, members: [] }))
    : familyReasons(contributions).sort(byStrength);

/** Where members are shown: why one may speak against its own family. */
export const WHY_OPPOSED = `A single ${table.nouns.value} may point the other way: related ${table.nouns.values} share their weight, and each shows only what it adds to the others.`;
