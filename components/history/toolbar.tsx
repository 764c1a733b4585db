import { Tabs } from "@/components/ui/tabs";
import { type HistoryQuery, historyHref, viewOf } from "@/lib/history/query";
import { SELECTION_ACTIONS } from "@/lib/history/selection";
import { isAsked, VIEWS } from "@/lib/history/views";
import { countAsked, type Tally } from "@/lib/prediction/tally";
import { Display } from "./display";
import { HistoryFilterForm } from "./filters";
import { SavedViews } from "./saved-views";
import { SelectionBar } from "./selection-bar";

type Action = (form: FormData) => Promise<void>;

/**
 * Views, search, filters and how the table shows, in a bar that stays in view; where rows are ticked, what can be done with
 * them stands in its place. `tally`: of what the tabs choose among.
 */
export function Toolbar({
  query,
  tally,
  models,
  views,
  change,
}: {
  query: HistoryQuery;
  tally: Tally;
  models: readonly string[];
  views: readonly { id: string; name: string; query: string }[];
  /** Null where who looks may only look. */
  change: { save: Action; remove: Action } | null;
}) {
  const saved = views.find((view) => view.query !== "" && view.query === viewOf(query));
  const current = saved?.id ?? VIEWS.find(({ asks }) => isAsked(asks, query.filters))?.key ?? null;
  const countOf = (asks: (typeof VIEWS)[number]["asks"]) =>
    countAsked(tally, asks).toLocaleString("en") + (tally.exact ? "" : "+");
  return (
    <div
      data-toolbar=""
      className="sticky top-(--bar) z-10 grid min-h-16 grid-cols-[minmax(0,1fr)] items-center bg-canvas py-2 max-sm:static max-sm:min-h-28 max-sm:has-[[data-selecting]]:sticky max-sm:has-[[data-selecting]]:bg-transparent print:hidden"
    >
      <SelectionBar compared={SELECTION_ACTIONS.compare} mayDelete={change !== null} />
      <div className="relative flex flex-wrap items-center gap-2 [[data-selecting]~&]:invisible">
        <div className="-m-1 flex min-w-0 flex-1 items-center overflow-x-auto p-1 *:flex-none max-sm:basis-[calc(100%+0.5rem)]">
          <Tabs
            label="Views"
            current={current}
            tabs={[
              ...VIEWS.map(({ key, name, asks }) => ({
                key,
                name,
                count: countOf(asks),
                href: historyHref(query, { filters: { ...query.filters, ...asks }, cursor: null }),
              })),
              ...views.map((view) => ({
                key: view.id,
                name: view.name,
                href: view.query === "" ? "/history" : `/history?${view.query}`,
              })),
            ]}
          />
          {change !== null && <SavedViews query={query} views={views} {...change} />}
        </div>
        {/* As wide as it will be, while it is still arriving. */}
        <div className="flex gap-2 max-sm:w-full sm:w-96">
          <HistoryFilterForm query={query} models={models} />
          <Display query={query} />
        </div>
      </div>
    </div>
  );
}
