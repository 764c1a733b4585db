import { fileStamp } from "@/lib/time";
import { words } from "@/tables/current";

/** The types of such files, by how their names end. */
export const TYPES = {
  csv: "text/csv; charset=utf-8",
  json: "application/json",
  jsonl: "application/x-ndjson",
} as const;

/**
 * Text as a file to keep, `what` in its name. Where reading fails the connection breaks, so that half a file is not taken for a
 * whole one.
 */
export function keptFile(
  what: string,
  ending: keyof typeof TYPES,
  pieces: AsyncGenerator<string, void>,
): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await pieces.next();
        if (done === true) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      async cancel() {
        await pieces.return();
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, {
    headers: {
      "content-type": TYPES[ending],
      "content-disposition": `attachment; filename="${words.app.slug}-${what}-${fileStamp()}.${ending}"`,
      "cache-control": "no-store, no-transform",
    },
  });
}
