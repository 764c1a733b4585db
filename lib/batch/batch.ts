import * as z from "zod";
import { FEATURE_KEYS } from "../../tables/current";
import { type Diagnosis, diagnosis, type Label, label, type ModelIdentity } from "../contract";
import { BINS } from "../prediction/tally";
import type { FileShape, Mapping } from "./mapping";

/** A batch: the cases of one file, checked, then answered in parts, as pages, API and engine know it. */

/**
 * "reading": the file is being checked; "unread": it cannot be, `problem` says why, or its columns need a person;
 * "read": checked, and waiting for a person; "running"; "paused": by a person, or by `problem`; "stopped": ended before
 * its last row, with what was answered; "finished".
 */
export const BATCH_STATES = [
  "reading",
  "unread",
  "read",
  "running",
  "paused",
  "stopped",
  "finished",
] as const;
export type BatchState = (typeof BATCH_STATES)[number];
/** Those in which nothing more is read of the file as it was sent. */
export const ENDED: readonly BatchState[] = ["stopped", "finished"];

/** A row that cannot be read; `line` and `row` are counted from 1, the header's line included, `row` without it. */
const badRow = z.object({
  line: z.int(),
  /** The name of the column at fault; null where the whole line is. */
  column: z.string().nullable(),
  text: z.string(),
  reason: z.string(),
});
export type BadRow = z.infer<typeof badRow>;

/** What the check of a whole file found. */
export const check = z.object({
  /** Rows of the file, without header and empty lines. */
  rows: z.int(),
  bad: z.int(),
  /** The first of the bad ones; the others are in a file of the batch. */
  problems: z.array(badRow),
  /** How many good rows lie outside the training cases' range, by measurement; only those that any does. */
  outside: z.array(z.object({ key: z.enum(FEATURE_KEYS), count: z.int() })),
  /** Good rows with exactly the values of a training case. */
  trainingCases: z.int(),
  /** Good rows by what their truth says; null where no column is the truth. */
  truth: z.object({ positive: z.int(), negative: z.int(), other: z.int() }).nullable(),
  /** Sentences on what looks wrong of the file as a whole. */
  warnings: z.array(z.string()),
});
export type Check = z.infer<typeof check>;

/** What the answers so far add up to. */
export const batchTally = z.object({
  /** By answer: the rows in each bin of `lib/prediction/tally.ts`. */
  bins: z.partialRecord(label, z.array(z.int()).length(BINS)),
  /** By caution's code; "any" is rows with one or more. */
  cautions: z.record(z.string(), z.int()),
  /** By true class: how many got which answer, and which diagnosis. Rows without a truth are in none. */
  truth: z.partialRecord(
    diagnosis,
    z.object({ answers: z.partialRecord(label, z.int()), diagnoses: z.partialRecord(diagnosis, z.int()) }),
  ),
});
export type BatchTally = z.infer<typeof batchTally>;

export const EMPTY_TALLY: BatchTally = { bins: {}, cautions: {}, truth: {} };

export type Batch = {
  id: string;
  createdAt: Date;
  fileName: string;
  /** Of the file as it came. */
  bytes: number;
  state: BatchState;
  /** A sentence for a person: why it cannot be read, or has paused. */
  problem: string | null;
  shape: FileShape | null;
  mapping: Mapping | null;
  check: Check | null;
  /** Rows answered, of `check.rows - check.bad`. */
  done: number;
  tally: BatchTally;
  /** How many parts hold the rows that can be listed: while it runs, some of `done` are in none yet. */
  parts: number;
  /** Null before the first answer. */
  model: ModelIdentity | null;
  backend: string;
  /** For how long it has been running, in all. */
  workedMs: number;
  /** Whether a process is at it now: checks, answers, or ends what it was doing. */
  isWorkedOn: boolean;
  startedAt: Date | null;
  finishedAt: Date | null;
  deletedAt: Date | null;
};

/** One answered row. `row`: counted from 1 among all rows of the file; `cells`: all columns of the file as texts. */
export type BatchRow = {
  row: number;
  code: string | null;
  label: Label | null;
  diagnosis: Diagnosis;
  probability: number;
  cautions: string[] | null;
  truth: Diagnosis | null;
  values: number[];
  cells: string[];
};
