import { Button } from "@/components/ui/button";

/** Marks a form that holds what was typed before the page was loaded anew. */
export function UnsavedMark({ onDrop }: { onDrop: () => void }) {
  return (
    <p role="status" className="text-sm">
      <strong className="font-semibold">⚠ Not saved yet:</strong> this tab still had what you had typed here.{" "}
      <Button kind="quiet" onClick={onDrop}>
        Drop it
      </Button>
    </p>
  );
}
