import { type NoticeName, whyNot, withNotice } from "@/lib/notices";
import { createBatch } from "@/lib/server/batch/batches";
import { log } from "@/lib/server/log";

/** Leads to the page of a batch of this file, or back with why there is none. */
export async function startWith(bytes: AsyncIterable<Uint8Array>, fileName: string): Promise<Response> {
  const created = await createBatch(bytes, fileName);
  if (!created.ok) return backWith(whyNot(created.error, "batch_not_kept"));
  log("info", "batch_created", { batch: created.value });
  return goTo(`/batch/${created.value}`);
}

export const backWith = (notice: NoticeName) => goTo(withNotice("/batch", notice));

const goTo = (location: string) => new Response(null, { status: 303, headers: { location } });
