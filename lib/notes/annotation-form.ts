import * as z from "zod";
import { LONGEST } from "../prediction/columns";

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

/** The fields of the form, `id` of the prediction; spaces around texts go, and an empty one is null. */
export const annotationForm = z.object({
  id: z.uuid("This form cannot be read. Reload the page."),
  caseCode: text("case code", LONGEST.case_code).refine(
    (code) => code === null || !/\p{Cc}/u.test(code),
    "The case code must be on one line.",
  ),
  note: text("note", LONGEST.note),
});
