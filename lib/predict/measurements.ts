import { FEATURES, type Feature, type FeatureKey, oneCase } from "../../tables/current";
import { asWritten, type DecimalSign, plainNumber, provenSign } from "../number-text";
import { controlOf } from "../prediction/layout";
import { parseMeasurement } from "../prediction/measurement-text";
import { cellText, levelOf, valueText } from "../prediction/value";
import { fail, ok, type Result } from "../result";

/** What a person typed into the fields. */
export type MeasurementTexts = Record<FeatureKey, string>;
/** The values by key. */
export type Measurements = Record<FeatureKey, number>;

/** What stands in a field whose value is not known: an empty one may have been forgotten. */
export const UNKNOWN = "?";

/** Values out of texts as typed in, or one sentence for every field that has none. */
export function parseTexts(
  texts: Readonly<Partial<Record<FeatureKey, unknown>>>,
): Result<Measurements, Partial<Record<FeatureKey, string>>> {
  const { numbers, wrong } = readTexts(texts);
  return Object.keys(wrong).length === 0 ? ok(numbers as Measurements) : fail(wrong);
}

/** The values among the texts; fields that are empty or wrong are left out. */
export const readNumbers = (texts: Partial<MeasurementTexts>): Partial<Measurements> =>
  readTexts(texts).numbers;

/** Without a schema: the form carries this to the browser, where zod would be half of its scripts. */
function readTexts(texts: Readonly<Partial<Record<FeatureKey, unknown>>>) {
  const typed = FEATURES.map(({ key }) => {
    const text = texts[key];
    return typeof text === "string" ? text : "";
  });
  // Nearly every form is typed so, and then no field says how another is read.
  const written = FEATURES.map(({ index, least, type }) =>
    type === "number" ? asWritten(typed[index] ?? "", least) : null,
  );
  if (written.every((number) => number !== null)) {
    return { numbers: byKey(({ index }) => written[index] ?? Number.NaN), wrong: {} };
  }
  const sign = provenSign(typed.filter((_, index) => FEATURES[index]?.type === "number"));
  const numbers: Partial<Measurements> = {};
  const wrong: Partial<Record<FeatureKey, string>> = {};
  for (const feature of FEATURES) {
    const parsed = parseField(typed[feature.index] ?? "", feature, sign);
    if (parsed.ok) numbers[feature.key] = parsed.value;
    else wrong[feature.key] = parsed.error;
  }
  return { numbers, wrong };
}

/** One field as typed; `sign` is the decimal sign that the others prove, if any. The error is a sentence for the user. */
export function parseField(
  text: string,
  feature: Pick<Feature, "type" | "levels" | "levelLabels" | "mayMiss" | "least" | "range">,
  sign: DecimalSign | null,
): Result<number, string> {
  const { type, levels, mayMiss } = feature;
  if (text.trim() === UNKNOWN)
    return mayMiss ? ok(Number.NaN) : fail("There is no prediction without this value.");
  if (text.trim() === "" && mayMiss)
    return fail(type === "number" ? "Enter a number, or choose “Not known”." : "Choose one, or “Not known”.");
  if (type === "number") return parseMeasurement(text, feature, sign);
  const level = levelOf(feature, text);
  if (level !== null) return ok(level);
  return fail(text.trim() === "" ? "Choose one." : `“${text}” is none of the ${levels.length} known here.`);
}

/** A record with an entry for each feature. */
export function byKey<T>(entry: (feature: Feature) => T): Record<FeatureKey, T> {
  return Object.fromEntries(FEATURES.map((feature) => [feature.key, entry(feature)])) as Record<
    FeatureKey,
    T
  >;
}

/** The texts of values in the table's order, as the form shows them. */
export function textsOf(values: readonly number[]): MeasurementTexts {
  return byKey((feature) => fieldText(feature, values[feature.index]));
}

/** A value as its field has it: a code where one chooses, a word where one types. */
export function fieldText(
  feature: Pick<Feature, "type" | "levels" | "levelLabels" | "mayMiss">,
  value: number | undefined,
): string {
  if (value === undefined) return "";
  if (Number.isNaN(value)) return UNKNOWN;
  return controlOf(feature) === "list" ? valueText(feature, value) : cellText(feature, value);
}

/** The heading of the list of fields that stop a prediction. */
export function countWrongFields(count: number): string {
  return count === 1 ? "One value needs your attention." : `${count} values need your attention.`;
}

/** Something odd about a value that does not stop a prediction. */
export type Warning = { key: FeatureKey; message: string };

/**
 * What looks wrong in the numbers filled in so far: outside the training data, or against a rule of the table. Fields
 * that are empty or not numbers are passed over.
 */
export function findWarnings(values: Partial<Measurements>): Warning[] {
  const outside = oneCase.outsideTraining(values).map(({ key, range }) => ({
    key,
    message: `outside the training data (${range.min} to ${range.max})`,
  }));
  const broken = oneCase
    .brokenRules(values)
    .flatMap(({ key, message }) => (message === null ? [] : [{ key, message }]));
  return [...outside, ...broken];
}

/** Whether pasted text is for one field: a number, a level, or one word that is none. */
export function isOneCell(text: string): boolean {
  const cell = text.trim();
  if (FEATURES.some((feature) => levelOf(feature, cell) !== null)) return true;
  return plainNumber(cell, ".") !== null || plainNumber(cell, ",") !== null || !/[\s;|[({,]/.test(cell);
}
