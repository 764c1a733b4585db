import { importPredictions, keepReport } from "@/lib/server/exchange/import";
import { receiveFile } from "@/lib/server/exchange/upload";
import { log } from "@/lib/server/log";
import { isSameOrigin } from "@/lib/server/same-origin";

const MAX_BYTES = 2_000_000_000;
const MAX_FILE_NAME = 200;

/** Imports the file of the form while it arrives, and leads back to its page with what came of it. */
export async function POST(request: Request): Promise<Response> {
  if (!isSameOrigin(request.headers)) {
    return new Response("A file can be imported from Cytodesk's own page only.\n", {
      status: 403,
      headers: { "content-type": "text/plain; charset=utf-8" },
    });
  }
  let name = "";
  const received = await receiveFile(request, "file", MAX_BYTES, (bytes, fileName) => {
    name = fileName.slice(0, MAX_FILE_NAME);
    return importPredictions(bytes);
  });
  if (!received.ok) return goTo(`problem=${received.error.code}`);
  const imported = received.value;
  if (!imported.ok) {
    log("error", "not_imported", { cause: String(imported.error.cause) });
    return goTo("problem=not_saved");
  }
  const { added, present, refused } = imported.value;
  log("info", "imported", { added, present, refused });
  const report = await keepReport(name, imported.value);
  if (!report.ok) {
    log("error", "report_not_kept", { cause: String(report.error.cause) });
    return goTo("problem=no_report");
  }
  return goTo(`report=${report.value}`);
}

const goTo = (query: string) =>
  new Response(null, { status: 303, headers: { location: `/history/import?${query}` } });
