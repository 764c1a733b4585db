/** The middle value; the mean of the two middle ones where their number is even. Throws RangeError for none. */
export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** The p-th percentile, 0..100, interpolated between neighbours. Throws RangeError for no values. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = ((sorted.length - 1) * p) / 100;
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) throw new RangeError("no values, no percentile");
  return below + (above - below) * (place - Math.floor(place));
}

/** The median of `ours[i] / theirs[i]`: rounds that ran side by side are compared, so a slow spell cancels out. */
export function pairedRatio(ours: readonly number[], theirs: readonly number[]): number {
  return median(ours.slice(0, theirs.length).map((value, round) => value / (theirs[round] as number)));
}
