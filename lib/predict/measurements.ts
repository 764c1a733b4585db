import { FEATURES, type Feature, type FeatureKey, table } from "../../tables/current";
import { parseNumberText } from "../number-text";
import { fail, ok, type Result } from "../result";
import { brokenRules, cannotBeOneCase, outsideTraining } from "./one-case";

/** What a person typed into the fields. */
export type MeasurementTexts = Record<FeatureKey, string>;
/** The numbers by key. */
export type Measurements = Record<FeatureKey, number>;

/**
 * Numbers out of texts as typed in, or one sentence for every field that is not a number. Without a schema: the form carries
 * this to the browser, where zod would be half of its scripts.
 */
export function parseTexts(
  texts: Readonly<Partial<Record<FeatureKey, unknown>>>,
): Result<Measurements, Partial<Record<FeatureKey, string>>> {
  const wrong: Partial<Record<FeatureKey, string>> = {};
  const numbers = byKey(({ key, least }) => {
    const text = texts[key];
    const parsed = parseNumberText(typeof text === "string" ? text : "", least);
    if (!parsed.ok) wrong[key] = parsed.error;
    return parsed.ok ? parsed.value : Number.NaN;
  });
  return Object.keys(wrong).length === 0 ? ok(numbers) : fail(wrong);
}

/** A record with an entry for each feature. */
export function byKey<T>(entry: (feature: Feature) => T): Record<FeatureKey, T> {
  return Object.fromEntries(FEATURES.map((feature) => [feature.key, entry(feature)])) as Record<
    FeatureKey,
    T
  >;
}

/** The texts of numbers in the table's order, as the form shows them. */
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
 * What looks wrong in the numbers filled in so far: outside the training data, or against a rule of the table. Fields
 * that are empty or not numbers are passed over.
 */
export function findWarnings(values: Partial<Measurements>): Warning[] {
  const outside = outsideTraining(values).map(({ key, range }) => ({
    key,
    message: `outside the training data (${range.min} to ${range.max})`,
  }));
  const broken = brokenRules(values).flatMap(({ key, message }) =>
    message === null ? [] : [{ key, message }],
  );
  return [...outside, ...broken];
}

/** Whether pasted text is for the whole grid: anything but one number, which goes into the field it is pasted into. */
export function looksLikeRow(text: string): boolean {
  return /[\s;]/.test(text.trim()) || text.split(",").length > 2;
}

const isId = (cell = "") => /^\d{5,}$/.test(cell);
const CODES = Object.values(table.classes).map((code) => code.toLowerCase());
const isClass = (cell = "") => CODES.includes(cell.toLowerCase());

/** How many cells in front are no measurements: an id of five digits or more, a class's code, or both. */
function countInFront([first, second]: string[]): number {
  if (isId(first)) return isClass(second) ? 2 : 1;
  if (isClass(first)) return isId(second) ? 2 : 1;
  return 0;
}

/**
 * Reads one pasted row: numbers separated by tabs or semicolons (a comma is then a decimal comma), or else by
 * commas. An id and a class in front are left out. Refuses whatever is not surely a row in the table's order; the
 * error is a sentence for the user that says what was found.
 */
export function parsePastedRow(text: string): Result<MeasurementTexts, string> {
  const refuse = (reason: string) => fail(`Nothing was pasted: ${reason}`);
  const [line = "", ...more] = text.split(/[\r\n]+/).filter((each) => each.trim() !== "");
  if (more.length > 0)
    return refuse(`this has ${more.length + 1} lines. Paste one row of ${FEATURES.length} numbers.`);
  const cells = line
    .trimStart()
    .split(/[\t;]/.test(line.trim()) ? /[\t;]/ : ",")
    .map((cell) => cell.trim().replace(/^"(.*)"$/, "$1"));
  const inFront = countInFront(cells);
  const numbers = cells.slice(inFront);
  // Spreadsheets and some copies of this dataset end a row with an empty column.
  while (numbers.length > FEATURES.length && numbers.at(-1) === "") numbers.pop();
  if (numbers.length === FEATURES.length + 1 && inFront === 0) {
    return refuse(
      `this has ${numbers.length} values. Is the first an id, or the last a label? Paste the ${FEATURES.length} numbers alone.`,
    );
  }
  if (numbers.length !== FEATURES.length) {
    const found = inFront === 0 ? numbers.length : `${numbers.length} after the id or ${table.label}`;
    return refuse(
      `a row needs ${FEATURES.length} numbers, with commas, tabs or semicolons between, and this has ${found}.`,
    );
  }
  // Where `17,99` shows that a comma is the decimal sign, `1,095` can be read in one way only.
  const hasDecimalCommas = numbers.some((cell) => /,(?!\d{3}$)|^0\d*,/.test(cell));
  const texts = byKey(({ index }) => numbers[index] ?? "");
  for (const { key, index, label, least } of FEATURES) {
    const place = `number ${index + 1} (${label}) is “${texts[key]}”`;
    if (hasDecimalCommas && texts[key].includes(".")) {
      return refuse(
        `${place}, though other numbers of this row have a decimal comma. Write all of them alike.`,
      );
    }
    if (hasDecimalCommas) texts[key] = texts[key].replace(",", ".");
    const parsed = parseNumberText(texts[key], least);
    if (!parsed.ok) return refuse(`${place}. ${parsed.error}`);
  }
  if (cannotBeOneCase(readNumbers(texts))) {
    return refuse(
      `read in the table's order, these ${FEATURES.length} numbers cannot be one case. Are they in another order, or is one missing?`,
    );
  }
  return ok(texts);
}

/** The numbers among the texts; fields that are empty or wrong are left out. */
export function readNumbers(texts: Partial<MeasurementTexts>): Partial<Measurements> {
  const numbers: Partial<Measurements> = {};
  for (const { key, least } of FEATURES) {
    const parsed = parseNumberText(texts[key] ?? "", least);
    if (parsed.ok) numbers[key] = parsed.value;
  }
  return numbers;
}
