import { table } from "../tables/current";
import { fail, ok, type Result } from "./result";

const NUMBER = /^([+-]?)(\d*)(?:[.,](\d*))?(?:e([+-]?\d{1,4}))?$/i;

/** Significant digits and decimal exponent of a decimal number's text: equal for equal values ("1.50" and "15e-1"). */
function canonicalDigits(integer: string, fraction: string, exponent: number): string {
  const digits = `${integer}${fraction}`.replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  return significant === ""
    ? "0"
    : `${significant}e${exponent - fraction.length + digits.length - significant.length}`;
}

/** A number that is typed as JavaScript writes it, about which nothing can be in doubt; null for any other text. */
export function asWritten(text: string, least: number): number | null {
  const number = Number(text);
  return number >= least && Number.isFinite(number) && String(number) === text ? number : null;
}

/** The digits that a double needs; a program that prints more prints the double's own expansion. */
const DOUBLE_DIGITS = 17;

/**
 * Parses a measurement as a person types it: decimal point or decimal comma, exponent allowed.
 * Refuses whatever could be read two ways (`1,234`) and whatever a double would not keep as typed, so that no
 * number is ever changed silently; and what is below `least`. The error is a sentence for the user.
 */
export function parseNumberText(text: string, least: number): Result<number, string> {
  const trimmed = text.trim();
  if (trimmed === "") return fail("Enter a number.");
  const written = asWritten(trimmed, least);
  if (written !== null) return ok(written);
  const match = trimmed.length <= 60 ? NUMBER.exec(trimmed.replace("−", "-")) : null;
  const [, sign = "", integer = "", fraction = "", exponent = "0"] = match ?? [];
  if (match === null || integer + fraction === "") {
    return fail("This is not a number. Write it like 0.0062, 0,0062 or 6.2e-3.");
  }
  if (/^[+-]?[1-9]\d{0,2},\d{3}$/.test(trimmed)) {
    return fail(`This can be read two ways. Write ${integer}.${fraction} or ${integer}${fraction}.`);
  }
  const size = Number(`${integer || "0"}.${fraction || "0"}e${exponent}`);
  if (!Number.isFinite(size)) return fail("This number is too large.");
  const value = sign === "-" && size !== 0 ? -size : size;
  if (value < least) return fail(`A ${table.nouns.value} cannot be ${below(least)}.`);
  const [kept = "", keptExponent = "0"] = size.toString().split("e");
  const [keptInteger = "", keptFraction = ""] = kept.split(".");
  const typed = canonicalDigits(integer, fraction, Number(exponent));
  const digits = `${integer}${fraction}`.replace(/^0+/, "");
  const isPrinted =
    digits.length >= DOUBLE_DIGITS &&
    digits ===
      size
        .toExponential(digits.length - 1)
        .replace(/e.*/, "")
        .replace(".", "");
  if (!isPrinted && typed !== canonicalDigits(keptInteger, keptFraction, Number(keptExponent))) {
    return fail("This number has more digits than can be kept. Write at most 15 significant digits.");
  }
  return ok(value);
}

export type DecimalSign = "." | ",";

const PLAIN = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,4})?$/i;
/** Thousands set apart by what is no decimal sign here: the other sign, an apostrophe or one of the spaces. */
const GROUPED = /^[+-]?[1-9]\d{0,2}(?:([,'’ \u00a0\u2009\u202f])\d{3})(?:\1\d{3})*(?:\.\d*)?$/;

/** A number's text with a decimal point and no thousands separators, as it reads with this decimal sign; null where it does not. */
export function plainNumber(text: string, sign: DecimalSign): string | null {
  const trimmed = text.trim().replace("−", "-");
  const pointed = sign === "." ? trimmed : trimmed.replace(/[.,]/g, (each) => (each === "," ? "." : ","));
  if (PLAIN.test(pointed)) return pointed;
  return GROUPED.test(pointed) ? pointed.replace(/[^\d.+-]/g, "") : null;
}

/** Whether a text is a number with this decimal sign, and none with the other. */
export const provesSign = (text: string, sign: DecimalSign) =>
  plainNumber(text, sign) !== null && plainNumber(text, sign === "." ? "," : ".") === null;

/** The decimal sign that texts prove; null where they prove none, or both. */
export function provenSign(texts: readonly string[]): DecimalSign | null {
  const [point, comma] = ([".", ","] as const).map((sign) => texts.some((text) => provesSign(text, sign)));
  if (point === comma) return null;
  return comma ? "," : ".";
}

/** What a value is that is less than `least`: "negative", or "less than 5". */
export const below = (least: number) => (least === 0 ? "negative" : `less than ${least}`);

// Number() alone would read "" as 0, "0x1F" as 31 and "Infinity" as a number.
const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** Reads a number as programs write it: decimal point, exponent allowed, spaces around it; null for anything else. */
export function parseDecimal(text: string): number | null {
  const trimmed = text.trim();
  return DECIMAL.test(trimmed) ? Number(trimmed) : null;
}
