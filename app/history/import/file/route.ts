import { whyNot, withNotice } from "@/lib/notices";
import { importPredictions, keepReport } from "@/lib/server/exchange/import";
import { receiveFile } from "@/lib/server/exchange/upload";
import { BUSY, takePlace } from "@/lib/server/limits/at-once";
import { log } from "@/lib/server/log";
import { sayBusy } from "@/lib/server/plain-answer";

const MAX_BYTES = 2_000_000_000;
const MAX_FILE_NAME = 200;
const PAGE = "/history/import";

/** Imports the file of the form while it arrives, and leads back to its page with a report. */
export async function POST(request: Request): Promise<Response> {
  const end = takePlace("import");
  if (end === null) return sayBusy(BUSY.import);
  return importFile(request).finally(end);
}

async function importFile(request: Request): Promise<Response> {
  const take = new URL(request.url).searchParams.get("take") === "edits";
  let name = "";
  const received = await receiveFile(request, "file", MAX_BYTES, (bytes, fileName) => {
    name = fileName.slice(0, MAX_FILE_NAME);
    return importPredictions(bytes, { take });
  });
  if (!received.ok) return goTo(withNotice(PAGE, received.error.code));
  const imported = received.value;
  if (!imported.ok) return goTo(withNotice(PAGE, whyNot(imported.error, "not_imported")));
  const { added, present, refused, differing, taken } = imported.value;
  log("info", "imported", { added, present, refused, differing, taken });
  const report = await keepReport(name, imported.value);
  return goTo(report.ok ? `${PAGE}?report=${report.value}` : withNotice(PAGE, "no_report"));
}

const goTo = (location: string) => new Response(null, { status: 303, headers: { location } });
