import "server-only";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { v7 as uuidv7 } from "uuid";
import * as z from "zod";
import type { Act } from "@/lib/access/audit";
import { BATCH_STATES, type Batch, type BatchState, batchTally, check, EMPTY_TALLY } from "@/lib/batch/batch";
import { fileShape, type Mapping, mapping, type Proposal, proposeMapping } from "@/lib/batch/mapping";
import { modelIdentity } from "@/lib/contract";
import { fail, ok, type Result } from "@/lib/result";
import { entriesOf, recorded } from "@/lib/server/access/audit";
import { ofRow } from "@/lib/server/access/audit-entry";
import type { Database } from "@/lib/server/database/db";
import { administering, reading, refusalOf, type StoreError, writing } from "@/lib/server/database/store";
import { env } from "@/lib/server/env";
import type { Batch as BatchRecord } from "@/lib/server/generated/sqlite/client";
import { inference } from "@/lib/server/inference/inference";
import { log } from "@/lib/server/log";
import { fromJson } from "@/lib/server/prediction/predictions";
import { batchStore, transformFolder, uploadName } from "./store";
import { wakeWorkers } from "./wake";

/** Batches as pages and programs see and change them; runner.ts has them worked on. */

const MOST_LISTED = 50;
/** The largest file that a door should take, in bytes: S3 takes 5 GB at once. */
export const MOST_UPLOAD_BYTES = 4_000_000_000;
const LONGEST_NAME = 200;

/** What answers batches now. */
const backend = () => (env().BATCH_ENGINE === "sagemaker" ? "sagemaker" : inference().describe().backend);

/**
 * Keeps a file and has it checked; its batch's id. The bytes are on the disk before there is a batch. `autoStart`: it is
 * answered as soon as it is read, where nothing is in doubt.
 */
export async function createBatch(
  bytes: AsyncIterable<Uint8Array>,
  fileName: string,
  autoStart = false,
): Promise<Result<string, StoreError | { code: "not_kept" }>> {
  // Before a byte of it is kept.
  const refused = refusalOf("predict");
  if (refused !== null) return fail(refused);
  const id = uuidv7();
  const store = batchStore();
  let size = 0;
  const counted = async function* () {
    for await (const chunk of bytes) {
      size += chunk.length;
      yield chunk;
    }
  };
  try {
    const part = join(await store.workFolder(id), "upload");
    await pipeline(counted, createWriteStream(part));
    await store.keep(uploadName(id), part);
  } catch (error) {
    await store.remove(id).catch(() => {});
    log("error", "upload_not_kept", {}, error);
    return fail({ code: "not_kept" });
  }
  const created = await writing("batch_not_made", async (db) => {
    const now = new Date();
    const making = db.batch.create({
      data: {
        ...{ id, createdAt: now, bytes: BigInt(size), state: "reading" satisfies BatchState, autoStart },
        fileName: fileName.replace(/^.*[/\\]/, "").slice(0, LONGEST_NAME) || "file",
        backend: backend(),
        tally: JSON.stringify(EMPTY_TALLY),
        seenTally: JSON.stringify(EMPTY_TALLY),
      },
    });
    await recorded(db, batchEntry("batch_made", id), making);
  });
  if (!created.ok) {
    await store.remove(id).catch(() => {});
    return created;
  }
  wakeWorkers();
  return ok(id);
}

/** A batch, deleted or not; null where there is none of this id. */
export const findBatch = (id: string): Promise<Result<Batch | null, StoreError>> =>
  reading("batch_not_read", async ({ batch }) => {
    const found = await batch.findUnique({ where: { id } });
    return found === null ? null : toBatch(found);
  });

/** The latest batches that are not deleted, newest first. */
export const listBatches = (): Promise<Result<Batch[], StoreError>> =>
  reading("batches_not_read", async ({ batch }) => {
    const found = await batch.findMany({
      where: { deletedAt: null },
      orderBy: { id: "desc" },
      take: MOST_LISTED,
    });
    return found.map(toBatch);
  });

/** What each column of a batch's file is taken for; null before it was read. */
export const proposalOf = ({ shape }: Pick<Batch, "shape">): Proposal | null =>
  shape === null ? null : proposeMapping(shape);

const batchEntry = (act: Act, id: string) => entriesOf(act, { object: "batch", objectId: id });

type Change = Partial<Omit<BatchRecord, "id">>;

/** Changes a batch that is in one of these states; whether it was. */
async function change(
  id: string,
  from: readonly BatchState[],
  data: Change,
  act: Act,
): Promise<Result<boolean, StoreError>> {
  const changed = await writing("batch_not_changed", async (db) => {
    const changing = db.batch.updateMany({
      where: { id, deletedAt: null, state: { in: [...from] } },
      data,
    });
    const states = from.map((state) => `'${state}'`).join(", ");
    const isIn = ofRow("batch", `deleted_at IS NULL AND state IN (${states})`);
    return (await recorded(db, batchEntry(act, id), changing, isIn)).count > 0;
  });
  wakeWorkers();
  return changed;
}

/** Has a file checked again by this mapping. */
export const changeMapping = (id: string, to: Mapping) =>
  change(
    id,
    ["read", "unread"],
    { state: "reading", problem: null, mapping: JSON.stringify(to), check: null },
    "batch_mapped",
  );

export const startBatch = (id: string) =>
  change(id, ["read"], { state: "running", startedAt: new Date(), backend: backend() }, "batch_started");
export const pauseBatch = (id: string) =>
  change(id, ["running"], { state: "paused", problem: null }, "batch_paused");
export const resumeBatch = (id: string) =>
  change(id, ["paused"], { state: "running", problem: null }, "batch_resumed");
/** Ends it with what was answered. */
export const stopBatch = (id: string) =>
  change(
    id,
    ["running", "paused"],
    { state: "stopped", problem: null, finishedAt: new Date() },
    "batch_stopped",
  );

/** Takes it out of the list; its files stay for as long as the bin keeps predictions. */
export const deleteBatch = (id: string): Promise<Result<boolean, StoreError>> =>
  change(id, BATCH_STATES, { deletedAt: new Date() }, "batch_deleted");

export const restoreBatch = (id: string): Promise<Result<boolean, StoreError>> =>
  writing("batch_not_restored", async (db) => {
    const restoring = db.batch.updateMany({
      where: { id, deletedAt: { not: null } },
      data: { deletedAt: null },
    });
    const isDeleted = ofRow("batch", "deleted_at IS NOT NULL");
    return (await recorded(db, batchEntry("batch_restored", id), restoring, isDeleted)).count > 0;
  });

/** A row of the table of batches as pages know it. */
export function toBatch(row: BatchRecord): Batch {
  const { id, createdAt, fileName, problem, backend, parts, workedMs } = row;
  const { startedAt, finishedAt, deletedAt } = row;
  const isWorkedOn = row.worker !== null;
  return {
    ...{ id, createdAt, fileName, problem, backend, parts, workedMs, startedAt, finishedAt, deletedAt },
    bytes: Number(row.bytes),
    state: z.enum(BATCH_STATES).parse(row.state),
    shape: fromJson(fileShape, row.shape),
    mapping: fromJson(mapping, row.mapping),
    check: fromJson(check, row.check),
    // What is answered beyond the written parts counts only while somebody is at it.
    done: isWorkedOn ? row.seen : row.done,
    tally: fromJson(batchTally, isWorkedOn ? row.seenTally : row.tally) ?? EMPTY_TALLY,
    model: fromJson(modelIdentity, row.model),
    isWorkedOn,
  };
}

/** Removes the file as it was sent, and what was made of it for a job elsewhere: nothing is read of them once a batch has ended. */
export async function forgetUpload(id: string): Promise<void> {
  for (const name of [uploadName(id), transformFolder(id)]) await batchStore().remove(name);
}

/** Removes a batch and its files for ever. */
export async function purgeBatch(id: string): Promise<Result<void, StoreError>> {
  const purge = async (db: Database) => {
    await batchStore().remove(id);
    const purging = db.batch.deleteMany({ where: { id } });
    await recorded(db, batchEntry("batch_purged", id), purging, ofRow("batch"));
  };
  return administering("batch_not_purged", purge, { batch: id });
}
