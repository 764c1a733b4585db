import { FEATURES } from "../../tables/current";
import { parseDecimal } from "../number-text";
import { cellText } from "../prediction/value";
import { fail, ok, type Result } from "../result";
import type { EndpointAnswer } from "./endpoint-answer";

/**
 * How an endpoint is asked and answers that knows CSV alone, as SageMaker's built-in XGBoost does; it tells a score and no
 * threshold. Source: https://docs.aws.amazon.com/sagemaker/latest/dg/cdf-inference.html
 */

/** Headerless rows of cells in the table's order; empty where a value is not known. */
export function writeCsvRequest(cases: readonly (readonly number[])[]): string {
  return cases.map((values) => FEATURES.map((feature) => cell(feature, values)).join()).join("\n");
}

function cell(feature: (typeof FEATURES)[number], values: readonly number[]): string {
  const text = cellText(feature, values[feature.index] ?? Number.NaN);
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * The answer of an endpoint in CSV to `rows` rows: a line of `score` or `score,label` each, or all scores in one line. Where
 * there is no label the threshold decides; the error says which line is wrong, not what is in it.
 */
export function readCsvAnswer(
  text: string,
  { rows, threshold, name }: { rows: number; threshold: number; name: string },
): Result<EndpointAnswer, string> {
  const lines = text.trim().split(/\r?\n/);
  const cells = lines.map((line) => line.split(","));
  const [first = []] = cells;
  // Some versions have no line breaks, so that two rows' scores look like a score and its label.
  const answers = lines.length === 1 && first.length === rows ? first.map((one) => [one]) : cells;
  const predictions: EndpointAnswer["predictions"] = [];
  for (const [at, [score = "", label, ...more]] of answers.entries()) {
    const value = parseDecimal(score);
    const told = label === undefined ? Number((value ?? 0) >= threshold) : parseDecimal(label);
    if (value === null || (told !== 0 && told !== 1) || more.length > 0) return fail(`line ${at + 1}`);
    predictions.push({ ...UNASSESSED, score: value, predicted_label: told });
  }
  return ok({ predictions, model: { name, version: "unknown", hash: null, threshold, uncertain: null } });
}

const UNASSESSED = { label: null, base: null, contributions: null, typicality: null, cautions: null };
