"use server";

import { redirect } from "next/navigation";
import * as z from "zod";
import { parseIds } from "@/lib/history/selection";
import type { Result } from "@/lib/result";
import { deletePredictions, purgePredictions, restorePredictions } from "@/lib/server/history/selection";
import { log } from "@/lib/server/log";
import type { StoreError } from "@/lib/server/prediction/predictions";

/** Moves the form's `ids` to the bin and returns to the history, which offers to undo it. */
export async function deleteSelectionAction(form: FormData): Promise<void> {
  const ids = await change(form, deletePredictions, "/history/delete");
  redirect(`/history?deleted=${ids[0]}`);
}

/** Takes the form's `ids` out of the bin and returns to the history. */
export async function undoDeletionAction(form: FormData): Promise<void> {
  const ids = await change(form, restorePredictions, "/history/bin");
  redirect(`/history?restored=${ids[0]}`);
}

/** Takes the form's `ids` out of the bin and returns to it. */
export async function restoreSelectionAction(form: FormData): Promise<void> {
  await change(form, restorePredictions, "/history/bin");
  redirect("/history/bin?done=restored");
}

/** Deletes the form's `ids` for ever, where they are in the bin, and returns to it. */
export async function purgeSelectionAction(form: FormData): Promise<void> {
  await change(form, purgePredictions, "/history/bin");
  redirect("/history/bin?done=purged");
}

/** Applies `act` to the form's ids and gives them; where that does not work, says so on the page `from`. */
async function change(
  form: FormData,
  act: (ids: readonly string[]) => Promise<Result<number, StoreError>>,
  from: string,
): Promise<string[]> {
  const texts = z.array(z.string()).safeParse(form.getAll("ids").concat(form.getAll("all")));
  const ticked = [...new Set((texts.data ?? []).flatMap((text) => text.split(",")))];
  const ids = parseIds(ticked);
  if (!ids.ok) redirect(`${from}?problem=nothing_selected`);
  const changed = await act(ids.value);
  if (!changed.ok) {
    log("error", "selection_not_changed", { from, cause: String(changed.error.cause) });
    redirect(`${from}?problem=not_saved`);
  }
  return ids.value;
}
