import type { Metadata } from "next";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { MAX_REFUSALS } from "@/lib/exchange/import-report";
import { predictionId } from "@/lib/history/query";
import { findReport } from "@/lib/server/exchange/import";
import { log } from "@/lib/server/log";

export const metadata: Metadata = { title: "Import predictions" };

const PROBLEMS: Record<string, string> = {
  no_file: "No file was chosen.",
  too_large: "The file is larger than 2 GB. Split it, and import the parts.",
  broken_off:
    "The file did not arrive whole. What arrived is saved, but for the last thousand predictions at most; send the file again for the rest.",
  not_saved:
    "Not all of it could be saved. What was read before is, but for the last thousand predictions at most; send the file again for the rest.",
  no_report: "The file was imported, but what came of it could not be kept.",
};

type Params = Promise<Record<string, string | string[] | undefined>>;

/** Takes a file of predictions, and says what came of the last one. */
export default async function ImportPage({ searchParams }: { searchParams: Params }) {
  const { report, problem } = await searchParams;
  return (
    <article className="grid max-w-3xl gap-4 *:min-w-0">
      <header className="grid gap-1">
        <h1 className="font-semibold text-lg">Import predictions</h1>
        <p>
          A CSV or JSON lines file as the history exports it, up to 2 GB. Predictions keep their ids: what is
          there already stays as it is, so the same file can be imported twice.{" "}
          <a href="/example.csv" download className="underline underline-offset-4">
            An example with two predictions
          </a>
          .
        </p>
      </header>
      {typeof problem === "string" && (
        <Notice kind="error" role="alert" title="The file was not imported whole.">
          <p>{PROBLEMS[problem] ?? "Try again."}</p>
        </Notice>
      )}
      {typeof report === "string" && <Report id={report} />}
      <form
        action="/history/import/file"
        method="post"
        encType="multipart/form-data"
        className="grid justify-items-start gap-3 rounded-md border border-line bg-surface p-4"
      >
        <label className="grid min-w-0 max-w-full gap-1">
          <span className="font-semibold">File</span>
          <input
            type="file"
            name="file"
            required
            accept=".csv,.jsonl,.ndjson,text/csv,application/jsonl"
            className="min-h-8 w-full min-w-0 rounded-md border border-field p-1"
          />
        </label>
        <Button type="submit" kind="primary">
          Import
        </Button>
        <p className="text-ink-muted text-sm">
          A million predictions take some minutes; the page waits for them.
        </p>
      </form>
      <p>
        <a href="/history" className="underline underline-offset-4">
          Back to the history
        </a>
      </p>
    </article>
  );
}

async function Report({ id }: { id: string }) {
  const found = predictionId.safeParse(id).success ? await findReport(id) : null;
  if (found !== null && !found.ok) log("error", "report_not_read", { cause: String(found.error.cause) });
  if (found === null || !found.ok || found.value === null) {
    return <Notice kind="warning" role="status" title="What came of this import is no longer known." />;
  }
  const { fileName, added, present, refused, refusals } = found.value;
  const count = (value: number) => value.toLocaleString("en");
  return (
    <>
      <Notice
        kind={refused > 0 ? "warning" : "done"}
        role="status"
        title={`${count(added)} new, ${count(present)} there already, ${count(refused)} refused.`}
      >
        <p className="break-all text-ink-muted">{fileName}</p>
      </Notice>
      {refusals.length > 0 && (
        <table className="w-full border-collapse text-left">
          <caption className="pb-1 text-left font-semibold">
            {refused > MAX_REFUSALS ? `The first ${MAX_REFUSALS} of those refused` : "Refused"}
          </caption>
          <thead>
            <tr className="border-line border-b">
              <th scope="col" className="py-1 pr-4">
                Line
              </th>
              <th scope="col" className="py-1">
                Reason
              </th>
            </tr>
          </thead>
          <tbody>
            {refusals.map(({ line, reason }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a list that never changes, in which lines can repeat.
              <tr key={index} className="border-line border-b align-top">
                <td className="py-1 pr-4 font-mono tabular-nums">{line}</td>
                <td className="py-1">{reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
