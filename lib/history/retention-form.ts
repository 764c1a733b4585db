import * as z from "zod";
import { LEAST_RETENTION, MOST_RETENTION } from "./retention";

const explanation = `Enter a whole number of days from ${LEAST_RETENTION} to ${MOST_RETENTION.toLocaleString("en")}, or nothing to keep everything.`;

/** Days after which predictions go to the bin. */
export const retentionDays = z
  .int(explanation)
  .min(LEAST_RETENTION, explanation)
  .max(MOST_RETENTION, explanation);

/** `days` is null where the field is empty, for off; `confirmed` are the days that were asked about. */
export const retentionForm = z.object({
  days: z
    .string(explanation)
    .trim()
    .transform((text) => (text === "" ? null : /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN))
    .pipe(retentionDays.nullable()),
  confirmed: z.string().optional(),
});
