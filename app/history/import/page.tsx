import type { Metadata } from "next";
import { May } from "@/app/may";
import { RedirectNotice } from "@/app/redirect-notice";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { NotRead } from "@/components/ui/not-read";
import { Notice } from "@/components/ui/notice";
import { Page } from "@/components/ui/page";
import { ColumnHead, ScrollTable } from "@/components/ui/table";
import { type ImportReport, MAX_REMARKS } from "@/lib/exchange/import-report";
import { capitalised } from "@/lib/format";
import { predictionId } from "@/lib/history/query";
import { findReport } from "@/lib/server/exchange/import";
import { table } from "@/tables/current";

export const metadata: Metadata = { title: "Import predictions" };

type Params = Promise<Record<string, string | string[] | undefined>>;

/** Takes a file of predictions, and reports on the last one. */
export default async function ImportPage({ searchParams }: { searchParams: Params }) {
  const params = await searchParams;
  return (
    <Page
      title="Import predictions"
      back={{ href: "/history", name: "History" }}
      lead="From a file that a history exported, here or elsewhere, even if it was edited in a spreadsheet since."
    >
      <RedirectNotice params={params} />
      {typeof params.report === "string" && <Report id={params.report} />}
      <May permission="predict" isSaid>
        <Card
          title="What to import"
          caption={
            <>
              CSV or JSON lines of up to 2 GB, or XLSX of up to 20 MB. Semicolons, tabs and decimal commas are
              read as well. Predictions that are in the history already stay as they are, so the same file can
              be imported twice.{" "}
              <a href="/example.csv" download className="underline underline-offset-4">
                An example with two predictions
              </a>
            </>
          }
        >
          <form
            action="/history/import/file"
            method="post"
            encType="multipart/form-data"
            className="grid justify-items-start gap-4"
          >
            <label className="grid w-full min-w-0 gap-1">
              <span className="font-medium text-ink-2 text-xs">File</span>
              <input
                type="file"
                name="file"
                required
                accept=".csv,.tsv,.jsonl,.ndjson,.xlsx,text/csv,application/jsonl"
                className="min-h-control w-full min-w-0 rounded-field border border-ink-3 bg-surface p-1 file:mr-3 file:min-h-7 file:rounded-md file:border file:border-ink-3 file:bg-sunken file:px-3 file:font-medium"
              />
            </label>
            <div className="flex flex-wrap gap-2">
              <Button type="submit" kind="primary">
                Import
              </Button>
              <Button type="submit" formAction="/history/import/file?take=edits">
                Import and update case codes, notes and outcomes
              </Button>
            </div>
            <p className="text-ink-2 text-xs">
              A million predictions take some minutes. Leave this page open until they are imported.
            </p>
          </form>
        </Card>
      </May>
    </Page>
  );
}

async function Report({ id }: { id: string }) {
  const found = predictionId.safeParse(id).success ? await findReport(id) : null;
  if (found?.ok === false) return <NotRead what="The report of this import" />;
  if (found === null || found.value === null) {
    return <Notice kind="caution" role="status" title="The report of this import is no longer available." />;
  }
  const { fileName, added, present, refused, refusals, differing, taken, differences } = found.value;
  const count = (value: number) => value.toLocaleString("en");
  const left = differing - taken;
  return (
    <>
      <Notice
        kind={refused > 0 || left > 0 ? "caution" : "done"}
        role="status"
        title={`${count(added)} new, ${count(present)} there already, ${count(refused)} refused.`}
      >
        {left > 0 && (
          <p>
            {left === 1 ? "1 prediction differs" : `${count(left)} predictions differ`} from the history,
            which was not changed. To take over their case codes, notes and outcomes, import the same file by
            the second button. {capitalised(table.nouns.values)} never change.
          </p>
        )}
        {taken > 0 && (
          <p>
            Of {taken === 1 ? "1 prediction" : `${count(taken)} predictions`} the case code, note or outcome
            was taken from the file.
          </p>
        )}
        <p className="break-all text-ink-2">{fileName}</p>
      </Notice>
      <Remarks id="refused" name="Refused" count={refused} remarks={refusals} />
      <Remarks
        id="different"
        name={taken > 0 ? "Different" : "Different, and not taken"}
        count={differing}
        remarks={differences}
      />
    </>
  );
}

/** The first lines of a file of which something has to be said. */
function Remarks({
  id,
  name,
  count,
  remarks,
}: {
  id: string;
  name: string;
  count: number;
  remarks: ImportReport["refusals"];
}) {
  if (remarks.length === 0) return null;
  return (
    <ScrollTable id={id} caption={count > MAX_REMARKS ? `${name}: the first ${MAX_REMARKS}` : name}>
      <thead>
        <tr>
          <ColumnHead numeric>Line</ColumnHead>
          <ColumnHead>Reason</ColumnHead>
        </tr>
      </thead>
      <tbody>
        {remarks.map(({ line, reason }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a list that never changes, in which lines can repeat.
          <tr key={index}>
            <td className="numeric w-0">{line}</td>
            <td>{reason}</td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
