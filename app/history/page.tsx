import type { Metadata } from "next";
import { restoreAction } from "@/app/history/actions";
import { ColumnChooser, Pager, PageSizes } from "@/components/history-controls";
import { HistoryTable } from "@/components/history-table";
import { LiveSummary } from "@/components/live-summary";
import { Button, buttonClass } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { type HistoryQuery, historyHref, parseHistoryQuery, type SearchParams } from "@/lib/history-query";
import { log } from "@/lib/server/log";
import { performanceSummary } from "@/lib/server/performance";
import { findPrediction, type HistoryPage, listPredictions } from "@/lib/server/predictions";

export const metadata: Metadata = { title: "History" };

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const query = parseHistoryQuery(await searchParams);
  return (
    <div className="grid gap-3">
      <h1 className="font-semibold text-lg">History</h1>
      {query.ok ? (
        <History query={query.value} />
      ) : (
        <Notice kind="error" role="alert" title="This address is not a page of the history.">
          <p>{query.error.message}</p>
          <p className="mt-2">
            <a href="/history" className="underline underline-offset-4">
              Show the history from the start
            </a>
          </p>
        </Notice>
      )}
    </div>
  );
}

async function History({ query }: { query: HistoryQuery }) {
  const page = await listPredictions(query);
  if (!page.ok) {
    log("error", "history_not_read", { cause: String(page.error.cause) });
    return (
      <Notice kind="error" role="alert" title="The history cannot be read at the moment.">
        <p>
          Nothing is lost by that. Reload the page; if it stays so, ask whoever runs Cytodesk to check
          DATABASE_URL and the log.
        </p>
      </Notice>
    );
  }
  const { rows, previous, next, total } = page.value;
  return (
    <>
      <ChangeNotice notice={query.notice} />
      {rows.length > 0 && (
        <>
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <ColumnChooser query={query} />
            <p>{describeTotal(total)}</p>
            <PageSizes query={query} />
          </div>
          <HistoryTable query={query} rows={rows} />
          <Pager query={query} previous={previous} next={next} />
          <LiveSummary performance={await performanceSummary()} />
        </>
      )}
      {rows.length === 0 && query.cursor === null && (
        <div className="grid justify-items-start gap-3 rounded-md border border-line bg-surface p-4">
          <p>No prediction is saved yet. Each one you make is kept here.</p>
          <a href="/" className={buttonClass("primary")}>
            Make the first prediction
          </a>
        </div>
      )}
      {rows.length === 0 && query.cursor !== null && (
        <div className="grid justify-items-start gap-3 rounded-md border border-line bg-surface p-4">
          <p>There are no more predictions here. Some may have been deleted since.</p>
          <a href={historyHref(query, { cursor: null })} className={buttonClass()}>
            First page
          </a>
        </div>
      )}
    </>
  );
}

function describeTotal({ count, exact }: HistoryPage["total"]): string {
  const number = count.toLocaleString("en");
  if (!exact) return `More than ${number} predictions`;
  return count === 1 ? "1 prediction" : `${number} predictions`;
}

/** Says what was just done, where it still holds. */
async function ChangeNotice({ notice }: { notice: HistoryQuery["notice"] }) {
  if (notice === null) return null;
  const found = await findPrediction(notice.id);
  if (!found.ok || found.value === null) return null;
  const isDeleted = found.value.deletedAt !== null;
  if (isDeleted !== (notice.done === "deleted")) return null;
  return isDeleted ? (
    <Notice kind="done" role="status" title="Deleted.">
      <form action={restoreAction} className="mt-1">
        <input type="hidden" name="id" value={notice.id} />
        <Button type="submit">Undo</Button>
      </form>
    </Notice>
  ) : (
    <Notice kind="done" role="status" title="Restored.">
      <a href={`/history/${notice.id}`} className="underline underline-offset-4">
        Open it
      </a>
    </Notice>
  );
}
