/**
 * Wilson's score interval for a proportion: `successes` of `trials`, at 95 % unless `z` is another normal quantile.
 * Source: Wilson, J. Am. Stat. Assoc. 22 (1927), 209-212.
 */
export function wilsonInterval(
  successes: number,
  trials: number,
  z = 1.959964,
): { low: number; high: number } {
  const share = successes / trials;
  const spread = z * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials));
  const scale = 1 + (z * z) / trials;
  const centre = (share + (z * z) / (2 * trials)) / scale;
  return { low: Math.max(0, centre - spread / scale), high: Math.min(1, centre + spread / scale) };
}
