import { batchId } from "@/lib/batch/query";
import { findBatch } from "@/lib/server/batch/batches";
import { batchEvents, EVENT_HEADERS } from "@/lib/server/batch/events";
import { sayPlainly } from "@/lib/server/plain-answer";

/** The progress of a batch as server-sent events: at once, at every change, and its end. */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ id: string }> },
): Promise<Response> {
  const id = batchId.safeParse((await params).id);
  const found = id.success ? await findBatch(id.data) : null;
  if (found?.ok === false) return sayPlainly(503, "The batch cannot be read at the moment.");
  if (!id.success || !found?.value) return sayPlainly(404, "There is no such batch.");
  return new Response(batchEvents(id.data, request.signal), { headers: EVENT_HEADERS });
}
