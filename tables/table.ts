// The form carries this to the browser, where zod/mini is a quarter of the size of zod.
import * as z from "zod/mini";

/** What a person says of a table, by the keys and codes of its table.json. */
export type Words<Key extends string = string, Code extends string = string> = {
  /** Two sentences that every result says: what it is not, and what it must not be used for. */
  notice: readonly [string, string];
  /** By code. `shape` stands beside the word, so that colour is never alone. */
  classes: Record<Code, { word: string; shape: string }>;
  /** What confirms an outcome, without and with its article, and a case that was put to it. */
  outcome: { test: string; aTest: string; tested: string };
  /** What the properties are of, and what ends "the range of the training data, …". */
  grid: { heading: string; units: string };
  groups: Record<string, { label: string }>;
  properties: Record<string, { label: string; measures: string }>;
  /** `alias`: the name in a well-known copy of the dataset, where it is another. */
  columns: Record<Key, { label: string; alias?: string }>;
  samples: Record<string, { label: string; about: string }>;
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

const range = z.strictObject({ min: z.number(), low: z.number(), high: z.number(), max: z.number() });
const sample = z.strictObject({ key: z.string(), row: z.number(), values: z.array(z.number()) });

/**
 * Reads a table.json, which says what the machine knows, and sets the person's words beside it. Throws where it is
 * malformed, or has a column or a class that the words do not know.
 */
export function describeTable<Key extends string, Code extends string>(
  json: unknown,
  words: Words<Key, Code>,
) {
  const code = z.literal(Object.keys(words.classes) as Code[]);
  const { columns, samples, file, ...facts } = z.parse(
    z.strictObject({
      format: z.literal(1),
      name: z.string(),
      file: z.string(),
      /** SHA-256 of the file's bytes, hexadecimal. */
      sha256: z.string(),
      rows: z.number(),
      /** The header of the column that holds the class. */
      label: z.string(),
      /** As in files, on the wire and in the database. */
      classes: z.strictObject({ positive: code, negative: code }),
      columns: z.array(
        z.strictObject({
          key: z.literal(Object.keys(words.columns) as Key[]),
          type: z.literal("number"),
          group: z.string(),
          property: z.string(),
          /** The least value that a form, a file or a request may have. */
          least: z.number(),
          /** The extremes of the training rows, and their 5th and 95th percentile. */
          range,
        }),
      ),
      /** Rows of the file, counted from 0 without its header, that fill the form with one click. */
      samples: z.array(sample),
      /** What cross-validation chose for the model. */
      settings: z.strictObject({ whitening: z.number(), curvature: z.number(), ridge: z.number() }),
      /** At least this share of each class keeps its true label. */
      level: z.number(),
      threshold: z.number(),
    }),
    json,
  );
  const features = columns.map((column, index) => ({
    ...column,
    index,
    ...{ alias: column.key, ...words.columns[column.key] },
  }));
  const [first, ...others] = samples.map((one) => ({ ...one, ...wordsOf(words.samples, one.key) }));
  if (first === undefined) throw new Error("the table has no samples");
  return {
    ...facts,
    samples: [first, ...others] as const,
    /** From the project's folder. */
    dataFile: `tables/${facts.name}/${file}`,
    features,
    groups: [...new Set(features.map(({ group }) => group))].map((key) => wordsOf(words.groups, key)),
    properties: [...new Set(features.map(({ property }) => property))].map((key) =>
      wordsOf(words.properties, key),
    ),
  };
}

function wordsOf<W>(words: Readonly<Record<string, W>>, key: string): W & { key: string } {
  const found = words[key];
  if (found === undefined) throw new Error(`the table's words say nothing of "${key}"`);
  return { key, ...found };
}
