import type { Feature } from "../../tables/current";
import { NEGATIVE, POSITIVE } from "../prediction/words";
import type { Standing } from "./review";

/** Where a value stands among the training cases, as a sentence. */
export function describeStanding(
  value: number,
  { range, type }: Pick<Feature, "range" | "type">,
  standing: Standing,
): string {
  if (type !== "number" || Number.isNaN(value)) {
    const [negative, positive] = [inHundred(standing.negative), inHundred(standing.positive)];
    return `So are ${negative} in 100 ${NEGATIVE.word} and ${positive} in 100 ${POSITIVE.word} training cases.`;
  }
  if (value > range.max) return `Higher than every training case; the highest has ${range.max}.`;
  if (value < range.min) return `Lower than every training case; the lowest has ${range.min}.`;
  const [negative, positive] = [inHundred(standing.negative), inHundred(standing.positive)];
  return `Higher than ${negative} in 100 ${NEGATIVE.word} and ${positive} in 100 ${POSITIVE.word} training cases.`;
}

/** A share as a count of a hundred: 0 and 100 only where they are exact. */
function inHundred(share: number): string {
  if (share === 0) return "0";
  return String(share === 1 ? 100 : Math.min(99, Math.max(1, Math.round(100 * share))));
}
