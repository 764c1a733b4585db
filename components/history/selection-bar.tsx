"use client";

import type { ComponentProps } from "react";
import { Kbd } from "@/components/ui/button";
import { SELECTION_FORM } from "@/components/ui/select-box";
import { clearTicked, useTicked } from "@/components/ui/use-ticked";

const ITEM =
  "inline-flex min-h-control items-center rounded-field border border-transparent px-2 font-medium hover:border-current disabled:opacity-60 sm:px-3.5";

/**
 * What can be done with the ticked rows, in the toolbar's own place while there are any: nothing moves. `compared`: how
 * many can be compared.
 */
export function SelectionBar({
  compared,
  mayDelete,
}: {
  compared: { least: number; most: number };
  mayDelete: boolean;
}) {
  const { ticked, of } = useTicked();
  return (
    <>
      <span aria-live="polite" className="sr-only">
        {ticked > 0 && `${ticked} selected`}
      </span>
      {ticked > 0 && (
        <section
          aria-label="With the selected predictions"
          data-selecting=""
          className="absolute inset-x-0 top-2 z-10 flex h-12 items-center rounded-card forced-color-adjust-none bg-ink pr-4 pl-4 text-on-ink max-sm:pr-1 max-sm:h-13"
        >
          <strong className="mr-3 font-semibold max-sm:mr-auto">
            {ticked}
            <span className="max-sm:sr-only"> selected</span>
          </strong>
          <Act
            value="compare"
            disabled={ticked < compared.least || ticked > compared.most}
            title={`Compares ${compared.least} to ${compared.most} predictions`}
          >
            Compare
          </Act>
          <Act value="rescore" className="max-sm:hidden">
            Re-score
          </Act>
          <Act value="export" aria-keyshortcuts="e">
            Export
          </Act>
          {mayDelete && (
            <Act value="delete" aria-keyshortcuts="#">
              Delete…
            </Act>
          )}
          <button
            type="button"
            aria-label="Clear the selection"
            aria-keyshortcuts="Escape"
            onClick={clearTicked}
            className={`${ITEM} justify-center sm:px-3`}
          >
            ✕
          </button>
          <span className="ml-auto text-xs max-sm:hidden">
            of {of} on this page · <Kbd>Esc</Kbd> clears
          </span>
        </section>
      )}
    </>
  );
}

/** Sends the ticked rows to what `value` names. */
function Act({ className = "", ...rest }: ComponentProps<"button">) {
  return (
    <button type="submit" form={SELECTION_FORM} name="do" {...rest} className={`${ITEM} ${className}`} />
  );
}
