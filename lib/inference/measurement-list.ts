import { FEATURES } from "../../tables/current";
import { below } from "../number-text";
import { holdsValue } from "../prediction/value";
import { fail, ok, type Result } from "../result";
import { plainCells, readPlainCell } from "./plain-cell";

/** Reads "17.99, 10.38, ..." as a case in the table's order; an error says which place is wrong, not its value. */
export function parseMeasurementList(text: string): Result<number[], string> {
  const values: number[] = [];
  const parts = plainCells(text);
  for (const [index, part] of parts.entries()) {
    const feature = FEATURES[index] ?? NUMBER;
    const value = readPlainCell(feature, part);
    if (value === null) {
      return fail(
        `value ${index + 1} is ${feature.type === "number" ? "not a decimal number" : "none of its column"}`,
      );
    }
    values.push(value);
  }
  if (values.length !== FEATURES.length) {
    return fail(`expected ${FEATURES.length} ${KIND}, got ${values.length}`);
  }
  const wrong = FEATURES.find((feature) => !holdsValue(feature, values[feature.index] ?? Number.NaN));
  if (wrong === undefined) return ok(values);
  return fail(`value ${wrong.index + 1} is ${below(wrong.least)} or not finite`);
}

/** What is behind the last column. */
const NUMBER = { type: "number", levels: [], levelLabels: {}, mayMiss: false } as const;
const KIND = FEATURES.every(({ type }) => type === "number") ? "numbers" : "values";
