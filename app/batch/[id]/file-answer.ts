import type { Batch } from "@/lib/batch/batch";
import { batchId } from "@/lib/batch/query";
import { findBatch } from "@/lib/server/batch/batches";
import { type BatchFile, streamOf } from "@/lib/server/batch/export";
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
  return new Response(streamOf(file), {
    headers: {
      "content-type": file.contentType,
      "content-disposition": `attachment; filename="${file.fileName}"`,
      "cache-control": "no-store, no-transform",
    },
  });
}
