import type { Metadata } from "next";
import { removeViewAction, saveViewAction } from "@/app/history/actions";
import { May } from "@/app/may";
import { RedirectNotice } from "@/app/redirect-notice";
import { ExportLinks } from "@/components/history/export-links";
import { FilterChips } from "@/components/history/filters";
import { HistoryKeys } from "@/components/history/keys";
import { SelectionForm } from "@/components/history/selection-form";
import { Summary } from "@/components/history/summary";
import { HistoryTable } from "@/components/history/table";
import { Toolbar } from "@/components/history/toolbar";
import { TrainingCases } from "@/components/history/training-cases";
import { LiveSummary } from "@/components/monitoring/live-summary";
import { buttonClass, Kbd } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Menu } from "@/components/ui/menu";
import { NotRead } from "@/components/ui/not-read";
import { Notice } from "@/components/ui/notice";
import { Page } from "@/components/ui/page";
import { Pager } from "@/components/ui/pager";
import { chipsOf, NO_FILTERS } from "@/lib/history/filters";
import { type HistoryQuery, historyHref, parseHistoryQuery } from "@/lib/history/query";
import type { SearchParams } from "@/lib/list-address";
import { formatTime } from "@/lib/locale";
import { asksForSignIn, may } from "@/lib/server/access/actor";
import { listModelVersions, listPredictions, type Total } from "@/lib/server/history/history";
import { listViews } from "@/lib/server/history/saved-views";
import { COUNT_BOUND, LOOKED_AT } from "@/lib/server/history/tally";
import { readLocale } from "@/lib/server/locale";
import { trainingRowOf } from "@/lib/server/model/training-rows";
import { performanceSummary } from "@/lib/server/monitoring/performance";

export const metadata: Metadata = { title: "History" };

export default async function HistoryPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  // The notice is of the redirect that led here, not of the history.
  const { notice, id, ...params } = await searchParams;
  const query = parseHistoryQuery(params);
  const redirected = <RedirectNotice params={{ notice, id }} />;
  if (query.ok) return <History query={query.value} notice={redirected} />;
  return (
    <Page title="History" width="history">
      {redirected}
      <Notice kind="error" role="alert" title="This address is not a page of the history.">
        <p>{query.error.message}</p>
        <p className="mt-2">
          <a href="/history" className="underline underline-offset-4">
            Show the history from the start
          </a>
        </p>
      </Notice>
    </Page>
  );
}

async function History({ query, notice }: { query: HistoryQuery; notice: React.ReactNode }) {
  // At the same time, since a scan of a million rows leaves this process idle.
  const [page, views, models, performance, locale] = await Promise.all([
    listPredictions(query),
    listViews(),
    listModelVersions(),
    performanceSummary(),
    readLocale(),
  ]);
  if (!page.ok) {
    return (
      <Page title="History" width="history">
        {notice}
        <NotRead what="The history" />
      </Page>
    );
  }
  const { rows, previous, next, total, shown, open, band, isEmpty } = page.value;
  if (isEmpty) {
    return (
      <Page title="History" width="history">
        {notice}
        <Card title="Nothing here yet">
          <p>Every prediction that {asksForSignIn() ? "your team makes" : "you make"} appears here.</p>
          <p className="flex flex-wrap gap-2">
            <May permission="predict">
              <a href="/" className={buttonClass("primary")}>
                New prediction
              </a>
              <a href="/batch" className={buttonClass()}>
                Answer a file of cases
              </a>
              <a href="/history/import" className={buttonClass()}>
                Import a history
              </a>
            </May>
          </p>
        </Card>
        <Places />
      </Page>
    );
  }
  const now = new Date();
  const mayPredict = may("predict");
  const filters = chipsOf(query.filters).map(({ label }) => label);
  return (
    <Page title="History" width="history" beside={describeTotal(total)} actions={<Actions query={query} />}>
      <HistoryKeys />
      {notice}
      <p className="hidden print:block">
        {filters.length > 0 && `Only: ${filters.join(", ")}. `}Printed {formatTime(now, locale)}.
      </p>
      <Summary query={query} tally={shown} band={band} />
      <TrainingCases
        count={rows.filter(({ values }) => trainingRowOf(values) !== null).length}
        of={rows.length}
      />
      <div className="grid gap-2 [&>*]:min-w-0">
        <Toolbar
          query={query}
          tally={open}
          models={models.ok ? models.value : []}
          views={views.ok ? views.value : []}
          change={mayPredict ? { save: saveViewAction, remove: removeViewAction } : null}
        />
        <FilterChips query={query} />
        {rows.length === 0 ? (
          <NoResults query={query} />
        ) : (
          <HistoryTable query={query} rows={rows} locale={locale} now={now} />
        )}
      </div>
      {rows.length > 0 && (
        <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 print:hidden">
          <SelectionForm mayDelete={mayPredict} />
          <p className="text-ink-2 text-xs max-sm:hidden">
            <Kbd>J</Kbd> <Kbd>K</Kbd> next and previous row · <Kbd>X</Kbd> tick · <Kbd>Space</Kbd> preview ·{" "}
            <Kbd>Enter</Kbd> open · <Kbd>?</Kbd> all keys
          </p>
          <Pager
            first={historyHref(query, { cursor: null })}
            previous={previous && historyHref(query, { cursor: previous })}
            next={next && historyHref(query, { cursor: next })}
          />
        </div>
      )}
      <LiveSummary performance={performance} />
      <Places query={query} />
    </Page>
  );
}

function Actions({ query }: { query: HistoryQuery }) {
  return (
    <div className="flex gap-2 max-sm:hidden">
      <May permission="predict">
        <a href="/history/import" className={buttonClass()}>
          Import
        </a>
      </May>
      <Menu
        label={<span aria-keyshortcuts="e">Export</span>}
        className="relative"
        boxClass="right-0 grid w-64 gap-1"
      >
        <ExportLinks query={query} />
      </Menu>
      <May permission="predict">
        <a href="/" className={buttonClass("primary")}>
          New prediction
        </a>
      </May>
    </div>
  );
}

/** Where else to go from the history; on a phone with what stands at the top elsewhere. */
function Places({ query }: { query?: HistoryQuery }) {
  const link = "inline-flex min-h-7 items-center underline decoration-ink-3 hover:decoration-ink";
  return (
    <nav aria-label="More of the history" className="flex flex-wrap gap-x-5 gap-y-1 print:hidden">
      <a href="/history/bin" className={link}>
        Bin
      </a>
      <a href="/history/rescore" className={link}>
        Re-score the latest predictions
      </a>
      {query !== undefined && (
        <span className="flex flex-wrap gap-x-5 gap-y-1 sm:hidden">
          <May permission="predict">
            <a href="/history/import" className={link}>
              Import
            </a>
          </May>
          <ExportLinks query={query} />
        </span>
      )}
    </nav>
  );
}

/** Where no row passes the filters, or a page lies beyond the last one. */
function NoResults({ query }: { query: HistoryQuery }) {
  if (query.cursor !== null) {
    return (
      <Card title="No prediction on this page">
        <p>Those that were here may have been deleted.</p>
        <p>
          <a href={historyHref(query, { cursor: null })} className={buttonClass()}>
            First page
          </a>
        </p>
      </Card>
    );
  }
  return (
    <Card title="No prediction matches">
      <p>
        Looked for:{" "}
        {chipsOf(query.filters)
          .map(({ label }) => label)
          .join(", ")}
        .
      </p>
      <p>
        <a href={historyHref(query, { filters: NO_FILTERS })} className={buttonClass()}>
          Show all predictions
        </a>
      </p>
    </Card>
  );
}

function describeTotal({ count, exact, about }: Total): string {
  const number = count.toLocaleString("en");
  if (exact) return count === 1 ? "1 prediction" : `${number} predictions`;
  if (about !== null) return `about ${about.toLocaleString("en")} predictions`;
  return count < COUNT_BOUND
    ? `${number} or more, ${number} of them among the latest ${LOOKED_AT.toLocaleString("en")}`
    : `more than ${number} predictions`;
}
