"use server";

import { notFound, redirect } from "next/navigation";
import { predictionId } from "@/lib/history-query";
import { log } from "@/lib/server/log";
import { deletePrediction, restorePrediction } from "@/lib/server/predictions";

/** Deletes the prediction of the form's `id` and returns to the history, which offers to undo it. */
export async function deleteAction(form: FormData): Promise<void> {
  await changeAndGo(form, deletePrediction, "deleted");
}

/** Restores the prediction of the form's `id` and returns to the history. */
export async function restoreAction(form: FormData): Promise<void> {
  await changeAndGo(form, restorePrediction, "restored");
}

async function changeAndGo(
  form: FormData,
  change: typeof deletePrediction,
  done: "deleted" | "restored",
): Promise<never> {
  const id = predictionId.safeParse(form.get("id"));
  if (!id.success) notFound();
  const changed = await change(id.data);
  if (!changed.ok) {
    log("error", `not_${done}`, { id: id.data, cause: String(changed.error.cause) });
    redirect(`/history/${id.data}?problem=not_${done}`);
  }
  // Of an unknown id the page says so itself.
  redirect(changed.value ? `/history?${done}=${id.data}` : `/history/${id.data}`);
}
