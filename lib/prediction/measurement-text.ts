import type { Feature } from "../../tables/current";
import { type DecimalSign, parseNumberText, plainNumber } from "../number-text";
import { fail, type Result } from "../result";

/** Whether no training case has a value as small or as large. */
export const isOutside = (value: number, { range }: Pick<Feature, "range">) =>
  value < range.min || value > range.max;

/**
 * Parses one measurement; `sign` is the decimal sign that the others prove, if any. Where a comma or a point may set
 * thousands apart as well, the sign and the training data decide, if they do.
 */
export function parseMeasurement(
  text: string,
  feature: Pick<Feature, "least" | "range">,
  sign: DecimalSign | null,
): Result<number, string> {
  const [point, comma] = [plainNumber(text, "."), plainNumber(text, ",")];
  const parse = (plain: string | null) => parseNumberText(plain ?? text, feature.least);
  if (point === null || comma === null || point === comma) return parse(point ?? comma);
  const fits = (plain: string) => !isOutside(Number(plain), feature);
  if (sign === null) {
    if (!text.includes(",")) return parse(point);
    if (fits(point) !== fits(comma)) return parse(fits(point) ? point : comma);
  } else {
    const [read, other, grouping] = sign === "." ? [point, comma, ","] : [comma, point, "."];
    if (!text.includes(grouping) || fits(read) || !fits(other)) return parse(read);
  }
  const ways = [point, comma].toSorted((a, b) => Number(a) - Number(b)).join(" or ");
  return fail(`This can be read two ways. Write ${sign === "," ? ways.replace(".", ",") : ways}.`);
}
