import { FEATURES, scales } from "../../tables/current";

/** Digits that measurements are given with. */
const DIGITS = 4;

/** A factor as a person would say it: with two digits, and above 1, as "1.5 times too large" and "too small". */
export const saidFactor = (factor: number) => Number((factor < 1 ? 1 / factor : factor).toPrecision(2));

/**
 * Values with one of the table's scales divided by `factor`, which is rounded to what a person would say; `change` says
 * what was done. Throws where the table has no such scale.
 */
export function rescale(
  values: readonly number[],
  key: string,
  factor: number,
): { values: number[]; change: string } {
  const scale = scales.find((one) => one.key === key);
  if (scale === undefined) throw new Error(`the table has no scale ${key}`);
  const said = saidFactor(factor);
  const divisor = factor < 1 ? 1 / said : said;
  const powers: Partial<Record<string, number>> = scale.powers;
  return {
    values: FEATURES.map(({ key: name, index }) => {
      const value = values[index] as number;
      const power = powers[name];
      return power === undefined ? value : Number((value / divisor ** power).toPrecision(DIGITS));
    }),
    change: `${scale.says.what.toLowerCase()} ${factor < 1 ? "multiplied" : "divided"} by ${said}`,
  };
}
