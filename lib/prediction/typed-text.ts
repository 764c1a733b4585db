import * as z from "zod";
import { LONGEST } from "./columns";

/** A text that a person typed into the field called `name`: spaces around it go, and an empty one is null. */
export const typedText = (name: string, longest: number) =>
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
    // No database keeps this one.
    .refine((trimmed) => !trimmed.includes("\0"), `The ${name} cannot be read.`)
    .transform((trimmed) => (trimmed === "" ? null : trimmed));

/** What a person calls a case: one line, opaque. */
export const caseCode = typedText("case code", LONGEST.case_code).refine(
  (code) => code === null || !/\p{Cc}/u.test(code),
  "The case code must be on one line.",
);
