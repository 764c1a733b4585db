// The form carries this to the browser, where zod/mini is a quarter of the size of zod.
import * as z from "zod/mini";
import { FEATURE_KEYS, FEATURES, type Feature, type FeatureKey, PROPERTIES } from "../model/features";
import { parseNumberText } from "./number-text";
import { CIRCLE_RATIOS } from "./one-case";
import { fail, ok, type Result } from "./result";

/** What a person typed into the 30 fields. */
export type MeasurementTexts = Record<FeatureKey, string>;
/** The 30 numbers by key. */
export type Measurements = Record<FeatureKey, number>;

const numberText = z.pipe(
  z.string({ error: "Enter a number." }),
  z.transform((text, context) => {
    const parsed = parseNumberText(text);
    if (parsed.ok) return parsed.value;
    context.issues.push({ code: "custom", message: parsed.error, input: text });
    return z.NEVER;
  }),
);

/** 30 texts as typed in, 30 numbers out; one sentence for every field that is not a number. */
export const measurementTexts = z.object(byKey(() => numberText));

/** What the form sends: `key` names one filled form, so that sending it twice saves one row. */
export const predictForm = z.object({
  key: z.string().check(z.regex(/^[\w-]{16,64}$/)),
  values: measurementTexts,
});

/** A record with an entry for each of the 30 features. */
export function byKey<T>(entry: (feature: Feature) => T): Record<FeatureKey, T> {
  return Object.fromEntries(FEATURES.map((feature) => [feature.key, entry(feature)])) as Record<
    FeatureKey,
    T
  >;
}

/** The texts of 30 numbers in the dataset's order, as the form shows them. */
export function textsOf(values: readonly number[]): MeasurementTexts {
  return byKey((feature) => String(values[feature.index] ?? ""));
}

/** The heading of the list of fields that stop a prediction. */
export function countWrongFields(count: number): string {
  return count === 1 ? "One value needs your attention." : `${count} values need your attention.`;
}

/** Something odd about a value that does not stop a prediction. */
export type Warning = { key: FeatureKey; message: string };

/**
 * What looks wrong in the numbers filled in so far: outside the training data, worst below mean, a perimeter or
 * area that does not fit the radius. Fields that are empty or not numbers are passed over.
 */
export function findWarnings(values: Partial<Measurements>): Warning[] {
  const warnings: Warning[] = [];
  for (const { key, range } of FEATURES) {
    const value = values[key];
    if (value !== undefined && (value < range.min || value > range.max)) {
      warnings.push({ key, message: `outside the training data (${range.min} to ${range.max})` });
    }
  }
  for (const { key } of PROPERTIES) {
    const mean = values[`${key}_mean`];
    const worst = values[`${key}_worst`];
    if (mean !== undefined && worst !== undefined && worst < mean) {
      warnings.push({
        key: `${key}_worst`,
        message: "smaller than the mean; worst is the mean of the three largest",
      });
    }
  }
  const radius = values.radius_mean;
  for (const { property, low, high, formula, of } of CIRCLE_RATIOS) {
    const value = values[`${property}_mean`];
    if (radius === undefined || value === undefined || radius === 0) continue;
    const ratio = value / of(radius);
    if (ratio < low || ratio > high) {
      const message = `does not fit the mean radius: ${property}/(${formula}) is ${ratio.toFixed(2)}, in the training data ${low} to ${high}`;
      warnings.push({ key: `${property}_mean`, message });
    }
  }
  return warnings;
}

/** Whether pasted text is a row for the whole grid rather than one number for one field. */
export function looksLikeRow(text: string): boolean {
  return /[\t;\n]/.test(text.trim()) || text.split(",").length > 2;
}

/** In a row where a comma must be a decimal comma (`17,99`), `1,095` can be read in one way only. */
function decimalPoints(cells: string[]): string[] {
  const proven =
    cells.some((cell) => /,(?!\d{3}$)|^0\d*,/.test(cell)) && !cells.some((cell) => cell.includes("."));
  return proven ? cells.map((cell) => cell.replace(",", ".")) : cells;
}

/**
 * Reads a pasted row: 30 numbers separated by tabs, semicolons or line breaks (a comma is then a decimal comma),
 * or else by commas. An id and a diagnosis (M or B) in front are left out. The error says what was found.
 */
export function parsePastedRow(text: string): Result<MeasurementTexts, string> {
  const separator = /[\t;\r\n]/.test(text.trim()) ? /[\t;]|\r?\n|\r/ : ",";
  const cells = text
    .trim()
    .split(separator)
    .map((cell) => cell.trim().replace(/^"(.*)"$/, "$1"));
  // Spreadsheets and some copies of this dataset end a row with an empty column.
  while (cells.at(-1) === "") cells.pop();
  const diagnosis = cells.slice(0, 2).findIndex((cell) => /^[MB]$/i.test(cell));
  const start = diagnosis >= 0 ? diagnosis + 1 : cells.length === FEATURES.length + 1 ? 1 : 0;
  const numbers = decimalPoints(cells.slice(start));
  if (numbers.length !== FEATURES.length) {
    return fail(
      `Nothing was pasted: a row needs ${FEATURES.length} numbers, and this has ${numbers.length}.`,
    );
  }
  for (const feature of FEATURES) {
    const parsed = parseNumberText(numbers[feature.index] ?? "");
    if (!parsed.ok) {
      const place = `number ${feature.index + 1} (${feature.label})`;
      return fail(`Nothing was pasted: ${place} is “${numbers[feature.index]}”. ${parsed.error}`);
    }
  }
  return ok(byKey((feature) => numbers[feature.index] ?? ""));
}

/** The numbers among 30 texts; fields that are empty or wrong are left out. */
export function readNumbers(texts: Partial<MeasurementTexts>): Partial<Measurements> {
  const numbers: Partial<Measurements> = {};
  for (const key of FEATURE_KEYS) {
    const parsed = parseNumberText(texts[key] ?? "");
    if (parsed.ok) numbers[key] = parsed.value;
  }
  return numbers;
}
