import type { TableFile } from "./table-file";

/** What stands where nobody has written a text yet. */
export const NOT_WRITTEN = "not written yet";

/** Marks a text that a person has still to write; `question` is what it should answer, which `npm run check` lists. */
export const todo = (_question: string): string => NOT_WRITTEN;

/** How many texts of these are not written yet, however deep they are. */
export function countNotWritten(...texts: readonly unknown[]): number {
  return texts.reduce<number>((sum, one) => {
    if (one === NOT_WRITTEN) return sum + 1;
    return one !== null && typeof one === "object" ? sum + countNotWritten(...Object.values(one)) : sum;
  }, 0);
}

/** `unit`: behind the field; `levels`: by code, where a level is called otherwise. */
export type ColumnWords = {
  label: string;
  alias?: string;
  family?: string;
  unit?: string;
  levels?: Record<string, string>;
};

type Notice = readonly [string, string, string];

/**
 * `value`, `values`: what a column holds; `heading` is above a list of columns, `ofCase` above the values of a case; `errors` is
 * what makes them inexact, `answer` what is said of a case.
 */
type Nouns = Record<"value" | "values" | "heading" | "ofCase" | "errors" | "answer" | "person", string>;

const NOUNS: Nouns = {
  value: "value",
  values: "values",
  heading: "Column",
  ofCase: "Its values",
  errors: "errors in its numbers",
  answer: "answer",
  person: "person",
};

/** What a person says of a table, by the keys and codes of its table.json. */
export type Words<Key extends string = string, Code extends string = string> = {
  /** As pages and files call the application; `slug`, of a-z, 0-9 and -, as AWS does. */
  app: { name: string; slug: string };
  /** What every page says: what it is for, what it is not, and, where there is room, what that means. A table may have none. */
  notice: Notice | null;
  /** By code. `shape` stands beside the word, so that colour is never alone. */
  classes: Record<Code, { word: string; shape: string }>;
  /** Where "value" says too little of what a column holds, or "person" of whom a case may be about. */
  nouns?: Partial<Nouns>;
  /** What confirms an outcome, without and with its article, and a case that was put to it. */
  outcome: { test: string; aTest: string; tested: string };
  /** What the properties are of, and what ends "the range of the training data, …". */
  grid: { heading: string; units: string };
  /** `long`: the label where there is room for more; `names`: what files call it beside its key and its label. */
  groups: Record<string, { label: string; long?: string; names?: readonly string[] }>;
  properties: Record<string, { label: string; measures: string; names?: readonly string[] }>;
  /** What measurements are looked at together, as reasons of an answer are. A table may have none. */
  families?: Record<string, { label: string }>;
  /** `alias`: the name in a well-known copy of the dataset, where it is another; `family`: by key, where there are any. */
  columns: Record<Key, ColumnWords>;
  samples: Record<string, { label: string; about: string }>;
};

/** What the site is, what stands beside the form's heading, what its model learnt from, and what ends "Check their order: …". */
export type Site = {
  description: string;
  lead: string;
  data: string;
  /** What whoever opens the form for the first time reads. */
  welcome: {
    title: string;
    text: readonly string[];
    measured: (found: number, positives: number, alarms: number, negatives: number) => string;
    /** What leads to the page about the values, where there is one. */
    about?: string;
  };
  order: string;
};

/** What the model card says of the data, and for whom; what a table does not know of itself, it leaves out. */
export type Card = {
  use: string;
  not: { strong: string; rest: string };
  caution?: { title: string; text: string };
  data: {
    source: (cases: number, positives: number) => string;
    link?: { href: string; text: string };
    rest: string;
  };
  groups: string;
  missed?: string;
  /** What else than other answers moves the values of one's own cases. */
  drift?: string;
  singleSplit?: string;
};

/** What is known of the measurements, and what is not; a table may have nothing to say of them. */
export type About = {
  lead: string;
  sections: readonly { title: string; text: readonly string[] }[];
  properties: Readonly<Record<string, string>>;
};

/**
 * What a person outlines in an image so that the table's values follow from it, where they are such measurements
 * (lib/measure). A table may have none, and then no page for it.
 */
export type Measuring = {
  title: string;
  lead: string;
  /** What is outlined, and what the image is of. */
  nouns: { one: string; many: string; image: string };
  /** What the numbers are and what they are not, in sentences that are always seen; the first is the shortest. */
  honest: readonly [string, ...string[]];
  scale: {
    /** What one measured pixel is called, and what is known of it. */
    pixel: string;
    says: string;
    /** Pixels across of those that are known to be small and regular, by which a person can tell the scale. */
    typical: number;
    typicalOf: string;
    /** Mean radius, in measured pixels, outside which the scale is doubted. */
    radius: { least: number; most: number };
    /** The mean radius that the form speaks for: `numerator` / (`y` − `least` − `slope` × `x`), of values by their keys. */
    expectedRadius: { numerator: number; y: string; least: number; slope: number; x: string };
  };
  counts: {
    /** From how many on the numbers can be used, and from how many on they are as firm as the table's. */
    least: number;
    enough: number;
    says: string;
    advice: string;
  };
  /** Images drawn by a computer, in the table's folder `measure`, with the outlines that they were drawn from. */
  demos: readonly {
    key: string;
    label: string;
    about: string;
    image: string;
    truth: string;
    sha256: string;
  }[];
};

/** What the values of one case keep, by their meaning or by what the dataset shows. */
export type Rule<Key extends string = string> = {
  /** The measurements that it is of; the first is the one to look at where it is broken. */
  keys: readonly [Key, ...Key[]];
  /** Whether these values, in the order of `keys`, keep it. */
  holds: (...values: number[]) => boolean;
  /** What to say where they do not; null where another warning says it already. */
  message: (...values: number[]) => string | null;
  /** Whether the rule is "the first is not below the second", which a made-up case has to keep too. */
  isOrder?: boolean;
};

/**
 * One mistake that multiplies many values of a case by one factor, such as another unit: each value by the factor to its
 * `powers`. `says` is what a person reads: "Sizes look 1.5 times too large for these shapes." and the question after it.
 */
export type Scale<Key extends string = string> = {
  key: string;
  /** The caution's code in answers, files and the database. */
  caution: string;
  powers: Partial<Record<Key, number>>;
  /** Standard deviations of the training cases from which the factor is told of a single case. */
  limit: number;
  says: { what: string; beside: string; question: string };
};

/** What values show that were copied or filled in; `key` is the caution's code: a sentence without its full stop, a few words, and what to look at. */
export type Pattern<Key extends string = string> = {
  key: string;
  /** The measurements that it is of. */
  keys: readonly Key[];
  /** Whether it is in these values, in the order of `keys`. */
  isFound: (values: ArrayLike<number>) => boolean;
  says: string;
  short: string;
  advice: string;
};

export const COLUMN_TYPES = ["number", "category", "yes-no"] as const;
type ColumnType = (typeof COLUMN_TYPES)[number];

/** Every code of a caution of a table with these, the most serious first. */
export const everyCaution = (
  scales: readonly Pick<Scale, "caution">[],
  patterns: readonly Pick<Pattern, "key">[],
): string[] => [
  "impossible",
  ...scales.map(({ caution }) => caution),
  ...patterns.map(({ key }) => key),
  "atypical",
];

/** A case's values in the table's order, null or NaN where one is not known, or not yet. */
export type Gaps = readonly (number | null)[];

/** `span`: image units across the box; drawings side by side have one. `title`: what is heard; without it, decoration. */
type DrawingSize = { size: number; span: number; title?: string };

/**
 * A case drawn from its numbers, as the markup of an SVG in the ink of its surroundings, without style attributes. A
 * table may have none.
 */
export type Drawing = {
  /** What stands under every drawing of 96 pixels or more. */
  caption: string;
  /** What the lines of a full drawing with the typical cases are. */
  legend: string;
  /** The span of thumbs in the rows of a table, whatever the cases; readable from a size of 20 pixels. */
  rowSpan: number;
  /** Below 3,000 bytes and, where `hasTypical`, a typical case of each class; only these where too little is known. */
  full: (values: Gaps, options: DrawingSize & { hasTypical?: boolean }) => string;
  /** Outline and tone only, below 530 bytes; empty where too little is known. */
  thumb: (values: Gaps, options: DrawingSize) => string;
  /** The least of a few spans that holds all these cases; a full drawing with a span of its own needs its scale bar. */
  span: (cases: readonly Gaps[], kind: "full" | "thumb") => number;
  scaleBar: (size: DrawingSize) => { svg: string; says: string };
  /** What the drawing cannot show of these values, in sentences. */
  notes: (values: Gaps) => string[];
  /** The drawing in words. */
  describe: (values: Gaps) => string;
  /** What shows which property, each with an example of `size` pixels. */
  parts: (size: number) => { label: string; says: string; svg: string }[];
  /** The `data-part` of a full drawing that shows the measurement of this index; null where none does. */
  partOf: (index: number) => string | null;
};

/**
 * Takes a table.json, which says what the machine knows, and sets the person's words beside it. Throws where it has a
 * column, class, group, property or sample that the words do not know, or a column is in none of their families. What it
 * is besides, the compiler and table-file.ts check: the form carries this to the browser, where zod would be half of its
 * scripts.
 */
export function describeTable<Key extends string, Code extends string>(
  { columns, samples, file, classes, shown, ...facts }: TableFile,
  words: Words<Key, Code>,
) {
  const features = columns.map((column, index) => {
    const { levels: levelLabels = {}, ...said } = wordsOf<ColumnWords, Key>(words.columns, column.key);
    return {
      ...{ index, group: column.group ?? null, property: column.property ?? null },
      ...typeOf(column),
      levelLabels,
      ...{ alias: column.key, family: undefined, unit: undefined },
      ...said,
    };
  });
  const families = Object.entries(words.families ?? {}).map(([key, family]) => ({ ...family, key }));
  for (const { key, family } of features) {
    if (families.length > 0 && !families.some((one) => one.key === family))
      throw new Error(`"${key}" is in none of the table's families`);
  }
  const [first, ...others] = samples.map(({ values, ...one }) => ({
    ...one,
    values: values.map((value) => value ?? Number.NaN),
    ...wordsOf(words.samples, one.key),
  }));
  if (first === undefined) throw new Error("the table has no samples");
  const keys = features.map(({ key }) => key);
  return {
    ...facts,
    /** What lists show unasked, in the table's order. */
    shown: shown === undefined ? keys.slice(0, 3) : keys.filter((key) => shown.includes(key)),
    nouns: { ...NOUNS, ...words.nouns },
    /** As in files, on the wire and in the database. */
    classes: {
      positive: wordsOf<Words["classes"][string], Code>(words.classes, classes.positive).key,
      negative: wordsOf<Words["classes"][string], Code>(words.classes, classes.negative).key,
    },
    samples: [first, ...others] as const,
    /** From the project's folder. */
    dataFile: `tables/${facts.name}/${file}`,
    features,
    /** None where reasons are told by measurement alone. */
    families,
    groups: distinct(features.map(({ group }) => group)).map((key) => wordsOf(words.groups, key)),
    properties: distinct(features.map(({ property }) => property)).map((key) =>
      wordsOf(words.properties, key),
    ),
  };
}

const distinct = (keys: readonly (string | null)[]) => [...new Set(keys.filter((key) => key !== null))];

/** What a column can hold; a level stands for its place, so that every column has a range. */
function typeOf({ key, type: name, least, range, missing = 0, ...column }: TableFile["columns"][number]) {
  const levels: readonly string[] = column.levels ?? [];
  const type: ColumnType | undefined = COLUMN_TYPES.find((one) => one === name);
  if (type === undefined) throw new Error(`"${key}" has no type that is known`);
  const last = levels.length - 1;
  return {
    ...{ type, levels, mayMiss: missing > 0 },
    least: least ?? (type === "number" ? -Number.MAX_VALUE : 0),
    range: range ?? { min: 0, low: 0, high: last, max: last },
  };
}

function wordsOf<W, K extends string = string>(words: Readonly<Record<K, W>>, key: string): W & { key: K } {
  const isKnown = (name: string): name is K => Object.hasOwn(words, name);
  if (!isKnown(key)) throw new Error(`the table's words say nothing of "${key}"`);
  return { ...words[key], key };
}
