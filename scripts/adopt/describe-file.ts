import type { TableFile } from "../../tables/table-file";
import { numberText, type RawTable } from "./read-table";

/** What the command line says of a file; headers are as in the file. */
export type Options = {
  label: string;
  positive?: string | undefined;
  name: string;
  /** Group by name, each with a pattern for headers: "*_mean". */
  groups: readonly (readonly [group: string, pattern: string])[];
  zeroMissing: readonly string[];
  category: readonly string[];
  drop: readonly string[];
  keep: readonly string[];
  /** Where the table is adopted again, its levels by key: they keep their places, which stand for them in a database. */
  levels?: Readonly<Record<string, readonly string[]>>;
};

type Column = TableFile["columns"][number];

/** A table as it will be written: `cells` by row, in the order of `columns`; `truths` are codes of `classes`. */
export type Draft = {
  columns: (Column & { header: string })[];
  cells: string[][];
  truths: string[];
  classes: TableFile["classes"];
};

/** `refusals` say what to do; `notes` are what the person should know; `draft` is null where anything is refused. */
export type Description = { refusals: string[]; notes: string[]; draft: Draft | null };

export const MOST_ROWS = 50_000;
const MOST_COLUMNS = 100;
const FEW_ROWS = 200;
const LEAST_OF_A_CLASS = 20;
const LEAST_PER_COLUMN = 10;
const MOST_LEVELS = 60;
/** The AUC of one column alone that is too good; the strongest honest column of the tables that this was tried on has 0.975. */
const GIVES_AWAY = 0.995;

const POSITIVE_CODES = new Set(["yes", "1", "true", "pos", "positive", "y", "t"]);
const YES_NO = [
  ["no", "yes"],
  ["n", "y"],
  ["false", "true"],
  ["f", "t"],
];
/** Words in a header that make it look like what tells who somebody is. */
const PERSONAL =
  /(?:^|_)(?:(?:first|last|full|sur|fore)?_?names?|e?_?mail|birth|birthday|birthdate|dob|ssn|phone|telephone|address|passport|iban)(?:_|$)/;

/** What SQL reserves, in one of the two databases or in both. */
const SQL_WORDS = `
  add all alter analyse analyze and any array as asc asymmetric authorization autoincrement between
  binary both by case cast check collate collation column commit concurrently constraint create cross
  current_catalog current_date current_role current_schema current_time current_timestamp current_user
  default deferrable delete desc distinct do drop else end escape except exists false fetch for
  foreign freeze from full grant group having if ilike in index initially inner insert intersect into
  is isnull join lateral leading left like limit localtime localtimestamp natural not nothing notnull
  null offset on only or order outer overlaps placing primary references returning right select
  session_user set similar some symmetric system_user table tablesample then to trailing transaction
  true union unique update user using values variadic verbose when where window with`;

/**
 * Names that no value can have: of the columns that files of predictions have beside the values, of what addresses and forms
 * say beside them, and what SQL reserves.
 */
export const TAKEN_KEYS = [
  ...["id", "created_at", "source", "diagnosis", "label", "cautions", "probability", "threshold", "base"],
  ...["model_name", "model_version", "model_hash", "uncertain_level", "uncertain_from", "uncertain_to"],
  ...["backend", "latency_ms", "outcome", "outcome_on", "case_code", "note", "deleted_at", "model_id"],
  ...["idempotency_key", "contributions", "typicality", "row"],
  ...["date", "answer", "model", "caution", "text", "pmin", "pmax", "measure", "min", "max", "value"],
  ...["sort", "size", "columns", "density", "cursor", "view", "extra", "wrong", "code", "truth", "key"],
  ...["positive", "negative", "decimal", "sample"],
  ...SQL_WORDS.trim().split(/\s+/),
];

/** Takes a file apart into a label and columns with types, and finds what its owner should know before a model learns from it. */
export function describeFile(raw: RawTable, options: Options): Description {
  const refusals: string[] = [];
  const notes: string[] = [];
  const refuse = (text: string) => refusals.push(text);
  const note = (text: string) => notes.push(text);
  const { headers } = raw;

  const unknown = [...options.drop, ...options.keep, ...options.zeroMissing, ...options.category].filter(
    (header) => !headers.includes(header),
  );
  if (unknown.length > 0)
    refuse(`The file has no column ${list(unknown)}. Its columns are ${list(headers)}.`);
  const labelAt = headers.indexOf(options.label);
  if (labelAt < 0) {
    refuse(`The file has no column "${options.label}" for --label. Its columns are ${list(headers)}.`);
    return { refusals, notes, draft: null };
  }

  if (/[",\r\n]/.test(options.label))
    refuse(`The header "${options.label}" has a comma or a quote in it. Rename it in the file.`);
  const { rows, truths, classes } = readLabel(raw, labelAt, options, refuse, note);
  if (classes === null) return { refusals, notes, draft: null };
  const isPositive = truths.map((code) => code === classes.positive);

  const found: { column: Column & { header: string }; cells: string[] }[] = [];
  const keys = new Set<string>();
  for (const [at, header] of headers.entries()) {
    if (at === labelAt || options.drop.includes(header)) continue;
    const key = keyOf(header, keys, options.label);
    const cells = rows.map((row) => row[at] ?? "");
    const column = readColumn({ header, key, cells, isPositive, raw, options, refuse, note });
    if (column === null) continue;
    keys.add(key);
    found.push(column);
  }
  if (found.length === 0) refuse("No column is left to predict from. Give a file with more columns.");
  if (found.length > MOST_COLUMNS)
    refuse(`There are ${found.length} columns, more than ${MOST_COLUMNS}. Leave some out with --drop.`);
  sayHowMuch(truths, classes, found.length, note);
  const cells = truths.map((_, row) => found.map((column) => column.cells[row] as string));
  const distinct = new Set(cells.map((row) => row.join("\u0000"))).size;
  if (distinct < cells.length) {
    note(
      `${cells.length - distinct} rows repeat the values of another. They stay, and the evaluation keeps equal rows together.`,
    );
  }
  const columns = withGroups(
    found.map(({ column }) => column),
    options.groups,
    refuse,
    note,
  );
  if (refusals.length > 0) return { refusals, notes, draft: null };
  return { refusals, notes, draft: { columns, cells, truths, classes } };
}

const list = (names: readonly string[]) => names.map((name) => `"${name}"`).join(", ");

/** The rows that have a label, at most 50,000 of them, their labels, and which code is which class. */
function readLabel(
  { rows: all, headers }: RawTable,
  at: number,
  { positive }: Options,
  refuse: (text: string) => void,
  note: (text: string) => void,
): { rows: string[][]; truths: string[]; classes: TableFile["classes"] | null } {
  const header = headers[at] as string;
  const labelled = all.filter((row) => row[at] !== "");
  if (labelled.length < all.length)
    note(`${all.length - labelled.length} rows have no "${header}"; they are left out.`);
  const counts = countsOf(labelled.map((row) => row[at] as string));
  const said = [...counts].map(([code, count]) => `${code} (${count})`);
  const nothing = { rows: [], truths: [], classes: null };
  if (counts.size !== 2) {
    const shown = said.length > 8 ? [...said.slice(0, 8), "…"] : said;
    refuse(
      `"${header}" has ${counts.size} codes, and two are needed: ${shown.join(", ") || "none"}. Give a file with two classes, or another --label.`,
    );
    return nothing;
  }
  const codes = [...counts.keys()];
  const few = [...counts].filter(([, count]) => count < LEAST_OF_A_CLASS);
  if (few.length > 0) {
    refuse(
      `${few.map(([code, count]) => `"${code}" has ${count} rows`).join(" and ")}, and each class of "${header}" needs ${LEAST_OF_A_CLASS}. Collect more cases.`,
    );
  }
  const odd = codes.find((code) => /[",\r\n]/.test(code) || ["uncertain", "no_answer"].includes(code));
  if (odd !== undefined)
    refuse(`"${header}" has the code "${odd}", which cannot be kept. Rename it in the file.`);
  const chosen = positive ?? codes.find((code) => POSITIVE_CODES.has(code.toLowerCase()));
  if (chosen === undefined || !codes.includes(chosen)) {
    refuse(
      `Which code of "${header}" is the one to find? Give --positive ${codes.join(" or --positive ")}: there are ${said.join(" and ")}.`,
    );
    return nothing;
  }
  const classes = { positive: chosen, negative: codes.find((code) => code !== chosen) as string };
  const rows = stratified(labelled, at, counts);
  if (rows.length < labelled.length)
    note(
      `Of ${labelled.length} rows the model learns from ${rows.length}, with as large a share of each class.`,
    );
  return { rows, truths: rows.map((row) => row[at] as string), classes };
}

/** At most 50,000 rows, evenly from the file's, by class. */
function stratified(rows: string[][], at: number, counts: ReadonlyMap<string, number>): string[][] {
  if (rows.length <= MOST_ROWS) return rows;
  const share = MOST_ROWS / rows.length;
  const seen = new Map<string, number>();
  return rows.filter((row) => {
    const code = row[at] as string;
    const nth = seen.get(code) ?? 0;
    seen.set(code, nth + 1);
    const most = Math.floor((counts.get(code) ?? 0) * share);
    const size = counts.get(code) ?? 1;
    return Math.floor(((nth + 1) * most) / size) > Math.floor((nth * most) / size);
  });
}

function countsOf(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** A header as a key: a-z, 0-9 and _, unlike those before it and unlike what files of predictions call their columns. */
function keyOf(header: string, keys: ReadonlySet<string>, label: string): string {
  const plain = header
    .normalize("NFKD")
    .replace(/(?<=[a-z])(?=[A-Z])/g, "_")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  const first = plain === "" ? "column" : /^\d/.test(plain) ? `column_${plain}` : plain;
  const key = TAKEN_KEYS.includes(first) || first === label ? `${first}_value` : first;
  const bare = (one: string) => one.replace(/_/g, "");
  const taken = new Set([...keys].map(bare));
  for (let nth = 2, next = key; ; nth++) {
    if (!taken.has(bare(next))) return next;
    next = `${key}_${nth}`;
  }
}

type Reading = {
  header: string;
  key: string;
  cells: string[];
  isPositive: readonly boolean[];
  raw: RawTable;
  options: Options;
  refuse: (text: string) => void;
  note: (text: string) => void;
};

/** One column with its type, and its cells as data.csv has them; null where it is dropped or refused. */
function readColumn(reading: Reading): { column: Column & { header: string }; cells: string[] } | null {
  const { header, key, cells, isPositive, raw, options, refuse, note } = reading;
  const isKept = options.keep.includes(header);
  if (!isKept && PERSONAL.test(key.toLowerCase())) {
    refuse(
      `"${header}" looks like what tells who somebody is, and what is typed is stored. Leave it out with --drop ${header}, or keep it with --keep ${header}.`,
    );
    return null;
  }
  const distinct = new Set(cells.filter((cell) => cell !== ""));
  if (distinct.size <= 1 && (distinct.size === 0 || !cells.includes(""))) {
    note(
      distinct.size === 0
        ? `"${header}" is empty; it is dropped.`
        : `"${header}" is ${[...distinct][0]} in every row; it is dropped.`,
    );
    return null;
  }
  const numbers = cells.map((cell) => (cell === "" ? "" : numberText(cell, raw.hasDecimalComma)));
  const texts = [...distinct].filter((cell) => numberText(cell, raw.hasDecimalComma) === null);
  const isNumber = texts.length === 0 && !options.category.includes(header) && distinct.size > 1;
  const one = isNumber
    ? asNumber(reading, numbers as string[], isKept)
    : asCategory(reading, distinct, texts);
  if (one === null) return null;
  const strength = strengthOf(one.column, one.cells, isPositive);
  if (strength >= GIVES_AWAY && !isKept) {
    refuse(
      `"${header}" alone gives the outcome away (AUC ${strength.toFixed(3)}). If it is only known afterwards, --drop ${header}; if it is truly known before, --keep ${header}.`,
    );
    return null;
  }
  return { column: { ...one.column, header, key }, cells: one.cells };
}

function asNumber(
  { header, key, isPositive, options, refuse, note }: Reading,
  texts: readonly string[],
  isKept: boolean,
): { column: Column; cells: string[] } | null {
  const isZeroMissing = options.zeroMissing.includes(header);
  const cells = texts.map((text) => (isZeroMissing && text !== "" && Number(text) === 0 ? "" : text));
  const values = cells.filter((cell) => cell !== "").map(Number);
  if (!isKept && values.length === cells.length && isRising(values)) {
    refuse(
      `"${header}" counts the rows: an identifier says nothing of another case. Leave it out with --drop ${header}, or keep it with --keep ${header}.`,
    );
    return null;
  }
  const sorted = values.toSorted((a, b) => a - b);
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (min === undefined || max === undefined || min === max) {
    note(`"${header}" has no two values left; it is dropped.`);
    return null;
  }
  const unique = [...new Set(sorted)];
  if (unique.length <= 10 && unique.every(Number.isInteger)) {
    note(
      `"${header}" has ${unique.length} whole numbers and is taken as a number. If they are codes, --category ${header}.`,
    );
  }
  if (!isZeroMissing && hasOddZeros(sorted, unique)) {
    note(
      `"${header}" is 0 in ${sorted.filter((value) => value === 0).length} of ${isPositive.length} rows, well apart from its other values. If 0 means that it was not measured, --zero-missing ${header}.`,
    );
  }
  const range = { min, low: percentile(sorted, 0.05), high: percentile(sorted, 0.95), max };
  return {
    column: { key, type: "number", ...(min >= 0 && { least: 0 }), range, ...missingIn(cells) },
    cells,
  };
}

/** All different whole numbers, each above the one before it. */
const isRising = (values: readonly number[]) =>
  values.every((value, i) => Number.isInteger(value) && (i === 0 || value > (values[i - 1] as number)));

/** Whether the first gap above 0 is more than five usual ones. True zeros look like that too, so that this only asks. */
function hasOddZeros(sorted: readonly number[], unique: readonly number[]): boolean {
  const above = unique.filter((value) => value > 0);
  if ((sorted[0] as number) < 0 || above.length < 10 || sorted.filter((value) => value === 0).length < 3)
    return false;
  const gaps = above.slice(1).map((value, i) => value - (above[i] as number));
  const first = gaps.slice(0, Math.max(3, Math.floor(gaps.length / 10))).toSorted((a, b) => a - b);
  const usual = ((first[(first.length - 1) >> 1] as number) + (first[first.length >> 1] as number)) / 2;
  return (above[0] as number) / usual > 5;
}

/** By linear interpolation between the rows beside it, to the four digits that are shown. */
function percentile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const [low = 0, high = 0] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return Number((low + (at % 1) * (high - low)).toPrecision(4));
}

const missingIn = (cells: readonly string[]) => {
  const count = cells.filter((cell) => cell === "").length;
  // A share that rounds to 0 would say that no row lacks it.
  return count === 0
    ? {}
    : { missing: Math.max(0.0001, Math.round((10_000 * count) / cells.length) / 10_000) };
};

function asCategory(
  { header, key, cells, options, refuse }: Reading,
  distinct: ReadonlySet<string>,
  texts: readonly string[],
): { column: Column; cells: string[] } | null {
  const drop = `Leave it out with --drop ${header}`;
  // Mostly numbers: a slip in the file rather than a category.
  if (!options.category.includes(header) && texts.length < distinct.size / 5 && distinct.size > 10) {
    const [wrong] = texts;
    refuse(
      `"${header}" is numbers apart from "${wrong}" in row ${cells.indexOf(wrong as string) + 1}. Correct or empty such cells. Otherwise: ${drop}.`,
    );
    return null;
  }
  if (distinct.size > MOST_LEVELS || distinct.size > cells.length / 10) {
    refuse(
      `"${header}" has ${distinct.size} different texts in ${cells.length} rows: an identifier or free text, from which nothing can be learnt. ${drop}.`,
    );
    return null;
  }
  const odd = [...distinct].find((code) => /[",\r\n]/.test(code));
  if (odd !== undefined) {
    refuse(
      `"${header}" has the code "${odd}" with a comma, a quote or a new line in it. Rename it in the file.`,
    );
    return null;
  }
  const before = options.levels?.[key] ?? [];
  const codes = [...new Set([...before, ...distinct])];
  const lower = codes.map((code) => code.toLowerCase());
  const pair = YES_NO.find(
    ([no, yes]) => lower.length === 2 && lower.includes(no ?? "") && lower.includes(yes ?? ""),
  );
  if (pair !== undefined) {
    const levels = codes.toSorted((a, b) => pair.indexOf(a.toLowerCase()) - pair.indexOf(b.toLowerCase()));
    return { column: { key, type: "yes-no", levels, ...missingIn(cells) }, cells };
  }
  if (codes.length < 2) {
    // One text and empty cells: whether it is there says something, and a category of one level does not.
    refuse(
      `"${header}" is "${[...distinct][0]}" or empty. Write yes and no in the file, or leave it out with --drop ${header}.`,
    );
    return null;
  }
  const counts = countsOf(cells.filter((cell) => cell !== ""));
  for (const code of before) counts.delete(code);
  const fresh = [...counts].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([code]) => code);
  return { column: { key, type: "category", levels: [...before, ...fresh], ...missingIn(cells) }, cells };
}

/** How well a column alone ranks the classes (AUC, in either direction): by its number, or by the share of its level. */
function strengthOf({ type }: Column, cells: readonly string[], isPositive: readonly boolean[]): number {
  const byLevel = (levels: readonly string[]) => {
    const sums = new Map<string, { count: number; positives: number }>();
    for (const [row, level] of levels.entries()) {
      const sum = sums.get(level) ?? { count: 0, positives: 0 };
      sums.set(level, { count: sum.count + 1, positives: sum.positives + (isPositive[row] ? 1 : 0) });
    }
    return areaUnder(
      levels.map((level) => {
        const { count, positives } = sums.get(level) as { count: number; positives: number };
        return positives / count;
      }),
      isPositive,
    );
  };
  if (type !== "number") return byLevel(cells);
  // Whether it was measured at all may give the outcome away as well.
  const known = byLevel(cells.map((cell) => (cell === "" ? "0" : "1")));
  const sorted = cells
    .filter((cell) => cell !== "")
    .map(Number)
    .toSorted((a, b) => a - b);
  const median = sorted[sorted.length >> 1] as number;
  const area = areaUnder(
    cells.map((cell) => (cell === "" ? median : Number(cell))),
    isPositive,
  );
  return Math.max(known, area, 1 - area);
}

/** The chance that a positive row ranks above a negative one, ties counting half. */
function areaUnder(scores: readonly number[], isPositive: readonly boolean[]): number {
  const order = [...scores.keys()].sort((a, b) => (scores[a] as number) - (scores[b] as number));
  let [ranks, positives] = [0, 0];
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && scores[order[end] as number] === scores[order[start] as number]) end++;
    for (let i = start; i < end; i++) {
      if (!isPositive[order[i] as number]) continue;
      ranks += (start + end + 1) / 2;
      positives++;
    }
    start = end;
  }
  return (ranks - (positives * (positives + 1)) / 2) / (positives * (scores.length - positives));
}

function sayHowMuch(
  truths: readonly string[],
  { positive }: TableFile["classes"],
  columns: number,
  note: (text: string) => void,
): void {
  const positives = truths.filter((code) => code === positive).length;
  const rarer = Math.min(positives, truths.length - positives);
  if (truths.length < FEW_ROWS)
    note(`${truths.length} rows are few: expect figures that another sample would change a lot.`);
  if (rarer < LEAST_PER_COLUMN * columns) {
    note(
      `The rarer class has ${rarer} rows for ${columns} columns, fewer than ${LEAST_PER_COLUMN} each. Leave out columns that cannot matter.`,
    );
  }
}

/** Columns with the group that a pattern gives them; with properties too where that makes a whole grid. */
function withGroups<C extends Column & { header: string }>(
  columns: C[],
  asked: Options["groups"],
  refuse: (text: string) => void,
  note: (text: string) => void,
): C[] {
  if (asked.length > 0) {
    const grouped = columns.map((column) => {
      for (const [group, pattern] of asked) {
        const [before = "", after = ""] = pattern.split("*");
        const { header } = column;
        const isSuch =
          pattern.includes("*") &&
          header.length > before.length + after.length &&
          header.startsWith(before) &&
          header.endsWith(after);
        if (isSuch) {
          const property = header.slice(before.length, header.length - after.length);
          return { column, group, property: property.toLowerCase().replace(/[^a-z0-9]+/g, "_") };
        }
      }
      return { column, group: null, property: "" };
    });
    for (const [group, pattern] of asked) {
      if (!grouped.some((one) => one.group === group))
        refuse(
          `--group ${group}=${pattern} fits no column. A pattern is a header with one *, such as "*_mean".`,
        );
    }
    const isGrid = isWholeGrid(grouped);
    return grouped.map(({ column, group, property }) =>
      group === null ? column : { ...column, group, ...(isGrid && { property }) },
    );
  }
  // "radius_mean": the property, and behind its last sign the group.
  const split = columns.map((column) => {
    const [, property = "", group = null] = /^(.+)_([a-z][a-z0-9]*)$/.exec(column.key) ?? [];
    return { column, property, group };
  });
  const groups = new Set(split.map(({ group }) => group));
  const isGrid =
    groups.size >= 2 && groups.size <= 6 && split.every(({ column }) => column.type === "number");
  if (!isGrid || !isWholeGrid(split)) return columns;
  note(`The columns are a grid: each property as ${[...groups].join(", ")}.`);
  return split.map(({ column, property, group }) => ({ ...column, group: group as string, property }));
}

/** Whether every property is there once in every group, and there are at least two of both. */
function isWholeGrid(columns: readonly { group: string | null; property: string }[]): boolean {
  const groups = new Set(columns.map(({ group }) => group));
  const properties = new Set(columns.map(({ property }) => property));
  const cells = new Set(columns.map(({ group, property }) => `${group} ${property}`));
  return (
    !groups.has(null) &&
    groups.size > 1 &&
    properties.size > 1 &&
    cells.size === columns.length &&
    cells.size === groups.size * properties.size
  );
}
