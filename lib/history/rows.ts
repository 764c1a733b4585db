import type { Label } from "../contract";

/** How a page of the history reads: its rows as they are written, its days, and numbers one below the other. */

/** A row as it is written; a text is empty where there is nothing to say. */
export type WrittenRow = {
  id: string;
  code: string;
  /** To the second, in UTC: "2026-11-25T15:58:03Z". */
  at: string;
  /** Beside the case: the time of day, or the day where rows are not in the order of their days. */
  time: string;
  answer: Label;
  caution: string;
  probability: string;
  /** The same in thousandths, for its bar. */
  thousandths: string;
  /** Which of the page's bands its model has. */
  band: string;
  /** Whether the outcome was the answer's, where that was certain: "✓" or "✕". */
  mark: string;
  outcome: string;
  /** What spoke loudest, and how loudly. */
  reason: string;
  push: string;
  from: string;
  /** The markup of its drawing. */
  drawing: string;
};

const FIELDS = [
  ...["id", "code", "at", "time", "answer", "caution", "probability", "thousandths", "band", "mark"],
  ...["outcome", "reason", "push", "from", "drawing"],
] as const satisfies (keyof WrittenRow)[];

/** A row and its measurements as one text: a page of a hundred is a fifth smaller than with a name beside each field. */
export const packRow = (row: WrittenRow, values: readonly string[]): string =>
  [...FIELDS.map((field) => row[field].replaceAll("\t", " ")), ...values].join("\t");

/** What `packRow` was given. */
export function unpackRow(text: string): WrittenRow & { values: string[] } {
  const texts = text.split("\t");
  const fields = Object.fromEntries(FIELDS.map((field, at) => [field, texts[at]])) as WrittenRow;
  return { ...fields, values: texts.slice(FIELDS.length) };
}

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
