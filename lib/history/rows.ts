/** How a page of the history reads: its days, and numbers one below the other. */

/** Rows of one day that follow one another. */
export type DayGroup<Row> = { day: string; rows: Row[] };

/** Splits rows where their day changes; `dayOf` names a row's. */
export function groupByDay<Row>(rows: readonly Row[], dayOf: (row: Row) => string): DayGroup<Row>[] {
  const groups: DayGroup<Row>[] = [];
  for (const row of rows) {
    const day = dayOf(row);
    const last = groups.at(-1);
    if (last?.day === day) last.rows.push(row);
    else groups.push({ day, rows: [row] });
  }
  return groups;
}

/** What follows a number's integer part. */
const fractionOf = (text: string) => text.length - (/^-?\d*/.exec(text)?.[0].length ?? 0);

/**
 * A column's numbers, each with as many spaces behind it as the longest fraction has digits more: right-aligned in a
 * font whose characters are of one width, their decimal points then stand one below the other. No digit changes.
 */
export function alignDecimals(texts: readonly string[]): string[] {
  const longest = Math.max(0, ...texts.map(fractionOf));
  return texts.map((text) => text + " ".repeat(longest - fractionOf(text)));
}
