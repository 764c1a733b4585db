import "server-only";
import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { hostname, setPriority } from "node:os";
import type { Act } from "@/lib/access/audit";
import { type Batch, type BatchState, batchTally, EMPTY_TALLY, ENDED } from "@/lib/batch/batch";
import { BIN_DAYS, daysBefore } from "@/lib/history/retention";
import { actor, runForTeam } from "@/lib/server/access/actor";
import { entriesOf, recorded } from "@/lib/server/access/audit";
import { ofRow } from "@/lib/server/access/audit-entry";
import { forEachTeam } from "@/lib/server/access/teams";
import { database } from "@/lib/server/database/db";
import { threadFile } from "@/lib/server/database/threads";
import type { Batch as BatchRecord } from "@/lib/server/generated/sqlite/client";
import { log } from "@/lib/server/log";
import { fromJson } from "@/lib/server/prediction/predictions";
import type { BatchJob, BatchMessage } from "./batch-worker";
import { forgetUpload, purgeBatch, toBatch } from "./batches";
import { batchStore } from "./store";
import { onWake } from "./wake";
import { eventOf } from "./webhook";

/**
 * Has batches worked on. Each web process takes one batch at a time by a lease in the database, has a process of its own
 * work on it, and writes down what that tells. Where a process is gone, its lease runs out and another takes the batch:
 * from the last part that was written, so that every row is answered once.
 */

const LOOK_EVERY_MS = 1_000;
const LEASE_MS = 10_000;
/** How often a worker's progress is written down, and its batch looked at for a pause. */
const TICK_MS = 400;
const PURGE_EVERY_MS = 6 * 60 * 60 * 1000;
/** Pages go first. */
const NICENESS = 10;
const WORKER_FLAGS = ["--max-semi-space-size=4", "--max-old-space-size=256"];
/** DuckDB's allocator, jemalloc, gives back what is free after 0.2 s, not after 1 s: 30 MB less. */
const WORKER_ENV = { DUCKDB_JE_MALLOC_CONF: "dirty_decay_ms:200,muzzy_decay_ms:0" };

/** This machine, this process, and what tells it from one that had its number before. */
const ME = `${hostname()} ${process.pid} ${randomUUID()}`;
/** Batches beyond them wait for these. */
const MOST_LOOKED_AT = 50;
const TO_DO: BatchState[] = ["reading", "running"];

/** Looks for batches of every team to work on for as long as the process runs; failures go to the log. */
export function startBatches(): void {
  let isBusy = false;
  const look = async () => {
    if (isBusy) return;
    isBusy = true;
    // Teams take turns, so that one with many batches does not keep the others waiting for all of them.
    for (let isWaiting = true; isWaiting; ) {
      isWaiting = false;
      await forEachTeam("batches_not_looked_for", async () => {
        const next = await claim();
        if (next === null) return;
        isWaiting = true;
        await workOn(next);
      });
    }
    isBusy = false;
  };
  onWake(() => void look());
  setInterval(() => void look(), LOOK_EVERY_MS).unref();
  let lookedAt = new Date(0);
  const purge = async () => {
    const since = lookedAt;
    lookedAt = new Date();
    await forEachTeam("batches_not_purged", () => purgeOld(since));
  };
  setInterval(() => void purge(), PURGE_EVERY_MS).unref();
  void purge();
}

/** Takes the lease of the batch that has waited longest; null where none waits. */
async function claim(): Promise<BatchRecord | null> {
  const { batch } = await database();
  const now = new Date();
  const found = await batch.findMany({
    where: { deletedAt: null, state: { in: TO_DO } },
    orderBy: { id: "asc" },
    take: MOST_LOOKED_AT,
  });
  for (const { id, done, tally, worker, workUntil } of found) {
    const isFree = worker === null || workUntil === null || isOver(workUntil, now) || isGone(worker);
    if (!isFree) continue;
    const { count } = await batch.updateMany({
      where: { id, state: { in: TO_DO }, worker, workUntil },
      // Only what a worker that is gone had written counts.
      data: { worker: ME, workUntil: leaseEnd(), seen: done, seenTally: tally },
    });
    if (count === 1) return batch.findUnique({ where: { id } });
  }
  return null;
}

/** A lease that ends so much later was taken before a clock was set back. */
const FAR_MS = 5 * 60_000;

const isOver = (until: Date, now: Date) => until < now || until.getTime() - now.getTime() > LEASE_MS + FAR_MS;

/** Whether a worker is a process of this machine that has ended. */
function isGone(worker: string): boolean {
  const [host, pid] = worker.split(" ");
  if (host !== hostname() || Number(pid) === process.pid) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
}

/** What the audit calls a state that a batch comes to without a person. */
const ACTS: Record<string, Act> = {
  running: "batch_started",
  paused: "batch_paused",
  finished: "batch_finished",
};
const IS_MINE = ofRow("batch", `worker = '${ME.replaceAll("'", "''")}'`);

const leaseEnd = () => new Date(Date.now() + LEASE_MS);

type Change = Partial<Omit<BatchRecord, "id">>;

/** Works on a batch until it is done, is to stop, or the lease is another's. */
async function workOn(record: BatchRecord): Promise<void> {
  const db = await database();
  const { batch: table } = db;
  const { id } = record;
  const { team } = actor();
  const batch = toBatch(record);
  let { state } = batch;
  let started = performance.now();
  const worked = () => record.workedMs + (state === "running" ? performance.now() - started : 0);
  const job = jobOf(record, batch);
  if (job === null) {
    const data = {
      ...goTo("unread"),
      problem: "The file has to be checked again.",
      worker: null,
      workUntil: null,
    };
    await table.updateMany({ where: { id, worker: ME }, data });
    return;
  }
  const child = startWorker();
  let isOver = false;
  /** Not a death to be counted. */
  const end = () => {
    isOver = true;
    child.kill("SIGKILL");
  };
  /** Where the lease is lost, another has begun where the parts ended, and what this worker does is no longer wanted. */
  const write = async (data: Change): Promise<void> => {
    const writing = table.updateMany({
      where: { id, worker: ME },
      data: { workedMs: worked(), workUntil: leaseEnd(), ...data },
    });
    const act = data.state === undefined ? undefined : ACTS[data.state];
    // A message of the worker is nobody's request.
    const entries =
      act === undefined ? [] : runForTeam(team, () => entriesOf(act, { object: "batch", objectId: id }));
    const { count } = await recorded(db, entries, writing, IS_MINE);
    if (count === 0) end();
  };
  let seen: Change = {};
  let writes: Promise<unknown> = Promise.resolve();
  const writeNext = (change: () => Change) => {
    writes = writes
      .then(() => write(change()))
      .catch((error: unknown) => {
        log("error", "batch_not_written", { batch: id }, error);
        // What it answers cannot be written down: the lease runs out, and the batch is taken up again.
        child.kill("SIGKILL");
      });
  };
  child.on("message", (message: BatchMessage) => {
    if (message.kind === "seen") {
      seen = seenOf(message);
      return;
    }
    const goesOn = message.kind === "read" && message.goesOn;
    if (message.kind !== "part" && !goesOn) isOver = true;
    writeNext(() => {
      // Not before its turn: what is read of the batch until then is still the old state.
      if (goesOn) [state, started] = ["running", performance.now()];
      return changeOf(message, state);
    });
  });
  const tick = setInterval(() => {
    writeNext(() => seen);
    writes = writes
      .then(async () => {
        const now = await table.findUnique({ where: { id }, select: { state: true, deletedAt: true } });
        if (now?.state === state && now.deletedAt === null) return;
        // A check has nothing to keep; answers become a part first.
        if (state === "reading") end();
        else if (child.connected) child.send("stop");
      })
      .catch((error: unknown) => log("error", "batch_not_read", { batch: id }, error));
  }, TICK_MS);
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  child.send(job);
  await ended;
  clearInterval(tick);
  await writes;
  if (!isOver) await noteDeath(id, state);
  await table
    .updateMany({ where: { id, worker: ME }, data: { worker: null, workUntil: null, workedMs: worked() } })
    .catch((error: unknown) => log("error", "batch_not_released", { batch: id }, error));
  const hasEnded = await table.count({ where: { id, state: { in: [...ENDED] }, worker: null } });
  if (hasEnded === 0) return;
  await forgetUpload(id).catch((error: unknown) => log("warn", "upload_left", { batch: id }, error));
}

function jobOf(record: BatchRecord, { id, state, mapping, check, model }: Batch): BatchJob | null {
  const { team } = actor();
  if (state === "reading") return { kind: "read", team, id, mapping, goesOn: record.autoStart };
  if (mapping === null || check === null) return null;
  const { parts: part, position, done } = record;
  const tally = fromJson(batchTally, record.tally) ?? EMPTY_TALLY;
  return { kind: "answer", team, id, mapping, check, start: { part, position, done, tally, model } };
}

function startWorker(): ChildProcess {
  const child = fork(threadFile("batch-worker"), [], {
    execArgv: WORKER_FLAGS,
    env: { ...process.env, ...WORKER_ENV },
    serialization: "advanced",
  });
  try {
    if (child.pid !== undefined) setPriority(child.pid, NICENESS);
  } catch (error) {
    log("warn", "batch_worker_not_nice", {}, error);
  }
  return child;
}

const seenOf = ({ done, tally, model }: BatchMessage & { kind: "seen" }): Change => ({
  seen: done,
  seenTally: JSON.stringify(tally),
  ...(model !== null && { model: JSON.stringify(model) }),
});

/** A new state, and what goes with it. */
const goTo = (state: BatchState): Change => ({ state, ...eventOf(state) });

/** What a message changes in the batch's row. */
function changeOf(message: Exclude<BatchMessage, { kind: "seen" }>, state: BatchState): Change {
  switch (message.kind) {
    case "unread":
      return {
        ...goTo("unread"),
        autoStart: false,
        problem: message.problem,
        shape: message.shape === null ? null : JSON.stringify(message.shape),
        mapping: message.mapping === null ? null : JSON.stringify(message.mapping),
      };
    case "read":
      return {
        ...(message.goesOn ? { ...goTo("running"), startedAt: new Date() } : goTo("read")),
        autoStart: false,
        problem: null,
        shape: JSON.stringify(message.shape),
        mapping: JSON.stringify(message.mapping),
        check: JSON.stringify(message.check),
      };
    case "part":
      return writtenOf(message);
    case "answered":
      return {
        ...writtenOf(message),
        ...{ seen: message.done, seenTally: JSON.stringify(message.tally) },
        ...(message.isWhole && { ...goTo("finished"), finishedAt: new Date() }),
        ...(message.problem !== null && { ...goTo("paused"), problem: message.problem }),
      };
    case "failed":
      return { ...goTo(state === "reading" ? "unread" : "paused"), problem: message.problem };
  }
}

const writtenOf = ({
  part,
  position,
  done,
  tally,
  model,
}: BatchMessage & { kind: "part" | "answered" }): Change => ({
  parts: part,
  position,
  done,
  tally: JSON.stringify(tally),
  ...(model !== null && { model: JSON.stringify(model) }),
});

/** How often a batch's worker may die without having written a part before it is left to a person. */
const MOST_DEATHS = 3;
const deaths = new Map<string, { count: number; parts: number }>();

async function noteDeath(id: string, state: BatchState): Promise<void> {
  const { batch } = await database();
  const { parts = 0 } = (await batch.findUnique({ where: { id }, select: { parts: true } })) ?? {};
  const earlier = deaths.get(id);
  const count = earlier?.parts === parts ? earlier.count + 1 : 1;
  deaths.set(id, { count, parts });
  log("warn", "batch_worker_died", { batch: id, count });
  if (count < MOST_DEATHS) return;
  deaths.delete(id);
  const problem = "The process that worked on it ended several times. The log may tell why.";
  await batch.updateMany({
    where: { id, worker: ME, state },
    data: { ...goTo(state === "reading" ? "unread" : "paused"), problem },
  });
}

/** Removes what has been deleted for as long as the bin keeps predictions, and the uploads of batches that have ended `since`. */
async function purgeOld(since: Date): Promise<void> {
  const { batch } = await database();
  const due = await batch.findMany({
    where: { deletedAt: { lte: daysBefore(new Date(), BIN_DAYS) } },
    select: { id: true },
  });
  for (const { id } of due) await purgeBatch(id);
  const ended = await batch.findMany({
    where: {
      ...{ state: { in: [...ENDED] }, finishedAt: { gte: since } },
      OR: [{ worker: null }, { workUntil: { lt: new Date() } }],
    },
    select: { id: true },
  });
  for (const { id } of ended) await forgetUpload(id);
  const left = await batch.findMany({ select: { id: true } });
  await batchStore().forgetAllBut(new Set(left.map(({ id }) => id)));
}
