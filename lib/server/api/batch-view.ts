import "server-only";
import { z } from "@hono/zod-openapi";
import { BATCH_STATES, type Batch, type BatchRow, batchTally, check } from "@/lib/batch/batch";
import { fileShape, mapping } from "@/lib/batch/mapping";
import { totalOf } from "@/lib/batch/progress";
import { diagnosis, label, probability } from "@/lib/contract";
import { proposalOf } from "@/lib/server/batch/batches";
import { BASE } from "./operation";
import { caution, measurements, measurementsOf, said, time } from "./prediction-view";

/** A batch and its rows as the API answers them. */

const batchCounts = z.object({
  rows: z.int().nullable().openapi({ description: "Rows of the file; null before it was read." }),
  bad: z.int().nullable().openapi({ description: "Those that cannot be read, and get no answer." }),
  total: z.int().openapi({ description: "Those that get one." }),
  done: z.int().openapi({ description: "Those that have one." }),
});

const batchLinks = z.object({
  self: z.string(),
  page: z.string().openapi({ description: "The same for a person." }),
  events: z.string(),
  rows: z.string(),
  results: z.string(),
  badRows: z.string(),
});

const listed = {
  id: z.uuid(),
  createdAt: time,
  fileName: z.string(),
  bytes: z.int().openapi({ description: "Of the file as it came." }),
  state: z.enum(BATCH_STATES).openapi({
    description:
      '"reading": the file is being checked. "unread": it cannot be read, or its columns are not clear; problem says why. "read": checked, and waiting to be started. "running". "paused": by somebody, or by problem. "stopped": ended early, with what was answered. "finished".',
  }),
  problem: z.string().nullable().openapi({ description: "A sentence for a person." }),
  counts: batchCounts,
  startedAt: time.nullable(),
  finishedAt: time.nullable(),
  links: batchLinks,
};

/** A batch in a list. */
export const batchSummary = z.object(listed).openapi("BatchSummary");

/** A mapping that may lack columns. */
const proposedMapping = z.object({
  measurements: z.array(z.int().nullable()),
  code: z.int().nullable(),
  truth: z.object({ column: z.int(), positive: z.string(), negative: z.string() }).nullable(),
  decimal: z.enum([".", ","]),
});

export const batchView = z
  .object({
    ...listed,
    shape: fileShape.nullable().openapi({ description: "How the file was divided, and its first rows." }),
    mapping: mapping.nullable().openapi({ description: "Which column, counted from 0, is what." }),
    proposal: z
      .object({ mapping: proposedMapping, problems: z.array(z.string()), left: z.array(z.int()) })
      .nullable()
      .openapi({ description: "What the columns were taken for, and what is in doubt." }),
    check: check.nullable().openapi({ description: "What reading the whole file found." }),
    tally: batchTally.openapi({ description: "What the answers so far add up to." }),
    model: z.object({ name: z.string(), version: z.string(), hash: z.string().nullable() }).nullable(),
    backend: z.string(),
    workedMs: z.number(),
    isWorkedOn: z.boolean().openapi({
      description: "Whether a process is at it: what was stopped or paused may have a part to write yet.",
    }),
    deletedAt: time.nullable(),
  })
  .openapi("Batch");

const addressOf = (id: string) => `${BASE}/batches/${id}`;

export const summaryOf = (batch: Batch): z.infer<typeof batchSummary> => ({
  id: batch.id,
  createdAt: batch.createdAt.toISOString(),
  fileName: batch.fileName,
  bytes: batch.bytes,
  state: batch.state,
  problem: batch.problem,
  counts: {
    rows: batch.check?.rows ?? null,
    bad: batch.check?.bad ?? null,
    total: totalOf(batch),
    done: batch.done,
  },
  startedAt: batch.startedAt?.toISOString() ?? null,
  finishedAt: batch.finishedAt?.toISOString() ?? null,
  links: {
    self: addressOf(batch.id),
    page: `/batch/${batch.id}`,
    events: `${addressOf(batch.id)}/events`,
    rows: `${addressOf(batch.id)}/rows`,
    results: `${addressOf(batch.id)}/results`,
    badRows: `${addressOf(batch.id)}/bad-rows`,
  },
});

export const viewOf = (batch: Batch): z.infer<typeof batchView> => ({
  ...summaryOf(batch),
  shape: batch.shape,
  mapping: batch.mapping,
  proposal: proposalOf(batch),
  check: batch.check,
  tally: batch.tally,
  model: batch.model && {
    name: batch.model.name,
    version: batch.model.version,
    hash: batch.model.hash,
  },
  backend: batch.backend,
  workedMs: batch.workedMs,
  isWorkedOn: batch.isWorkedOn,
  deletedAt: batch.deletedAt?.toISOString() ?? null,
});

/** One answered row. */
export const rowView = z
  .object({
    row: z.int().openapi({ description: "Counted from 1 among all rows of the file." }),
    caseCode: z.string().nullable(),
    diagnosis: diagnosis.openapi({ description: "The class by the threshold alone." }),
    label: label.nullable(),
    probability: probability.openapi({ description: "Of the positive class." }),
    cautions: z.array(caution).nullable(),
    truth: diagnosis.nullable().openapi({ description: "What the file says that it is." }),
    measurements,
    cells: z.array(z.string()).openapi({ description: "All columns of the file, in their order." }),
    links: z.object({ self: z.string(), page: z.string() }),
  })
  .openapi("BatchRow");

export const rowViewOf = (
  { id }: Pick<Batch, "id">,
  { row, code, values, cautions, ...answer }: BatchRow,
): z.infer<typeof rowView> => ({
  row,
  caseCode: code,
  diagnosis: answer.diagnosis,
  label: answer.label,
  probability: answer.probability,
  cautions: cautions && said(cautions, null),
  truth: answer.truth,
  measurements: measurementsOf(values),
  cells: answer.cells,
  links: { self: `${addressOf(id)}/rows/${row}`, page: `/batch/${id}/rows/${row}` },
});
