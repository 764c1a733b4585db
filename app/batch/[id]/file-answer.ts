import type { Batch } from "@/lib/batch/batch";
import { batchId } from "@/lib/batch/query";
import { findBatch } from "@/lib/server/batch/batches";
import type { BatchFile } from "@/lib/server/batch/export";
import { log } from "@/lib/server/log";
import { sayPlainly } from "@/lib/server/plain-answer";

/** A file of the batch `given`, as `make` makes it, streamed. */
export async function answerWithFile(
  request: Request,
  given: string,
  make: (batch: Batch) => Promise<BatchFile | null> | Response,
): Promise<Response> {
  // As its picture, frame or link: six at a time from one page.
  if (request.headers.get("sec-fetch-site") === "cross-site") {
    return sayPlainly(403, "Another site cannot take a batch.");
  }
  const id = batchId.safeParse(given);
  const found = id.success ? await findBatch(id.data) : null;
  if (found?.ok === false) return sayPlainly(503, "The batch cannot be read at the moment.");
  if (!found?.value) return sayPlainly(404, "There is no such batch.");
  const file = await make(found.value);
  if (file instanceof Response) return file;
  if (file === null) return sayPlainly(404, "This batch has no such file.");
  const pieces = file.bytes[Symbol.asyncIterator]();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await pieces.next();
          if (done === true) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          log("error", "batch_export_broken_off", { batch: found.value?.id }, error);
          // The connection breaks, so that half a file is not taken for a whole one.
          controller.error(error);
        }
      },
      async cancel() {
        await pieces.return?.();
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, {
    headers: {
      "content-type": file.contentType,
      "content-disposition": `attachment; filename="${file.fileName}"`,
      "cache-control": "no-store, no-transform",
    },
  });
}
