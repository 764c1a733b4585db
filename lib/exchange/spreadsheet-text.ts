/**
 * Spreadsheets run a cell's text as a formula where it starts with = + - or @, a tab or a line break, also after
 * spaces, and also with the fullwidth and small forms of those signs. OWASP: CSV injection.
 */
const FORMULA =
  /^'*(?:[\t\r\n]|[\s\p{Cc}\p{Cf}]*[=+\-@\u2212\uFE62\uFE63\uFE66\uFE6B\uFF0B\uFF0D\uFF1D\uFF20])/u;

/** The text with an apostrophe in front where a spreadsheet would run it; `unguardFormula` takes it off again. */
export function guardFormula(text: string): string {
  // Apostrophes in front count too, or a text that has one of its own would come back without it.
  return FORMULA.test(text) ? `'${text}` : text;
}

/** What `guardFormula` was given. */
export function unguardFormula(text: string): string {
  return text.startsWith("'") && FORMULA.test(text) ? text.slice(1) : text;
}

/** One cell of RFC 4180: quoted where it has a quote, a comma, a semicolon or a line break. */
export function csvCell(text: string): string {
  return /[",;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
