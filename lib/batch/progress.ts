import type { Label, UncertainBand } from "../contract";
import type { Tally } from "../prediction/tally";
import type { Batch, BatchState, BatchTally } from "./batch";

/** How far a batch has come, as its page says it; in the browser too, so it takes nothing but types. */

/** What the event stream of a batch sends whenever it changes. */
export type Progress = {
  state: BatchState;
  isWorkedOn: boolean;
  done: number;
  total: number;
  workedMs: number;
  tally: BatchTally;
  /** Where the model is uncertain; null before the first answer, and where it tells no such thing. */
  band: UncertainBand | null;
};

/** Rows that will have an answer: those that can be read. */
export const totalOf = ({ check }: Pick<Batch, "check">) => (check === null ? 0 : check.rows - check.bad);

export const progressOf = (batch: Batch): Progress => ({
  state: batch.state,
  isWorkedOn: batch.isWorkedOn,
  done: batch.done,
  total: totalOf(batch),
  workedMs: batch.workedMs,
  tally: batch.tally,
  band: batch.model?.uncertain ?? null,
});

/** Whether nothing more happens to a batch without a person: one that was stopped still writes what it has. */
export const isAtRest = ({ state, isWorkedOn }: Pick<Progress, "state" | "isWorkedOn">) =>
  state !== "reading" && state !== "running" && !isWorkedOn;

/** The part that is done, 0..1. */
export const shareOf = ({ done, total }: Pick<Progress, "done" | "total">) =>
  total === 0 ? 0 : Math.min(1, done / total);

/** Quarters of the work that are done, 0..4: what is spoken of it, and nothing between. */
export const quarterOf = (progress: Pick<Progress, "done" | "total">) => Math.floor(4 * shareOf(progress));

/** "about 13 s left", by the rate so far; nothing before the first rows. */
export function timeLeft({ done, total, workedMs }: Pick<Progress, "done" | "total" | "workedMs">): string {
  if (done === 0 || workedMs === 0 || done >= total) return "";
  const seconds = Math.ceil(((total - done) * workedMs) / done / 1000);
  if (seconds < 90) return `about ${seconds} s left`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `about ${minutes} minutes left` : `about ${Math.ceil(minutes / 60)} hours left`;
}

/** "41,000 rows a second"; where that is less than one, "1.8 s a row". */
export function rateText({ done, workedMs }: Pick<Progress, "done" | "workedMs">): string {
  if (done === 0 || workedMs === 0) return "";
  const rate = (done / workedMs) * 1000;
  if (rate < 1) return `${(1 / rate).toPrecision(2)} s a row`;
  const rounded = rate < 10 ? rate.toPrecision(2) : Number(rate.toPrecision(2)).toLocaleString("en");
  return `${rounded} rows a second`;
}

/** How many rows of a tally have this answer. */
export const countAnswer = ({ bins }: BatchTally, answer: Label): number =>
  (bins[answer] ?? []).reduce((sum, count) => sum + count, 0);

/** The tally as the axis of probabilities takes it. */
export const axisTally = ({ bins }: BatchTally): Tally => ({
  exact: true,
  groups: (Object.entries(bins) as [Label, number[]][]).flatMap(([answer, counts]) =>
    counts.flatMap((count, bin) =>
      count === 0 ? [] : [{ answer, outcome: "unknown" as const, bin, count }],
    ),
  ),
});
