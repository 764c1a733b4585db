"use client";

import { ActionForm } from "@/components/ui/action-form";
import { Button } from "@/components/ui/button";
import { SELECTION_FORM } from "@/components/ui/select-box";
import { useTicked } from "@/components/ui/use-ticked";
import { countRows } from "@/lib/format";

/** Saves the ticked rows in the history; `id` of the batch, `list` the query string of its page. Without a script it sends them too. */
export function KeepBar({
  id,
  list,
  keep,
}: {
  id: string;
  list: string;
  keep: (form: FormData) => Promise<void>;
}) {
  const { ticked } = useTicked();
  return (
    <ActionForm
      id={SELECTION_FORM}
      action={keep}
      aria-label="With the selected rows"
      className="flex flex-wrap items-center gap-x-3 gap-y-2 print:hidden"
    >
      <input type="hidden" name="id" value={id} />
      <input type="hidden" name="list" value={list} />
      <Button type="submit">{ticked === 0 ? "Keep in the history" : `Keep ${ticked} in the history`}</Button>
      <span aria-live="polite" className="text-ink-2">
        {ticked === 0 ? "Tick rows that want a note or an outcome." : `${countRows(ticked)} selected`}
      </span>
    </ActionForm>
  );
}
