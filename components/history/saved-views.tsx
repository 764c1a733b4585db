import { ActionForm } from "@/components/ui/action-form";
import { Button, buttonClass } from "@/components/ui/button";
import { type HistoryQuery, historyHref } from "@/lib/history/query";

type Action = (form: FormData) => Promise<void>;

/** Named addresses of the history: each a link, and a form that saves the present one. */
export function SavedViews({
  query,
  views,
  save,
  remove,
}: {
  query: HistoryQuery;
  views: readonly { id: string; name: string; query: string }[];
  save: Action;
  remove: Action;
}) {
  const present = historyHref({ ...query, cursor: null }).split("?")[1] ?? "";
  return (
    <details>
      <summary className={buttonClass()}>
        Views <span className="text-ink-2">{views.length}</span>
      </summary>
      <div className="mt-2 grid gap-3 rounded-field border border-line bg-surface p-3">
        {views.length === 0 ? (
          <p className="text-ink-2">
            No view is saved yet. A view is a set of filters, an order and columns.
          </p>
        ) : (
          <ul className="grid gap-1">
            {views.map((view) => (
              <li key={view.id} className="flex flex-wrap items-center gap-2">
                <a
                  href={view.query === "" ? "/history" : `/history?${view.query}`}
                  aria-current={view.query === present ? "true" : undefined}
                  className="inline-flex min-h-6 items-center underline underline-offset-4 aria-[current]:font-semibold"
                >
                  {view.name}
                </a>
                <ActionForm action={remove}>
                  <input type="hidden" name="id" value={view.id} />
                  <button
                    type="submit"
                    className={buttonClass("quiet")}
                    aria-label={`Delete the view ${view.name}`}
                  >
                    Delete
                  </button>
                </ActionForm>
              </li>
            ))}
          </ul>
        )}
        <ActionForm action={save} className="flex flex-wrap items-end gap-2">
          <input type="hidden" name="query" value={present} />
          <label className="grid gap-0.5">
            <span className="text-ink-2 text-sm">Save what is shown now as</span>
            <input
              name="name"
              required
              maxLength={60}
              className="rounded-field border border-ink-3 bg-surface px-2 py-1"
            />
          </label>
          <Button type="submit">Save view</Button>
        </ActionForm>
      </div>
    </details>
  );
}
