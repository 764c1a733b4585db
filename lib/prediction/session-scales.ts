import type { Typicality } from "../contract";

/** The latest cases that are looked at together. */
const LATEST = 10;
/** Fewer say no more than each does by itself. */
const FEWEST = 3;
/** In standard deviations of the mean; out of fold one of 189 sessions of three cases passes it, and none of five or ten. */
const LIMIT = 4.5;

/**
 * Which scales cases of one session show together that none shows alone: a factor of 1.25 is within what single cases
 * differ by, and five of them have it in common. `factor` is the geometric mean; `count`: of how many cases.
 */
export function sharedScales(
  cases: readonly Typicality["scales"][],
): { key: string; factor: number; count: number }[] {
  const latest = cases.slice(-LATEST);
  if (latest.length < FEWEST) return [];
  return (latest.at(-1) ?? []).flatMap(({ key }) => {
    const found = latest.flatMap((scales) => scales.filter((scale) => scale.key === key));
    const sum = found.reduce((total, { deviations }) => total + deviations, 0);
    if (found.length < FEWEST || Math.abs(sum) / Math.sqrt(found.length) <= LIMIT) return [];
    const logarithms = found.reduce((total, { factor }) => total + Math.log(factor), 0);
    return [{ key, factor: Math.exp(logarithms / found.length), count: found.length }];
  });
}
