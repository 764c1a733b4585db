import type { Metadata } from "next";
import { removeViewAction, saveViewAction } from "@/app/history/actions";
import { RedirectNotice } from "@/app/redirect-notice";
import { ColumnChooser, Densities, Pager, PageSizes } from "@/components/history/controls";
import { ExportLinks } from "@/components/history/export-links";
import { FilterChips, HistoryFilterForm } from "@/components/history/filters";
import { HistoryKeys } from "@/components/history/keys";
import { SavedViews } from "@/components/history/saved-views";
import { HistoryPlaces, SelectionBar } from "@/components/history/selection";
import { HistoryTable } from "@/components/history/table";
import { LiveSummary } from "@/components/monitoring/live-summary";
import { buttonClass } from "@/components/ui/button";
import { NotRead } from "@/components/ui/not-read";
import { Notice } from "@/components/ui/notice";
import { chipsOf, NO_FILTERS } from "@/lib/history/filters";
import {
  type HistoryQuery,
  historyHref,
  historyParameters,
  parseHistoryQuery,
  type SearchParams,
} from "@/lib/history/query";
import { listModelVersions, listPredictions, type Total } from "@/lib/server/history/history";
import { listViews } from "@/lib/server/history/saved-views";
import { COUNT_BOUND, LOOKED_AT } from "@/lib/server/history/tally";
import { readLocale } from "@/lib/server/locale";
import { performanceSummary } from "@/lib/server/monitoring/performance";

export const metadata: Metadata = { title: "History" };

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  // The notice is of the redirect that led here, not of the history.
  const { notice, id, ...params } = await searchParams;
  const query = parseHistoryQuery(params);
  return (
    <div className="grid gap-3">
      <h1 className="font-semibold text-title tracking-tight">History</h1>
      <RedirectNotice params={{ notice, id }} />
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
  // At the same time, since a scan of a million rows leaves this process idle.
  const [page, views, models, performance] = await Promise.all([
    listPredictions(query),
    listViews(),
    listModelVersions(),
    performanceSummary(),
  ]);
  if (!page.ok) return <NotRead what="The history" />;
  const { rows, previous, next, total, isEmpty } = page.value;
  return (
    <>
      <HistoryKeys />
      {isEmpty ? (
        <div className="grid justify-items-start gap-3 rounded-field border border-line bg-surface p-4">
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
          <HistoryFilterForm query={query} models={models.ok ? models.value : []} />
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
              <HistoryTable query={query} rows={rows} locale={await readLocale()} />
              <SelectionBar />
              <Pager query={query} previous={previous} next={next} />
            </>
          )}
          {rows.length === 0 && <NoResults query={query} />}
        </>
      )}
      {!isEmpty && <LiveSummary performance={performance} />}
      <HistoryPlaces />
    </>
  );
}

/** Where no row passes the filters, or a page lies beyond the last one. */
function NoResults({ query }: { query: HistoryQuery }) {
  const isFiltered = chipsOf(query.filters).length > 0;
  return (
    <div className="grid justify-items-start gap-3 rounded-field border border-line bg-surface p-4">
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

function describeTotal({ count, exact, about }: Total): string {
  const number = count.toLocaleString("en");
  if (exact) return count === 1 ? "1 prediction" : `${number} predictions`;
  if (about !== null) return `about ${about.toLocaleString("en")} predictions`;
  return count < COUNT_BOUND
    ? `${number} or more, ${number} of them among the latest ${LOOKED_AT.toLocaleString("en")}`
    : `More than ${number} predictions`;
}
