import { progressOf } from "@/lib/batch/progress";
import { batchId } from "@/lib/batch/query";
import { findBatch } from "@/lib/server/batch/batches";
import { watchBatch } from "@/lib/server/batch/watch";
import { sayPlainly } from "@/lib/server/plain-answer";

/** So that neither a proxy nor a browser takes a silent stream for a dead one. */
const HEARTBEAT_MS = 15_000;

/** The progress of a batch as server-sent events: at once, at every change, and its end. */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ id: string }> },
): Promise<Response> {
  const id = batchId.safeParse((await params).id);
  const found = id.success ? await findBatch(id.data) : null;
  if (found?.ok === false) return sayPlainly(503, "The batch cannot be read at the moment.");
  if (!id.success || !found?.value) return sayPlainly(404, "There is no such batch.");
  const gone = new AbortController();
  request.signal.addEventListener("abort", () => gone.abort());
  const encoder = new TextEncoder();
  const stream = new ReadableStream<Uint8Array>({
    async start(controller) {
      const say = (text: string) => !gone.signal.aborted && controller.enqueue(encoder.encode(text));
      const heartbeat = setInterval(() => say(": still here\n\n"), HEARTBEAT_MS);
      heartbeat.unref();
      try {
        for await (const batch of watchBatch(id.data, gone.signal)) {
          say(`data: ${JSON.stringify(progressOf(batch))}\n\n`);
        }
      } finally {
        clearInterval(heartbeat);
        if (!gone.signal.aborted) controller.close();
      }
    },
    cancel() {
      gone.abort();
    },
  });
  return new Response(stream, {
    // Compressing would hold back what is to come at once.
    headers: { "content-type": "text/event-stream", "cache-control": "no-store, no-transform" },
  });
}
