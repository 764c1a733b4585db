/** What a text seems to hold by which a patient could be known. */
type PersonalKind = "name" | "date" | "record number" | "phone number" | "e-mail address";

export type PersonalFinding = { kind: PersonalKind; text: string };

const MONTHS =
  "jan(?:uar[yi]?|vier)?|feb(?:ruar[yi]?)?|f[ée]v(?:rier)?|m(?:ar(?:ch|s|zo)?|ärz|rz)|a[pbv]r(?:il)?|ma[iy]o?|jun[ei]?|juin|jul[yi]?|juillet|aug(?:ust)?|ao[ûu]t|sep(?:t(?:ember|embre)?)?|o[ck]t(?:ober|obre)?|nov(?:ember|embre)?|de[cz](?:ember|embre)?|déc(?:embre)?";

const WORD = "\\p{Lu}\\p{Ll}+(?:['’-]\\p{Lu}\\p{Ll}+)*";
const SURNAME = `(?:(?:[OD]['’]|Mc|Mac)${WORD}|${WORD})`;

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
  ["date", /(?<!\p{L})(?:born|dob|d\.o\.b\.?|geb(?:oren|\.)?|né[e]?)[ :]*(?:on |in |am |le )?\d[\d./-]*/giu],
  ["phone number", /(?<![\d.])\+\d[\d ()/-]{5,}\d/gu],
  ["phone number", /(?<![\d.,])\(?0\d{1,5}\)?[ /-]\d{3,}(?:[ /-]\d{2,})*(?![\d.,]*\d)/gu],
  // The digits after a decimal point are a measurement's.
  ["record number", /(?<!\d|\d[.,])\d{6,}(?!\d|[.,]\d)/gu],
  ["record number", /(?<!\d|\d[.,])\d{2,5}(?:[ -]\d{2,5}){2,}(?!\d|[.,]\d)/gu],
  [
    "record number",
    /(?<!\p{L})(?:MRN|SSN|NHS|KVNR|AHV|patient(?:en)?(?: ?(?:id|no|nr|number))?)[ .:#]*\d{3,}/giu,
  ],
  [
    "name",
    new RegExp(
      `(?<!\\p{L})(?:Mrs?|Ms|Miss|Mx|Dr|Prof|Herrn?|Frau|Mme|Mlle|Monsieur|Madame|Señora?|Signora?|Sig|Dhr|Mevr(?:ouw)?)\\.? (?:\\p{Lu}\\. ?)*${SURNAME}`,
      "gu",
    ),
  ],
  ["name", /(?<!\p{L})(?:mrs?|ms|dr|prof|frau|herr)\.? \p{Ll}{2,}/gu],
  [
    "name",
    new RegExp(
      `(?<![\\p{L}\\d])${SURNAME},? (?:(?:\\p{Lu}\\.|v[ao]n|de[rl]?|da|di|bin|al) )*${SURNAME}(?!\\p{L})`,
      "gu",
    ),
  ],
  ["name", new RegExp(`(?<![\\p{L}\\d])\\p{Lu}\\. ?${SURNAME}(?!\\p{L})`, "gu")],
  ["name", /(?<![\p{L}\d-])\p{Lu}{4,},? \p{Lu}{4,}(?![\p{L}\d-])/gu],
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
