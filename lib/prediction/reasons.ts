import { FAMILIES, FEATURES, type Feature } from "../../tables/current";

/** `term`: what it added to the answer, on the logit scale; above 0 towards the positive class. */
type Term = { term: number };
export type Measurement = Feature & Term;

/** A family of measurements, strongest first, or a measurement alone, which has no members. */
export type Reason = Term & { key: string; label: string; members: Measurement[] };

const byStrength = (a: Term, b: Term) => Math.abs(b.term) - Math.abs(a.term);

/** Every measurement, strongest first. `contributions` are in the dataset's order. */
export const rankMeasurements = (contributions: readonly number[]): Measurement[] =>
  FEATURES.map((feature) => ({ ...feature, term: contributions[feature.index] ?? 0 })).sort(byStrength);

/**
 * The table's families, in its order, so that two cases are compared line by line; none where it has none. What a family
 * added is what its members did: of a quadratic, the Shapley values of a group's members add up to the group's.
 */
export function familyReasons(contributions: readonly number[]): Reason[] {
  const measurements = rankMeasurements(contributions);
  return FAMILIES.map(({ key, label }) => {
    const members = measurements.filter(({ family }) => family === key);
    return { key, label, members, term: members.reduce((sum, { term }) => sum + term, 0) };
  });
}

/** The families, strongest first; where there are none, the measurements. */
export const rankReasons = (contributions: readonly number[]): Reason[] =>
  FAMILIES.length === 0
    ? rankMeasurements(contributions).map((measurement) => ({ ...measurement, members: [] }))
    : familyReasons(contributions).sort(byStrength);

/** Where members are shown: why one may speak against its own family. */
export const WHY_OPPOSED =
  "A single measurement may point the other way: related measurements share their weight, and each shows only what it adds to the others.";
