const DAY_MS = 24 * 60 * 60 * 1000;

/** How long what is in the bin can be taken out again. */
export const BIN_DAYS = 30;

export const LEAST_RETENTION = 30;
export const MOST_RETENTION = 3_650;

/** The time `days` before `now`. */
export const daysBefore = (now: Date, days: number) => new Date(now.getTime() - days * DAY_MS);

/** Days that are left to take a prediction out of the bin, begun ones counted; 0 once it is due to go. */
export function daysLeft(deletedAt: Date, now: Date): number {
  const left = deletedAt.getTime() + BIN_DAYS * DAY_MS - now.getTime();
  return Math.max(0, Math.ceil(left / DAY_MS));
}

/** What the form shows once it was read: a sentence, or what it `wouldMove` now and has to be confirmed for `days`. */
export type RetentionDone = string | { days: number; wouldMove: number };

/** What becomes of predictions; `days`: after how many they go to the bin, null where they are kept. */
export const retentionText = (days: number | null) =>
  `${
    days === null
      ? "Predictions are kept until somebody deletes them."
      : `Predictions go to the bin ${days} days after they were made.`
  } What is in the bin can be restored for ${BIN_DAYS} days; then it is deleted for ever.`;
