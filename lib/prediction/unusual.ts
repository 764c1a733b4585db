import { FEATURES } from "../../tables/current";
import type { Typicality } from "../contract";

const REASONS = {
  below_range: "below every training case",
  above_range: "above every training case",
  unlike_the_others: `unlike what the other ${FEATURES.length - 1} suggest`,
} as const;

/** A measurement that stands out, and why, in words. */
export function describeUnusual({ index, reason }: Typicality["unusual"][number]): string {
  return `${FEATURES[index]?.label} (${REASONS[reason]})`;
}
