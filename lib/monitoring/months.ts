/** A calendar month in UTC: its name as "2026-11", its first moment and that of the next. */
export type Month = { name: string; from: Date; to: Date };

/** The last `count` months, oldest first, the current one last. */
export function lastMonths(count: number, now = new Date()): Month[] {
  return Array.from({ length: count }, (_, i) => {
    const start = (offset: number) =>
      new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - count + 1 + i + offset, 1));
    return { name: start(0).toISOString().slice(0, 7), from: start(0), to: start(1) };
  });
}
