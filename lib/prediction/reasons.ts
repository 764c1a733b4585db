import { FEATURES } from "../../tables/current";

/**
 * The measurements with what each added to the answer, `term` on the logit scale and above 0 towards the positive class;
 * strongest first. `contributions` are in the dataset's order.
 */
export const rankReasons = (contributions: readonly number[]) =>
  FEATURES.map((feature) => ({ ...feature, term: contributions[feature.index] ?? 0 })).sort(
    (a, b) => Math.abs(b.term) - Math.abs(a.term),
  );
