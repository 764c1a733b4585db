import { undoDeletionAction } from "@/app/history/selection-actions";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { countPredictions } from "@/lib/history/count-predictions";
import { MOST_SELECTED } from "@/lib/history/selection";
import { deletedTogether } from "@/lib/server/history/selection";

/** Says that a prediction was deleted, with all that were deleted in the same moment, and offers to undo it. */
export async function DeletionUndo({ id, deletedAt }: { id: string; deletedAt: Date }) {
  const together = await deletedTogether(deletedAt, MOST_SELECTED);
  // More at once is not a selection but what had its time, which is restored from the bin.
  const ids = together.ok && together.value.length <= MOST_SELECTED ? together.value : [id];
  return (
    <Notice
      kind="done"
      role="status"
      title={ids.length === 1 ? "Deleted." : `${countPredictions(ids.length)} deleted.`}
    >
      <form action={undoDeletionAction} className="mt-1">
        <input type="hidden" name="ids" value={ids.join()} />
        <Button type="submit">Undo</Button>
      </form>
    </Notice>
  );
}
