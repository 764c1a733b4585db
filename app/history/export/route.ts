import { exportPredictions, readExport } from "@/lib/server/exchange/export";
import { log } from "@/lib/server/log";

/** The predictions that the address's filters show, as a file to keep: CSV or JSON lines, streamed. */
export async function GET(request: Request): Promise<Response> {
  const asked = readExport(new URL(request.url).searchParams);
  if (!asked.ok) {
    return new Response(`${asked.error}\n`, {
      status: 400,
      headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
    });
  }
  const { where, file, contentType, fileName } = asked.value;
  return new Response(toByteStream(exportPredictions(where, file)), {
    headers: {
      "content-type": contentType,
      "content-disposition": `attachment; filename="${fileName}"`,
      // Compressing would take longer than the rest.
      "cache-control": "no-store, no-transform",
    },
  });
}

/** Asks for a piece when the consumer has room for it; a consumer that goes away ends the source. */
function toByteStream(source: AsyncGenerator<Uint8Array<ArrayBuffer>, void>): ReadableStream<Uint8Array> {
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = await source.next();
          if (done === true) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          log("error", "export_broken_off", {}, error);
          // The connection breaks, so that half a file is not taken for a whole one.
          controller.error(error);
        }
      },
      async cancel() {
        await source.return();
      },
    },
    { highWaterMark: 0 },
  );
}
