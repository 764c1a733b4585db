import { FEATURES } from "../../tables/current";
import { featureVector } from "../contract";
import { below, parseDecimal } from "../number-text";
import { fail, ok, type Result } from "../result";

/** Reads "17.99, 10.38, ..." as a row of measurements in the table's order; an error says which place is wrong, not its value. */
export function parseMeasurementList(text: string): Result<number[], string> {
  const numbers: number[] = [];
  for (const [index, part] of text.split(",").entries()) {
    const number = parseDecimal(part);
    if (number === null) return fail(`value ${index + 1} is not a decimal number`);
    numbers.push(number);
  }
  const parsed = featureVector.safeParse(numbers);
  if (parsed.success) return ok(parsed.data);
  const at = parsed.error.issues[0]?.path[0];
  return fail(
    typeof at === "number"
      ? `value ${at + 1} is ${below(FEATURES[at]?.least ?? 0)} or not finite`
      : `expected ${FEATURES.length} numbers, got ${numbers.length}`,
  );
}
