import { Notice } from "@/components/ui/notice";
import { log } from "@/lib/server/log";
import type { StoreError } from "@/lib/server/prediction/predictions";

/** Says why an address names no usable selection, with a way back. */
export function SelectionProblem({ message }: { message: string }) {
  return (
    <Notice kind="error" role="alert" title="This does not work with this selection.">
      <p>{message}</p>
      <p className="mt-2">
        <a href="/history" className="underline underline-offset-4">
          Back to the history, to select predictions
        </a>
      </p>
    </Notice>
  );
}

/** Says that the database cannot be read, and logs why. */
export function NotRead({ error }: { error: StoreError }) {
  log("error", "selection_not_read", { cause: String(error.cause) });
  return (
    <Notice kind="error" role="alert" title="The history cannot be read at the moment.">
      <p>Nothing is lost by that. Reload the page; if it stays so, ask whoever runs Cytodesk.</p>
    </Notice>
  );
}
