import * as z from "zod";

export const LONGEST_CASE_CODE = 64;
export const LONGEST_NOTE = 2_000;

/** What a person wrote beside a prediction; null where nothing. */
export type Annotation = { caseCode: string | null; note: string | null };

/** One change of what is kept beside a prediction. */
export type Edit = { id: string; at: Date; field: string; before: string | null; after: string | null };

const text = (name: string, longest: number) =>
  z
    .string(`The ${name} cannot be read.`)
    // A browser sends line ends as two characters and counts them as one.
    .transform((given) => given.replaceAll("\r\n", "\n").trim())
    .pipe(
      z.string().max(longest, {
        error: ({ input }) =>
          `The ${name} can have ${longest.toLocaleString("en")} characters; this has ${String(input).length.toLocaleString("en")}.`,
      }),
    )
    .transform((trimmed) => (trimmed === "" ? null : trimmed));

/** The fields of the form; spaces around them go, and an empty one is null. */
export const annotationForm = z.object({
  caseCode: text("case code", LONGEST_CASE_CODE).refine(
    (code) => code === null || !/\p{Cc}/u.test(code),
    "The case code must be on one line.",
  ),
  note: text("note", LONGEST_NOTE),
});

/** What the form shows after it was sent; `typed` is what was in it. */
export type AnnotationState = {
  saved: boolean;
  message: string;
  fields?: Partial<Record<keyof Annotation, string>>;
  typed: { caseCode: string; note: string };
} | null;
