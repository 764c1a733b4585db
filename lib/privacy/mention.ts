/** Where a text mentions a case code, and the text without it. */

/** What stands where a code stood. */
const ERASED = "[erased]";

/** As a word of its own: of "B-17", neither "B-170" nor "AB-17" nor "B-17-2" is a mention. */
const wordOf = (code: string) =>
  new RegExp(
    `(?<![\\p{L}\\p{N}_-])${code.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)}(?![\\p{L}\\p{N}_]|-[\\p{L}\\p{N}])`,
    "gu",
  );

export const mentions = (text: string | null, code: string): boolean =>
  text !== null && wordOf(code).test(text);

/** A text in which each mention is "[erased]"; of a null, null. */
export const withoutMentions = <T extends string | null>(text: T, code: string): T =>
  (text === null ? null : text.replaceAll(wordOf(code), ERASED)) as T;

/** The same of every text in what JSON holds. */
export function valueWithoutMentions(value: unknown, code: string): unknown {
  if (typeof value === "string") return withoutMentions(value, code);
  if (Array.isArray(value)) return value.map((one) => valueWithoutMentions(one, code));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, valueWithoutMentions(one, code)]),
  );
}
