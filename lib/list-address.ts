import * as z from "zod";
import { FEATURE_KEYS, FEATURES, type Feature, type FeatureKey, table } from "../tables/current";
import { LEAST_VALUE } from "./contract";
import { type Choices, choiceTexts, type LevelFilter, UNKNOWN_LEVEL } from "./level-filters";
import { parseDecimal, parseNumberText } from "./number-text";

/** What the addresses of history and batch have in common: each is the whole state of a list, and is read strictly. */

export type Direction = "ascending" | "descending";

export const PAGE_SIZES = [25, 50, 100] as const;
export type PageSize = (typeof PAGE_SIZES)[number];

/** Both ends belong to it; null is open. */
export type Range = { min: number | null; max: number | null };
export type MeasurementRange = { key: FeatureKey } & Range;
/** The longest text to look for. */
export const MAX_TEXT = 100;

/** Parameters as Next hands them over: an array where one is repeated. */
export type SearchParams = Readonly<Record<string, string | string[] | undefined>>;

/** The parameters of an address as Next hands them over. */
export function searchParamsOf(all: URLSearchParams): SearchParams {
  return Object.fromEntries(
    [...new Set(all.keys())].map((name) => {
      const values = all.getAll(name);
      return [name, values.length === 1 ? values[0] : values];
    }),
  );
}

/** A query string as people can read it: only what must be is escaped. */
export function writePairs(pairs: readonly [string, string][]): string {
  return pairs
    .map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll("%2C", ",")}`)
    .join("&");
}

/** The pairs that have a value. */
export const setPairs = (
  pairs: readonly (readonly [string, string | number | null | undefined])[],
): [name: string, value: string][] =>
  pairs.flatMap(([name, value]) =>
    value === null || value === undefined || value === "" ? [] : [[name, String(value)]],
  );

export const quote = (input: unknown) => `"${String(input).slice(0, 40)}"`;

/** What to say of a parameter: that it is repeated, or that its value is not among `allowed`. */
export const explain =
  (name: string, allowed: string) =>
  ({ input }: { input?: unknown }) =>
    Array.isArray(input)
      ? `"${name}" is in the address more than once.`
      : `"${name}" cannot be ${quote(input)}. ${allowed}`;

/** An optional field; empty means not set. */
export const given = <T>(name: string, schema: z.ZodType<T, string>) =>
  z
    .string({ error: explain(name, "") })
    // No database keeps this one, or takes it in a question.
    .refine((text) => !text.includes("\0"), `"${name}" cannot be read.`)
    .transform((text, context): T | undefined => {
      if (text.trim() === "") return undefined;
      const read = schema.safeParse(text.trim());
      if (read.success) return read.data;
      context.addIssue({
        code: "custom",
        message: read.error.issues[0]?.message ?? `"${name}" cannot be read.`,
      });
      return z.NEVER;
    })
    .optional();

/** A field that `parse` reads; null where it cannot. */
export function parsed<T>(
  name: string,
  allowed: string,
  parse: (text: string) => T | null,
): z.ZodType<T, string> {
  return z.string().transform((text, context): T => {
    const value = parse(text);
    if (value !== null) return value;
    context.addIssue({ code: "custom", message: explain(name, allowed)({ input: text }) });
    return z.NEVER;
  });
}

const texts = z
  .union([z.string().transform((text) => [text]), z.array(z.string())])
  .transform((all) => all.flatMap((text) => text.split(",")).filter((text) => text !== ""));

/** A list in one parameter with commas, or the parameter repeated, as check boxes send it. */
export const list = <T extends string>(name: string, values: readonly T[]) =>
  texts
    .pipe(z.array(z.enum(values as [T, ...T[]], { error: explain(name, `It can be ${values.join(", ")}.`) })))
    .transform((chosen) => values.filter((value) => chosen.includes(value)))
    .optional();

/** A list of whole numbers from 0, in their order, each once. */
export const wholeNumbers = (name: string, allowed: string) =>
  texts
    .pipe(z.array(z.string().regex(/^\d{1,6}$/, { error: explain(name, allowed) })))
    .transform((all) => [...new Set(all.map(Number))].sort((a, b) => a - b))
    .optional();

/** As a person types it, with a decimal comma too; null where it is no number of `least` or more. */
const typedNumber = (text: string, least: number) => {
  const read = parseNumberText(text, least);
  return read.ok ? read.value : null;
};

const share = (name: string) =>
  parsed(name, "It is a number from 0 to 1.", (text) => {
    const value = typedNumber(text, 0);
    return value !== null && value <= 1 ? value : null;
  });

const size = (name: string) =>
  parsed(
    name,
    LEAST_VALUE === -Number.MAX_VALUE ? "It is a number." : `It is a number, ${LEAST_VALUE} or more.`,
    (text) => typedNumber(text, LEAST_VALUE),
  );

/** "10..20", "10..", "..20" */
function parseRange(text: string, least: number): Range | null {
  const ends = text.split("..");
  if (ends.length !== 2) return null;
  const [min, max] = ends.map((end) => (end === "" ? null : (parseDecimal(end) ?? Number.NaN))) as [
    number | null,
    number | null,
  ];
  const isEnd = (end: number | null) => end === null || end >= least;
  if (!isEnd(min) || !isEnd(max) || (min === null && max === null)) return null;
  return { min, max };
}

const rangeText = ({ min, max }: Range) => `${min ?? ""}..${max ?? ""}`;

/** A range in words. */
export const between = ({ min, max }: Range) =>
  min === null ? `at most ${max}` : max === null ? `at least ${min}` : `${min} to ${max}`;

/** A column's filter: places of levels, in their order. */
const levelsParameter = (feature: Choices) => {
  const choices = choiceTexts(feature);
  return texts
    .pipe(
      z.array(
        z.enum(
          choices.map(([text]) => text),
          { error: explain(feature.key, `It can be ${choices.map(([text]) => text).join(", ")}.`) },
        ),
      ),
    )
    .transform((chosen) =>
      chosen.length === 0
        ? undefined
        : choices.flatMap(([text, place]) => (chosen.includes(text) ? [place] : [])),
    )
    .optional();
};

/** A number's filter: a range or, where it may be, what is not known. */
const numberParameter = ({ key, least, mayMiss }: Feature) =>
  given<Range | readonly number[]>(
    key,
    parsed(
      key,
      `It is a range such as 10..20, 10.. or ..20${mayMiss ? `, or ${UNKNOWN_LEVEL} for what is not known` : ""}.`,
      (text) => (mayMiss && text === UNKNOWN_LEVEL ? [Number.NaN] : parseRange(text, least)),
    ),
  );

/** The parameter of a text to look for. */
export const textParameter = given(
  "text",
  z.string().max(MAX_TEXT, `“text” is at most ${MAX_TEXT} characters long.`),
);

/** The parameters of probability and measurements. `measure`, `min` and `max` are how a plain form says one more range. */
export const rangeParameters = {
  pmin: given("pmin", share("pmin")),
  pmax: given("pmax", share("pmax")),
  measure: given(
    "measure",
    z.enum(FEATURE_KEYS, {
      error: explain("measure", `It is one of the ${FEATURES.length} ${table.nouns.values}.`),
    }),
  ),
  min: given("min", size("min")),
  max: given("max", size("max")),
  ...(Object.fromEntries(
    FEATURES.map((feature): [FeatureKey, z.ZodType<Range | readonly number[] | undefined>] => [
      feature.key,
      feature.type === "number" ? numberParameter(feature) : levelsParameter(feature),
    ]),
  ) as Record<FeatureKey, z.ZodType<Range | readonly number[] | undefined>>),
};

/** What a list is narrowed to by the values. */
export type Ranges = {
  probability: Range | null;
  measurements: readonly MeasurementRange[];
  levels: readonly LevelFilter[];
};

/** The ranges of parsed parameters, or what is wrong with them together. */
export function readRanges(all: z.infer<z.ZodObject<typeof rangeParameters>>): Ranges | string {
  const { pmin, pmax, measure, min, max } = all;
  if (pmin !== undefined && pmax !== undefined && pmin > pmax) return "“pmin” is more than “pmax”.";
  const isRange = (one: Range | readonly number[] | undefined) => one !== undefined && "min" in one;
  const measurements = FEATURE_KEYS.flatMap((key) => {
    const given = all[key];
    const range =
      key === measure && (min !== undefined || max !== undefined)
        ? { min, max }
        : isRange(given)
          ? given
          : null;
    return range === null ? [] : [{ key, min: range.min ?? null, max: range.max ?? null }];
  });
  const levels = FEATURE_KEYS.flatMap((key) => {
    const places = all[key];
    const isNarrowed = measurements.some((range) => range.key === key);
    return places === undefined || isRange(places) || isNarrowed ? [] : [{ key, places }];
  });
  if (measure === undefined && (min !== undefined || max !== undefined)) {
    return "“min” and “max” need a “measure” that they are of.";
  }
  const turned = measurements.find(
    (range) => range.min !== null && range.max !== null && range.min > range.max,
  );
  if (turned !== undefined) return `The range of “${turned.key}” ends before it begins.`;
  const probability =
    pmin === undefined && pmax === undefined ? null : { min: pmin ?? null, max: pmax ?? null };
  return { probability, measurements, levels };
}

/** The measurements' ranges as an address has them. */
export const measurementPairs = (measurements: readonly MeasurementRange[]) =>
  measurements.map(({ key, ...range }): [string, string] => [key, rangeText(range)]);

const MEASUREMENT = `one of the ${FEATURE_KEYS.length} ${table.nouns.values}, such as ${FEATURE_KEYS[0]} or ${FEATURE_KEYS.at(-1)}`;

/** All are one word: every link of a page would name each of them. */
const ALL_COLUMNS = "all";

/** Measurements as an address has them. */
export const columnsText = (columns: readonly FeatureKey[]) =>
  columns.length === FEATURE_KEYS.length ? ALL_COLUMNS : columns.join();

/** Which measurements show. The column chooser is a plain form, so this may be repeated, and empty means none. */
export const columnsParameter = texts
  .transform((all) => all.flatMap((text) => (text === ALL_COLUMNS ? FEATURE_KEYS : [text])))
  .pipe(
    z.array(
      z.enum(FEATURE_KEYS, {
        error: explain("columns", `A column can be ${MEASUREMENT}; ${ALL_COLUMNS} is all of them.`),
      }),
    ),
  )
  .transform((chosen) => FEATURE_KEYS.filter((key) => chosen.includes(key)))
  .optional();

/** How many rows are on a page. */
export const sizeParameter = z
  .enum(PAGE_SIZES.map(String), { error: explain("size", `It can be ${PAGE_SIZES.join(", ")}.`) })
  .transform((text) => PAGE_SIZES.find((allowed) => String(allowed) === text))
  .optional();

type Signed<Key extends string> = Key | `-${Key}`;

/** A sort as an address says it: "-date" is descending. */
export const signedSort = <Key extends string>(key: Key, direction: Direction): Signed<Key> =>
  direction === "descending" ? `-${key}` : key;

/** What a list sorts by; `names` says which words there are, beside the measurements. */
export const sortParameter = <Key extends string>(keys: readonly Key[], names: string) =>
  z
    .enum(
      keys.flatMap((key): Signed<Key>[] => [key, `-${key}`]),
      {
        error: explain(
          "sort",
          `It can be ${names} or ${MEASUREMENT}; a minus in front turns the order round.`,
        ),
      },
    )
    .transform((text, context): { sort: Key; direction: Direction } => {
      const descending = text.startsWith("-");
      const sort = keys.find((key) => key === (descending ? text.slice(1) : text));
      if (sort !== undefined) return { sort, direction: descending ? "descending" : "ascending" };
      context.addIssue({ code: "custom", message: `There is no sort key in ${text}.` });
      return z.NEVER;
    })
    .optional();

/** The parameter of the place where a page starts; its text is read by `unpackCursor`. */
export const cursorParameter = z.string({ error: explain("cursor", "") }).optional();

/** What a place in a list is packed as in an address. */
export function packCursor(content: readonly unknown[]): string {
  const bytes = new TextEncoder().encode(JSON.stringify(content));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}

const MAX_CURSOR_LENGTH = 1000;

/** Undefined unless `text` is, to the letter, what `packCursor` makes of something that `schema` accepts. */
export function unpackCursor<T extends readonly unknown[]>(
  text: string,
  schema: z.ZodType<T>,
): T | undefined {
  if (text.length > MAX_CURSOR_LENGTH) return undefined;
  let content: unknown;
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) =>
      c.charCodeAt(0),
    );
    content = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
  const read = schema.safeParse(content);
  return read.success && packCursor(read.data) === text ? read.data : undefined;
}
