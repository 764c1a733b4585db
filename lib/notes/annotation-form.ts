import * as z from "zod";
import { LONGEST } from "../prediction/columns";
import { caseCode, typedText } from "../prediction/typed-text";

/** The fields of the form, `id` of the prediction; spaces around texts go, and an empty one is null. */
export const annotationForm = z.object({
  id: z.uuid("This form cannot be read. Reload the page."),
  caseCode,
  note: typedText("note", LONGEST.note),
});
