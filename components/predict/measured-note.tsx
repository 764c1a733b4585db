import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { FEATURES } from "@/tables/current";

/** That the values were measured on an image, the way back to it, and how many are others by now. */
export function MeasuredNote({
  says,
  changed,
  onForget,
}: {
  /** "measured on 12 outlines" */
  says: string;
  changed: number;
  onForget: () => void;
}) {
  return (
    <p className="flex min-h-6 flex-wrap items-center gap-x-3">
      <span role="status">
        {FEATURES.length} values, {says}.
        {changed > 0 && ` ${changed} changed from measured, marked ${CHANGED_MARK}.`}
      </span>
      <a href="/measure" className="inline-flex min-h-6 items-center underline decoration-ink-3">
        Back to the image
      </a>
      <Button kind="quiet" className="min-h-6! px-1!" onClick={onForget}>
        Leave the outlines out
      </Button>
    </p>
  );
}

export const CHANGED_MARK = "≠";

/** What becomes of the image that is to be kept with a saved prediction. */
export type ImageSent = { id: string } & (
  | { state: "sending" }
  | { state: "kept" }
  | { state: "failed"; why: string }
);

export function ImageNote({ sent, onAgain }: { sent: ImageSent; onAgain: () => void }) {
  if (sent.state === "sending") return <p role="status">Sending the image…</p>;
  if (sent.state === "kept") return <Notice kind="done" role="status" title="The image is kept with it." />;
  return (
    <Notice kind="error" role="alert" title="The prediction is saved, its image is not.">
      <p>{sent.why}</p>
      <p className="mt-2">
        <Button onClick={onAgain}>Send the image again</Button>
      </p>
    </Notice>
  );
}
