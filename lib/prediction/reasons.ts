import { FEATURES } from "../../model/features";

/**
 * The measurements with what each added to the answer, `term` on the logit scale and positive towards malignant;
 * strongest first. `contributions` are in the dataset's order.
 */
export const rankReasons = (contributions: readonly number[]) =>
  FEATURES.map((feature) => ({ ...feature, term: contributions[feature.index] ?? 0 })).sort(
    (a, b) => Math.abs(b.term) - Math.abs(a.term),
  );
