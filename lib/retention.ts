import * as z from "zod";

const DAY_MS = 24 * 60 * 60 * 1000;

/** How long what is in the bin can be taken out again. */
export const BIN_DAYS = 30;

export const LEAST_RETENTION = 30;
export const MOST_RETENTION = 3_650;

/** Days after which predictions go to the bin. */
export const retentionDays = z.int().min(LEAST_RETENTION).max(MOST_RETENTION);

/** The time `days` before `now`. */
export const daysBefore = (now: Date, days: number) => new Date(now.getTime() - days * DAY_MS);

/** Days that are left to take a prediction out of the bin, begun ones counted; 0 once it is due to go. */
export function daysLeft(deletedAt: Date, now: Date): number {
  const left = deletedAt.getTime() + BIN_DAYS * DAY_MS - now.getTime();
  return Math.max(0, Math.ceil(left / DAY_MS));
}

/** The form's text: null for off. */
export const retentionForm = z.object({
  days: z
    .string("The number of days cannot be read.")
    .trim()
    .refine((text) => text === "" || /^\d{1,6}$/.test(text), "Enter a whole number of days, or nothing to keep all.")
    .transform((text) => (text === "" ? null : Number(text)))
    .pipe(retentionDays.nullable().catch(({ value }) => {
      return value as never;
    })),
});
