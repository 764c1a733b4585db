import "server-only";
import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { progressOf } from "@/lib/batch/progress";
import { watchBatch } from "./watch";

/** So that neither a proxy nor a client takes a silent stream for a dead one. */
const HEARTBEAT_MS = 15_000;

/** Headers of an answer with events; compressing would hold back what is to come at once. */
export const EVENT_HEADERS = {
  "Content-Type": "text/event-stream",
  "Cache-Control": "no-store, no-transform",
};

/**
 * The progress of a batch as server-sent events: at once, at every change, and its end; a comment where nothing changes. Read
 * as fast as the client takes it, and until then nothing is looked up.
 */
export function batchEvents(id: string, signal: AbortSignal): ReadableStream<Uint8Array> {
  const gone = new AbortController();
  const changes = watchBatch(id, AbortSignal.any([signal, gone.signal]));
  const encoder = new TextEncoder();
  let next: ReturnType<typeof changes.next> | null = null;
  return new ReadableStream(
    {
      // A stream is pulled by whoever sends it, not by who asked for it.
      pull: AsyncLocalStorage.bind(async (controller: ReadableStreamDefaultController<Uint8Array>) => {
        next ??= changes.next();
        const isHere = new AbortController();
        const heartbeat = sleep(HEARTBEAT_MS, null, { ref: false, signal: isHere.signal });
        // Its end is no failure.
        heartbeat.catch(() => {});
        const change = await Promise.race([next, heartbeat]);
        isHere.abort();
        if (change === null) {
          controller.enqueue(encoder.encode(": still here\n\n"));
          return;
        }
        next = null;
        if (change.done === true) controller.close();
        else controller.enqueue(encoder.encode(`data: ${JSON.stringify(progressOf(change.value))}\n\n`));
      }),
      cancel() {
        gone.abort();
      },
    },
    { highWaterMark: 0 },
  );
}
