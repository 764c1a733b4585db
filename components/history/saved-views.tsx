import { ActionForm } from "@/components/ui/action-form";
import { Button, buttonClass } from "@/components/ui/button";
import { fieldClass } from "@/components/ui/field";
import { Menu } from "@/components/ui/menu";
import { type HistoryQuery, viewOf } from "@/lib/history/query";

type Action = (form: FormData) => Promise<void>;

/** Saves what is shown now as a view, and deletes saved ones; the views themselves are tabs. */
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
  return (
    <Menu label="+ Save view" name="toolbar" kind="quiet" boxClass="left-0 grid w-80 gap-4">
      <ActionForm action={save} className="grid gap-2">
        <input type="hidden" name="query" value={viewOf(query)} />
        <label className="grid gap-1">
          <span className="font-medium text-ink-2 text-xs">Name of the view</span>
          <input name="name" required maxLength={60} className={fieldClass} />
        </label>
        <p className="text-ink-2 text-xs">A view is what is filtered, how it is sorted, and the columns.</p>
        <Button type="submit" kind="primary">
          Save view
        </Button>
      </ActionForm>
      {views.length > 0 && (
        <ul className="grid border-line border-t pt-2">
          {views.map(({ id, name }) => (
            <li key={id} className="flex items-center justify-between gap-2">
              <span className="min-w-0 truncate">{name}</span>
              <ActionForm action={remove}>
                <input type="hidden" name="id" value={id} />
                <button type="submit" className={buttonClass("quiet")} aria-label={`Delete the view ${name}`}>
                  Delete
                </button>
              </ActionForm>
            </li>
          ))}
        </ul>
      )}
    </Menu>
  );
}
