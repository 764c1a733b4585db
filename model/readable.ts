/**
 * 12 significant digits: any decimal parser reads them exactly, where bundlers were seen to change the 17th, and
 * the committed file stays readable.
 */
export function readable(x: number): number {
  return Number(x.toPrecision(12));
}

/** `readable` of every number in every list of a record. */
export function readableLists<K extends string>(record: Record<K, number[]>): Record<K, number[]> {
  const entries = Object.entries<number[]>(record).map(([key, values]) => [key, values.map(readable)]);
  return Object.fromEntries(entries) as Record<K, number[]>;
}
