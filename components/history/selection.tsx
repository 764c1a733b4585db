import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { BOX, SELECTION_FORM } from "./select-box";
import { SelectionCount } from "./selection-count";

/** The box in the head of that column: it stands for all rows of the page, with a script or without. */
export function SelectAllBox({ ids }: { ids: readonly string[] }) {
  return (
    <td className="w-8 py-1.5 pl-3">
      <label className="flex min-h-6 min-w-6 items-center">
        <input
          type="checkbox"
          name="all"
          value={ids.join()}
          form={SELECTION_FORM}
          aria-label="Select all on this page"
          className={BOX}
        />
      </label>
    </td>
  );
}

/** What can be done with the ticked rows; a plain form, whose answer is an address. */
export function SelectionBar() {
  return (
    <form
      id={SELECTION_FORM}
      action="/history/selection"
      aria-label="With the selected predictions"
      className="flex flex-wrap items-center gap-2 print:hidden"
    >
      <span className="mr-auto text-ink-2 max-sm:basis-full">
        <SelectionCount idle="Tick rows to compare, re-score, export or delete them." />
      </span>
      <Choice action="compare">Compare</Choice>
      <Choice action="rescore">Re-score</Choice>
      <Choice action="export">Export</Choice>
      <Choice action="delete">Delete…</Choice>
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

/** Where else to go from the history. */
export function HistoryPlaces() {
  return (
    <nav aria-label="More of the history" className="flex flex-wrap gap-x-4 gap-y-1 text-sm print:hidden">
      <a href="/history/bin" className="underline underline-offset-4">
        Bin
      </a>
      <a href="/history/rescore" className="underline underline-offset-4">
        Re-score the latest predictions
      </a>
    </nav>
  );
}
