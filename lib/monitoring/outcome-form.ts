import * as z from "zod";
import { diagnosis } from "../contract";
import { NEGATIVE, POSITIVE } from "../prediction/words";

export const EARLIEST_DAY = "1980-01-01";

/** The latest day that has begun anywhere, as "2026-11-24": a reader may be up to 14 hours ahead of UTC. */
export function latestDay(now = new Date()): string {
  return new Date(now.getTime() + 14 * 60 * 60 * 1000).toISOString().slice(0, 10);
}

/** The day that it is in a time zone, as "2026-11-24". */
export const todayIn = (timeZone: string, now = new Date()): string =>
  // Swedish writes a day so.
  new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" }).format(now);

const id = z.uuid("This form cannot be read. Reload the page.");
const outcome = z.enum(diagnosis.options, `Choose ${POSITIVE.word} or ${NEGATIVE.word}.`);
/** A day that something was confirmed on, as midnight UTC: not in the future, anywhere. */
export const outcomeDay = z
  .string("Enter the day.")
  .min(1, { error: "Enter the day.", abort: true })
  .pipe(z.iso.date("Enter a day as 2026-11-24."))
  .refine((day) => day >= EARLIEST_DAY, "The day must not be before 1980.")
  .refine((day) => day <= latestDay(), "The day must not be in the future.")
  .transform((day) => new Date(day));

/** The form of an outcome, `id` of the prediction; `on` is midnight UTC. Its two buttons are `do`. */
export const outcomeForm = z.discriminatedUnion("do", [
  z.object({ do: z.literal("record"), id, outcome, on: outcomeDay }),
  z.object({ do: z.literal("remove"), id }),
]);
