import type { ReactNode } from "react";
import { changeBatchAction } from "@/app/batch/actions";
import { May } from "@/app/may";
import { DeleteCard } from "@/components/batch/delete-card";
import { ActionForm } from "@/components/ui/action-form";
import { Button, buttonClass } from "@/components/ui/button";
import type { Batch } from "@/lib/batch/batch";
import { totalOf } from "@/lib/batch/progress";
import { countRows } from "@/lib/format";

/** A form of what can be done with a batch, for who may do it; its buttons say what. */
export function BatchForm({ id, children }: { id: string; children: ReactNode }) {
  return (
    <May permission="predict">
      <ActionForm action={changeBatchAction} className="flex flex-wrap items-center gap-2">
        <input type="hidden" name="id" value={id} />
        {children}
      </ActionForm>
    </May>
  );
}

/** One of its buttons. */
export function Change({
  to,
  isFirst = false,
  children,
}: {
  to: "start" | "pause" | "resume" | "stop" | "delete" | "restore";
  isFirst?: boolean;
  children: ReactNode;
}) {
  return (
    <Button type="submit" name="do" value={to} kind={isFirst ? "primary" : "secondary"}>
      {children}
    </Button>
  );
}

/** Where a batch is deleted, for who may do it. */
export const DeleteBatch = ({ id }: { id: string }) => (
  <May permission="predict">
    <DeleteCard>
      <BatchForm id={id}>
        <Change to="delete">Delete this batch</Change>
      </BatchForm>
    </DeleteCard>
  </May>
);

const number = (count: number) => count.toLocaleString("en");

/** What comes next, beside the page's title. */
export function NextChange({ batch }: { batch: Batch }) {
  const { id, state, done } = batch;
  const another = (
    <May permission="predict">
      <a href="/batch" className={buttonClass()}>
        Choose another file
      </a>
    </May>
  );
  if (state === "read") {
    return (
      <>
        {another}
        {totalOf(batch) > 0 && (
          <BatchForm id={id}>
            <Change to="start" isFirst>
              Answer {countRows(totalOf(batch))}
            </Change>
          </BatchForm>
        )}
      </>
    );
  }
  if (state === "running") {
    return (
      <BatchForm id={id}>
        <Change to="pause">Pause</Change>
        <Change to="stop">Stop, keep what is answered</Change>
      </BatchForm>
    );
  }
  if (state === "paused") {
    return (
      <BatchForm id={id}>
        <Change to="stop">Keep {number(done)}</Change>
        <Change to="resume" isFirst>
          Go on from row {number(done + 1)}
        </Change>
      </BatchForm>
    );
  }
  if (state === "reading" || state === "unread") return another;
  return (
    <>
      <a href={`/batch/${id}/export?format=csv`} download className={buttonClass()}>
        Download CSV
      </a>
      <May permission="predict">
        <a href="/batch" className={buttonClass("primary")}>
          New batch
        </a>
      </May>
    </>
  );
}
