import "server-only";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type Check, EMPTY_TALLY } from "@/lib/batch/batch";
import { completeMapping, type FileShape, type Mapping, proposeMapping } from "@/lib/batch/mapping";
import { identityOf } from "@/lib/contract";
import { ok } from "@/lib/result";
import { runForTeam } from "@/lib/server/access/actor";
import { env } from "@/lib/server/env";
import { log } from "@/lib/server/log";
import { type Answered, answerTable, type PartWritten } from "./answer";
import { checkTable } from "./check";
import { openDuck } from "./duck";
import { embeddedModel, installedModel } from "./installed-model";
import { ANOTHER_MODEL, remoteModel } from "./models";
import { type Prepared, prepare } from "./prepare";
import { findStage, stageRows } from "./stage";
import { badRowsName, batchStore, partName, transformFolder, uploadName } from "./store";
import { transform } from "./transform";
import { transformTarget } from "./transform-target";

/**
 * The process that reads and answers one batch: of its own, so that no page waits for it and what it breaks is not the
 * server. It is told its job by a message, tells what it did by messages, and knows nothing of the database.
 */

export type BatchJob = { /** Whose batch it is. */ team: string; id: string } & (
  | /** `goesOn`: answers the file where nothing of it is in doubt. */
  { kind: "read"; mapping: Mapping | null; goesOn: boolean }
  | { kind: "answer"; mapping: Mapping; check: Check; start: PartWritten }
);

type Read = { shape: FileShape; mapping: Mapping; check: Check };

export type BatchMessage =
  | { kind: "unread"; shape: FileShape | null; mapping: Mapping | null; problem: string }
  | ({ kind: "read"; goesOn: boolean } & Read)
  | ({ kind: "seen" } & Pick<PartWritten, "done" | "tally" | "model">)
  | ({ kind: "part" } & PartWritten)
  | ({ kind: "answered" } & Answered)
  | { kind: "failed"; problem: string };

/** What DuckDB may take, not what it does: with less it writes Parquet by one thread, since it reckons by columns. */
const MEMORY_MB = 600;
const TOLD_EVERY_MS = 200;
/** Rows of a part: of a model over the network fewer, since what is not in a part yet is asked for again. */
const PART_ROWS = { local: 100_000, remote: 5_000 };

const NOTHING_WRITTEN: PartWritten = { part: 0, position: 0, done: 0, tally: EMPTY_TALLY, model: null };

const tell = (message: BatchMessage) => process.send?.(message);

const stopping = new AbortController();

process.on("message", (message: BatchJob | "stop") => {
  if (message === "stop") {
    stopping.abort();
    return;
  }
  runForTeam(message.team, () => run(message))
    .catch((error: unknown) => {
      log("error", "batch_failed", { batch: message.id }, error);
      tell({ kind: "failed", problem: explain(error) });
    })
    .finally(() => process.disconnect());
});
// Without the server nobody would write down what was done.
process.on("disconnect", () => process.exit());

async function run(job: BatchJob): Promise<void> {
  const store = batchStore();
  const folder = await store.workFolder(job.id);
  const upload = await store.fetch(uploadName(job.id));
  if (upload === null) {
    tell({
      kind: "unread",
      shape: null,
      mapping: null,
      problem: "The file is no longer there. Send it again.",
    });
    return;
  }
  const instance = await openDuck({ memoryMb: MEMORY_MB, folder: join(folder, "spill") });
  const connection = await instance.connect();
  const prepared = await prepare(upload, folder, connection);
  if (!prepared.ok) {
    tell({ kind: "unread", shape: null, mapping: null, problem: prepared.error });
    return;
  }
  if (job.kind === "answer") {
    await answer(job, prepared.value);
    return;
  }
  const found = await read(job, prepared.value);
  if (found === null) return;
  const goesOn = job.goesOn && isSure(found);
  tell({ kind: "read", goesOn, ...found });
  if (goesOn) await answer({ ...job, ...found, start: NOTHING_WRITTEN }, prepared.value);

  async function read({ id, mapping: given }: BatchJob & { kind: "read" }, table: Prepared) {
    const { shape } = table;
    const mapping = given === null ? completeMapping(proposeMapping(shape)) : ok(given);
    if (!mapping.ok) {
      tell({ kind: "unread", shape, mapping: null, problem: mapping.error });
      return null;
    }
    const complete = mapping.value;
    const badRows = join(folder, "bad-rows.csv");
    const staged = await stageRows(connection, table, complete, folder);
    const checked = await checkTable(connection, table, complete, staged, badRows);
    if (!checked.ok) {
      tell({ kind: "unread", shape, mapping: complete, problem: checked.error });
      return null;
    }
    await store.keep(badRowsName(id), badRows);
    return { shape, mapping: complete, check: checked.value };
  }

  async function answer(
    { id, mapping, check, start }: Omit<BatchJob & { kind: "answer" }, "kind">,
    table: Prepared,
  ) {
    const target = transformTarget();
    const isEmbedded = target === null && env().MODEL_URL.kind === "embedded";
    if (isEmbedded && start.model !== null && identityOf(start.model) !== identityOf(installedModel())) {
      tell({ kind: "failed", problem: ANOTHER_MODEL });
      return;
    }
    const stage = await findStage(connection, table, mapping, folder);
    const transformed =
      target === null
        ? null
        : await transform(
            {
              ...{ id, store, folder, connection, prepared: table, stage, mapping, check },
              ...{ done: start.done, model: start.model, signal: stopping.signal },
            },
            target,
          );
    if (transformed !== null && !("answer" in transformed)) {
      const { problem } = transformed;
      if (problem === null) tell({ kind: "answered", ...start, isWhole: false, problem });
      else tell({ kind: "failed", problem });
      return;
    }
    let toldAt = 0;
    // The other thread is the one that answers.
    if (isEmbedded) await connection.run("SET threads = 1");
    const answered = await answerTable({
      ...{ instance, prepared: table, stage, mapping, check, start },
      answer:
        transformed?.answer ?? (isEmbedded ? embeddedModel() : remoteModel(stopping.signal, start.model)),
      partRows: isEmbedded || transformed !== null ? PART_ROWS.local : PART_ROWS.remote,
      partFile: (part) => join(folder, `part-${part}.parquet`),
      keep: (part, file) => store.keep(partName(id, part), file),
      onSeen(seen) {
        const now = performance.now();
        if (now - toldAt < TOLD_EVERY_MS) return;
        toldAt = now;
        tell({ kind: "seen", ...seen });
      },
      onPart: (written) => tell({ kind: "part", ...written }),
      signal: stopping.signal,
    });
    if (answered.isWhole) await rm(folder, { recursive: true, force: true });
    tell({ kind: "answered", ...answered });
    if (!answered.isWhole || transformed === null) return;
    await store
      .remove(transformFolder(id))
      .catch((error: unknown) => log("warn", "transform_files_left", { batch: id }, error));
  }
}

/** Whether nothing of a file is in doubt: a bad row is no doubt, it has no answer whatever a person says. */
const isSure = ({ shape, check }: Read) =>
  check.warnings.length === 0 && proposeMapping(shape).problems.length === 0;

/** What went wrong with disk or memory, as a sentence for a person. */
function explain(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  if (/ENOSPC|No space left|EDQUOT|disk is full/i.test(text)) {
    return "The disk is full. Make room on it, then go on: what was answered is kept.";
  }
  if (/Out of Memory/i.test(text)) return "There was not enough memory. Go on, or send the file in parts.";
  return "It was stopped by a failure, which the log tells. Go on, or ask your administrator.";
}
