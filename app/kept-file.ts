import { words } from "@/tables/current";

/**
 * A JSON document as a file to keep, `what` in its name. Where reading fails the connection breaks, so that half a document is
 * not taken for a whole one.
 */
export function jsonFile(what: string, pieces: AsyncGenerator<string, void>): Response {
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
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");
  return new Response(body, {
    headers: {
      "content-type": "application/json",
      "content-disposition": `attachment; filename="${words.app.slug}-${what}-${stamp}.json"`,
      "cache-control": "no-store, no-transform",
    },
  });
}
