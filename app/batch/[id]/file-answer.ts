import type { Batch } from "@/lib/batch/batch";
import { batchId } from "@/lib/batch/query";
import { findBatch } from "@/lib/server/batch/batches";
import { type BatchFile, streamOf } from "@/lib/server/batch/export";
import { BUSY, takePlace, untilEnd } from "@/lib/server/limits/at-once";
import { sayBusy, sayPlainly } from "@/lib/server/plain-answer";

/** A file of the batch `given`, as `make` makes it, streamed. */
export async function answerWithFile(
  request: Request,
  given: string,
  make: (batch: Batch) => Promise<BatchFile | Response | null>,
): Promise<Response> {
  const id = batchId.safeParse(given);
  const found = id.success ? await findBatch(id.data) : null;
  if (found?.ok === false) return sayPlainly(503, "The batch cannot be read at the moment.");
  if (!found?.value) return sayPlainly(404, "There is no such batch.");
  const end = takePlace("batchExport");
  if (end === null) return sayBusy(BUSY.batchExport);
  const file = await make(found.value).catch((error: unknown) => {
    end();
    throw error;
  });
  if (file instanceof Response || file === null) {
    end();
    return file ?? sayPlainly(404, "This batch has no such file.");
  }
  // Who goes away before the first piece neither asks for one nor cancels.
  request.signal.addEventListener("abort", end);
  return new Response(untilEnd(streamOf(file), end), {
    headers: {
      "content-type": file.contentType,
      "content-disposition": `attachment; filename="${file.fileName}"`,
      "cache-control": "no-store, no-transform",
    },
  });
}
