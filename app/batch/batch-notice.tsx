import { changeBatchAction } from "@/app/batch/actions";
import { May } from "@/app/may";
import { ActionForm } from "@/components/ui/action-form";
import { KeyButton } from "@/components/ui/key-button";
import { Notice } from "@/components/ui/notice";
import { readNotice } from "@/lib/notices";
import { findBatch } from "@/lib/server/batch/batches";

/** Says what the action that redirected here has done, or why it could not; offers to undo a deletion as long as it holds. */
export async function BatchNotice({ params }: { params: Readonly<Record<string, unknown>> }) {
  const notice = readNotice(params);
  if (notice === null) return null;
  const { name, id, kind, title, detail } = notice;
  if (id !== null) {
    const found = await findBatch(id);
    if (!found.ok || !found.value?.deletedAt) return null;
  }
  return (
    <Notice kind={kind} role={kind === "done" ? "status" : "alert"} title={title}>
      {detail !== undefined && <p>{detail}</p>}
      {name === "rows_kept" && (
        <a href="/history" className="underline underline-offset-4">
          Show the history
        </a>
      )}
      {id !== null && (
        <May permission="predict">
          <ActionForm action={changeBatchAction} className="-my-1">
            <input type="hidden" name="id" value={id} />
            <input type="hidden" name="do" value="restore" />
            <KeyButton shortcut="z">Undo</KeyButton>
          </ActionForm>
        </May>
      )}
    </Notice>
  );
}
