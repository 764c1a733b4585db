/** What a text seems to hold by which a person could be known. */
type PersonalKind = "name" | "date" | "record number" | "phone number" | "e-mail address";

export type PersonalFinding = { kind: PersonalKind; text: string };

const MONTHS =
  "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?";

const NAME = "\\p{Lu}['’\\p{L}-]*\\p{Ll}";

/** In the order they are tried: a text that one of them has taken is not tried by the next. */
const PATTERNS: readonly [kind: PersonalKind, pattern: RegExp][] = [
  ["e-mail address", /[\p{L}\d._%+-]+@[\p{L}\d-]+(?:\.[\p{L}\d-]+)+/gu],
  ["date", /(?<![\d.])(?:1[89]|20)\d\d([-/.])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])(?!\d)/gu],
  [
    "date",
    /(?<![\d.])(?:0?[1-9]|[12]\d|3[01])([-/.]) ?(?:0?[1-9]|[12]\d|3[01])\1 ?(?:(?:1[89]|20)\d\d|\d\d)(?![\d.]*\d)/gu,
  ],
  [
    "date",
    new RegExp(
      `(?<!\\d)\\d{1,2}(?:st|nd|rd|th|\\.)?[ -](?:of )?(?:${MONTHS})\\.?,?[ -]\\d{2,4}(?!\\d)`,
      "giu",
    ),
  ],
  [
    "date",
    new RegExp(`(?<!\\p{L})(?:${MONTHS})\\.? \\d{1,2}(?:st|nd|rd|th)?,? (?:1[89]|20)\\d\\d(?!\\d)`, "giu"),
  ],
  ["date", /(?<!\p{L})(?:born|dob|d\.o\.b\.?)[ :]*(?:on |in )?\d[\d./-]*/giu],
  ["phone number", /(?<![\d.])\+\d[\d ()/-]{5,}\d/gu],
  ["phone number", /(?<![\d.,])\(?0\d{1,5}\)?[ /-]\d{3,}(?:[ /-]\d{2,})*(?![\d.,]*\d)/gu],
  // The digits after a decimal point are a measurement's.
  ["record number", /(?<!\d|\d[.,])\d{6,}(?!\d|[.,]\d)/gu],
  ["record number", /(?<!\d|\d[.,])\d{2,5}(?:[ -]\d{2,5}){2,}(?!\d|[.,]\d)/gu],
  ["record number", /(?<!\p{L})(?:MRN|SSN|NHS|patient(?: ?(?:id|no|nr|number))?)[ .:#]*\d{3,}/giu],
  ["name", new RegExp(`(?<!\\p{L})(?:Mrs?|Ms|Dr|Prof)\\.? ${NAME}`, "gu")],
  ["name", new RegExp(`(?<![\\p{L}\\d])(?:${NAME},?|\\p{Lu}\\.) ${NAME}(?!\\p{L})`, "gu")],
];

/**
 * What in `text` looks like a name, a date of birth, a number on record or a way to reach someone. A guess by form
 * alone: it warns of what is harmless and misses what is not, so it never decides.
 */
export function findPersonalData(text: string): PersonalFinding[] {
  const found: PersonalFinding[] = [];
  let rest = text;
  for (const [kind, pattern] of PATTERNS) {
    rest = rest.replace(pattern, (match) => {
      found.push({ kind, text: match });
      // As long as what it hides, and a mark that no pattern goes across.
      return "\n".repeat(match.length);
    });
  }
  return found;
}
