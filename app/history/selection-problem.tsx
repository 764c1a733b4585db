import { Notice } from "@/components/ui/notice";

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
