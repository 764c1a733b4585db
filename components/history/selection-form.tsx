import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { SELECTION_FORM } from "@/components/ui/select-box";

/** The form that the boxes of the rows belong to, whose answer is an address; without a script its buttons stand here. */
export function SelectionForm({ mayDelete }: { mayDelete: boolean }) {
  return (
    <form id={SELECTION_FORM} action="/history/selection" aria-label="With the selected predictions">
      <noscript>
        <div className="flex flex-wrap gap-2">
          <Choice action="compare">Compare</Choice>
          <Choice action="rescore">Re-score</Choice>
          <Choice action="export">Export</Choice>
          {mayDelete && <Choice action="delete">Delete…</Choice>}
        </div>
      </noscript>
    </form>
  );
}

function Choice({ action, children }: { action: string; children: ReactNode }) {
  return (
    <Button type="submit" name="do" value={action}>
      {children}
    </Button>
  );
}
