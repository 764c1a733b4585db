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
  ...["id", "code", "at", "time", "answer", "caution", "probability", "band", "mark"],
  ...["outcome", "reason", "push", "from", "drawing"],
] as const satisfies (keyof WrittenRow)[];

/**
 * A row and its values' texts, none empty, as one text: a page of a hundred is a fifth smaller than with a name beside each
 * field. A tab is three characters on its way; a number has no space, and a word keeps its own as one that does not break.
 */
export const packRow = (row: WrittenRow, values: readonly string[]): string =>
  [
    ...FIELDS.map((field) => row[field].replaceAll("\t", " ")),
    values.map((text) => text.replaceAll(/\s/g, "\u00a0")).join(" "),
  ].join("\t");

/** What `packRow` was given, the values of all rows one below the other. */
export function unpackRows(packed: readonly string[]): (WrittenRow & { values: string[] })[] {
  const texts = packed.map((text) => text.split("\t"));
  const numbers = texts.map(
    (fields) => fields[FIELDS.length]?.split(" ").filter((text) => text !== "") ?? [],
  );
  const columns = (numbers[0] ?? []).map((_, index) => alignDecimals(numbers.map((row) => row[index] ?? "")));
  return texts.map((fields, at) => ({
    ...(Object.fromEntries(FIELDS.map((field, index) => [field, fields[index]])) as WrittenRow),
    values: columns.map((column) => column[at] ?? ""),
  }));
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

/** How long what follows a number's integer part is; a word has none. */
const fractionOf = (text: string) => (/^-?\d/.test(text) ? text.replace(/^-?\d+/, "").length : 0);

/**
 * A column's numbers, each with as many spaces behind it as the longest fraction has digits more: right-aligned in a
 * font whose characters are of one width, their decimal points then stand one below the other. No digit changes.
 */
export function alignDecimals(texts: readonly string[]): string[] {
  const longest = Math.max(0, ...texts.map(fractionOf));
  return texts.map((text) => text + " ".repeat(longest - fractionOf(text)));
}
