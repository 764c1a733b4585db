import { undoDeletionAction } from "@/app/history/actions";
import { May } from "@/app/may";
import { ActionForm } from "@/components/ui/action-form";
import { KeyButton } from "@/components/ui/key-button";
import { Notice } from "@/components/ui/notice";
import { countPredictions } from "@/lib/format";
import { MOST_SELECTED } from "@/lib/history/selection";
import { readNotice } from "@/lib/notices";
import { deletedTogether, findDeletion } from "@/lib/server/history/selection";

type Params = Readonly<Record<string, unknown>>;

/** Says what the action that redirected here has done, or why it could not; `params` are the address's. */
export async function RedirectNotice({ params }: { params: Params }) {
  const notice = readNotice(params);
  if (notice === null) return null;
  const { name, id, kind, title, detail } = notice;
  if (name === "deleted" || id !== null) return id === null ? null : <ChangeNotice id={id} name={name} />;
  return (
    <Notice kind={kind} role={kind === "done" ? "status" : "alert"} title={title}>
      {detail !== undefined && <p>{detail}</p>}
    </Notice>
  );
}

/** Says that a prediction was deleted or restored, as long as that still holds. */
async function ChangeNotice({ id, name }: { id: string; name: string }) {
  const found = await findDeletion(id);
  if (!found.ok || found.value === undefined) return null;
  const deletedAt = found.value;
  if (deletedAt !== null) return name === "deleted" ? <DeletionUndo id={id} deletedAt={deletedAt} /> : null;
  return name === "restored" ? (
    <Notice kind="done" role="status" title="Restored.">
      <a href={`/history/${id}`} className="underline underline-offset-4">
        Open it
      </a>
    </Notice>
  ) : null;
}

/** Names all that were deleted in the same moment, and offers to undo it. */
async function DeletionUndo({ id, deletedAt }: { id: string; deletedAt: Date }) {
  const together = await deletedTogether(deletedAt, MOST_SELECTED);
  // More at once is not a selection but what had its time, which is restored from the bin.
  const ids = together.ok && together.value.length <= MOST_SELECTED ? together.value : [id];
  return (
    <Notice
      kind="done"
      role="status"
      title={ids.length === 1 ? "Deleted." : `${countPredictions(ids.length)} deleted.`}
    >
      <May permission="predict">
        <ActionForm action={undoDeletionAction} className="-my-1">
          <input type="hidden" name="ids" value={ids.join()} />
          <KeyButton shortcut="z">Undo</KeyButton>
        </ActionForm>
      </May>
    </Notice>
  );
}
