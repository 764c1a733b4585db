import { type Export, exportPredictions, readExport, recordExport } from "@/lib/server/exchange/export";
import { BUSY, takePlace } from "@/lib/server/limits/at-once";
import { log } from "@/lib/server/log";
import { sayBusy, sayPlainly } from "@/lib/server/plain-answer";

/** The predictions that the address's filters show, as a file to keep: CSV or JSON lines, streamed. */
export async function GET(request: Request): Promise<Response> {
  const asked = ask(request);
  if (asked instanceof Response) return asked;
  const end = takePlace("export");
  if (end === null) return sayBusy(BUSY.export);
  // Who goes away before the first piece neither asks for one nor cancels.
  request.signal.addEventListener("abort", () => end());
  const recorded = await recordExport(asked);
  if (!recorded.ok) {
    end();
    return sayPlainly(503, "The export could not be recorded, so it is not made. Try again.");
  }
  const source = exportPredictions(asked.where, asked.file);
  return new Response(toByteStream(source, end), { headers: headersOf(asked) });
}

/** What the answer would begin with: Next's own HEAD would begin an export that nobody takes. */
export function HEAD(request: Request): Response {
  const asked = ask(request);
  return asked instanceof Response ? asked : new Response(null, { headers: headersOf(asked) });
}

function ask(request: Request): Export | Response {
  const asked = readExport(new URL(request.url).searchParams);
  return asked.ok ? asked.value : sayPlainly(400, asked.error);
}

const headersOf = ({ contentType, fileName }: Export) => ({
  "content-type": contentType,
  "content-disposition": `attachment; filename="${fileName}"`,
  // Compressing would take longer than the rest.
  "cache-control": "no-store, no-transform",
});

/** Asks for a piece when the consumer has room for it; a consumer that goes away ends the source. Then calls `end`. */
function toByteStream(
  source: AsyncGenerator<Uint8Array<ArrayBuffer>, void>,
  end: () => void,
): ReadableStream<Uint8Array> {
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = await source.next();
          if (done !== true) return controller.enqueue(value);
          controller.close();
          end();
        } catch (error) {
          end();
          log("error", "export_broken_off", {}, error);
          // The connection breaks, so that half a file is not taken for a whole one.
          controller.error(error);
        }
      },
      async cancel() {
        end();
        await source.return();
      },
    },
    { highWaterMark: 0 },
  );
}
