import type { Batch } from "@/lib/batch/batch";
import { batchId } from "@/lib/batch/query";
import { isNotAllowed } from "@/lib/server/access/actor";
import { findBatch } from "@/lib/server/batch/batches";
import { type BatchFile, streamOf } from "@/lib/server/batch/export";
import { BUSY, takePlace, untilEnd } from "@/lib/server/limits/at-once";
import { log } from "@/lib/server/log";
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
  let file: BatchFile | Response | null;
  try {
    file = await make(found.value);
  } catch (error) {
    end();
    if (isNotAllowed(error)) throw error;
    log("error", "batch_not_exported", { batch: found.value.id }, error);
    return sayPlainly(
      503,
      "The file could not be made, or its download not recorded, so it is not sent. Try again.",
      { "retry-after": "10" },
    );
  }
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
