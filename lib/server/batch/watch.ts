import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import type { Batch } from "@/lib/batch/batch";
import { isAtRest, progressOf } from "@/lib/batch/progress";
import { requireRight } from "@/lib/server/access/actor";
import { findBatch } from "./batches";

const LOOK_EVERY_MS = 250;

/** Aborted when this process is asked to stop, once for all that watch: a stream that stays open would keep it for seconds. */
const shared = globalThis as { cytodeskStopping?: AbortController };

function stopping(): AbortSignal {
  if (shared.cytodeskStopping === undefined) {
    const controller = new AbortController();
    shared.cytodeskStopping = controller;
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const)
      process.once(signal, () => controller.abort());
  }
  return shared.cytodeskStopping.signal;
}

/**
 * A batch at once and at every change of it, until nothing more happens without a person, it is gone, `signal` aborts or this
 * process is asked to stop. While nobody asks for the next one, nothing is looked up. A failure to read is passed over.
 */
export async function* watchBatch(id: string, signal: AbortSignal): AsyncGenerator<Batch, void> {
  requireRight("read");
  const ended = AbortSignal.any([signal, stopping()]);
  let last = "";
  while (!ended.aborted) {
    const found = await findBatch(id);
    if (found.ok) {
      if (found.value === null) return;
      const now = JSON.stringify(progressOf(found.value));
      if (now !== last) yield found.value;
      last = now;
      if (isAtRest(found.value)) return;
    }
    await sleep(LOOK_EVERY_MS, undefined, { signal: ended }).catch(() => {});
  }
}
