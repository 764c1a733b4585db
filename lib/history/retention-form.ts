import * as z from "zod";
import { LEAST_RETENTION, MOST_RETENTION } from "./retention";

const explanation = `Enter a whole number of days from ${LEAST_RETENTION} to ${MOST_RETENTION.toLocaleString("en")}, or nothing to keep everything.`;

/** Days after which predictions go to the bin. */
export const retentionDays = z
  .int(explanation)
  .min(LEAST_RETENTION, explanation)
  .max(MOST_RETENTION, explanation);

/** The form's text; empty is null, for off. */
export const retentionForm = z
  .string(explanation)
  .trim()
  .transform((text) => (text === "" ? null : /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN))
  .pipe(retentionDays.nullable());
