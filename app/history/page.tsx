import type { Metadata } from "next";
import { removeViewAction, saveViewAction } from "@/app/history/actions";
import { DeletionUndo } from "@/app/history/deletion-undo";
import { ColumnChooser, Densities, Pager, PageSizes } from "@/components/history/controls";
import { ExportLinks } from "@/components/history/export-links";
import { FilterChips, HistoryFilterForm } from "@/components/history/filters";
import { HistoryKeys } from "@/components/history/keys";
import { SavedViews } from "@/components/history/saved-views";
import { HistoryPlaces, SelectionBar } from "@/components/history/selection";
import { HistoryTable } from "@/components/history/table";
import { LiveSummary } from "@/components/monitoring/live-summary";
import { buttonClass } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { chipsOf, NO_FILTERS } from "@/lib/history/filters";
import {
  type HistoryQuery,
  historyHref,
  historyParameters,
  parseHistoryQuery,
  type SearchParams,
} from "@/lib/history/query";
import { fail, ok } from "@/lib/result";
import {
  COUNT_BOUND,
  type HistoryPage,
  LOOKED_AT,
  listModelVersions,
  listPredictions,
} from "@/lib/server/history/history";
import { listViews } from "@/lib/server/history/saved-views";
import { log } from "@/lib/server/log";
import { performanceSummary } from "@/lib/server/monitoring/performance";
import { findPrediction } from "@/lib/server/prediction/predictions";

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

/** All that the page shows, read at the same time: a scan of a million rows leaves this process idle. */
async function readHistory(query: HistoryQuery) {
  try {
    const [page, views, models, performance] = await Promise.all([
      listPredictions(query),
      listViews(),
      listModelVersions(),
      performanceSummary(),
    ]);
    return page.ok ? ok({ ...page.value, views, models, performance }) : page;
  } catch (cause) {
    return fail({ cause });
  }
}

async function History({ query }: { query: HistoryQuery }) {
  const history = await readHistory(query);
  if (!history.ok) {
    log("error", "history_not_read", { cause: String(history.error.cause) });
    return (
      <Notice kind="error" role="alert" title="The history cannot be read at the moment.">
        <p>
          Nothing is lost by that. Reload the page; if it stays so, ask whoever runs Cytodesk to check
          DATABASE_URL and the log.
        </p>
      </Notice>
    );
  }
  const { rows, previous, next, total, isEmpty, views, models, performance } = history.value;
  return (
    <>
      <HistoryKeys />
      <ChangeNotice notice={query.notice} />
      <ViewNotice view={query.view} />
      {isEmpty ? (
        <div className="grid justify-items-start gap-3 rounded-md border border-line bg-surface p-4">
          <p>No prediction is saved yet. Each one you make is kept here.</p>
          <a href="/" className={buttonClass("primary")}>
            Make the first prediction
          </a>
          <a href="/history/import" className="underline underline-offset-4">
            Or import another instance's history
          </a>
        </div>
      ) : (
        <>
          <HistoryFilterForm query={query} models={models} />
          <FilterChips query={query} />
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <ColumnChooser query={query} />
            {views.ok && (
              <SavedViews query={query} views={views.value} save={saveViewAction} remove={removeViewAction} />
            )}
            <p>{describeTotal(total)}</p>
            <ExportLinks query={historyParameters(query)} />
            <Densities query={query} />
            <PageSizes query={query} />
          </div>
          {rows.length > 0 && (
            <>
              <HistoryTable query={query} rows={rows} />
              <SelectionBar />
              <Pager query={query} previous={previous} next={next} />
            </>
          )}
          {rows.length === 0 && <Nothing query={query} />}
        </>
      )}
      {!isEmpty && <LiveSummary performance={performance} />}
      <HistoryPlaces />
    </>
  );
}

/** Where no row passes the filters, or a page lies beyond the last one. */
function Nothing({ query }: { query: HistoryQuery }) {
  const isFiltered = chipsOf(query.filters).length > 0;
  return (
    <div className="grid justify-items-start gap-3 rounded-md border border-line bg-surface p-4">
      <p>
        {query.cursor !== null
          ? "There are no more predictions here. Some may have been deleted since."
          : "No prediction passes these filters."}
      </p>
      {query.cursor !== null && (
        <a href={historyHref(query, { cursor: null })} className={buttonClass()}>
          First page
        </a>
      )}
      {query.cursor === null && isFiltered && (
        <a href={historyHref(query, { filters: NO_FILTERS })} className={buttonClass()}>
          Show all predictions
        </a>
      )}
    </div>
  );
}

function describeTotal({ count, exact }: HistoryPage["total"]): string {
  const number = count.toLocaleString("en");
  if (exact) return count === 1 ? "1 prediction" : `${number} predictions`;
  return count < COUNT_BOUND
    ? `${number} or more, ${number} of them among the latest ${LOOKED_AT.toLocaleString("en")}`
    : `More than ${number} predictions`;
}

const VIEW_NOTICES = {
  saved: "The view is kept.",
  removed: "The view is forgotten.",
  unnamed: "A view needs a name of 1 to 60 characters.",
  full: "There are as many views as can be kept; forget one first.",
  not_saved: "The view could not be changed. Try again; nothing else was touched.",
} as const;

function ViewNotice({ view }: { view: HistoryQuery["view"] }) {
  if (view === null) return null;
  const isDone = view === "saved" || view === "removed";
  return (
    <Notice kind={isDone ? "done" : "error"} role={isDone ? "status" : "alert"} title={VIEW_NOTICES[view]} />
  );
}

/** Says what was just done, where it still holds. */
async function ChangeNotice({ notice }: { notice: HistoryQuery["notice"] }) {
  if (notice === null) return null;
  const found = await findPrediction(notice.id);
  if (!found.ok || found.value === null) return null;
  const isDeleted = found.value.deletedAt !== null;
  if (isDeleted !== (notice.done === "deleted")) return null;
  return found.value.deletedAt !== null ? (
    <DeletionUndo id={notice.id} deletedAt={found.value.deletedAt} />
  ) : (
    <Notice kind="done" role="status" title="Restored.">
      <a href={`/history/${notice.id}`} className="underline underline-offset-4">
        Open it
      </a>
    </Notice>
  );
}
