"use server";

import { notFound, redirect } from "next/navigation";
import * as z from "zod";
import { historyHref, parseHistoryQuery, predictionId } from "@/lib/history/query";
import { parseTicked } from "@/lib/history/selection";
import { searchParamsOf } from "@/lib/list-address";
import { whyNot, withNotice } from "@/lib/notices";
import { removeView, saveView } from "@/lib/server/history/saved-views";
import { deletePredictions, purgePredictions, restorePredictions } from "@/lib/server/history/selection";

/** Moves the form's `ids` to the bin and returns to the history, which offers to undo it. */
export async function deleteSelectionAction(form: FormData): Promise<void> {
  const ids = idsOf(form, "/history");
  const deleted = await deletePredictions(ids);
  redirect(
    deleted.ok
      ? withNotice("/history", "deleted", ids[0])
      : withNotice(`/history/delete?ids=${ids.join()}`, whyNot(deleted.error, "not_deleted")),
  );
}

/** Takes the form's `ids` out of the bin and returns to the history. */
export async function undoDeletionAction(form: FormData): Promise<void> {
  const ids = idsOf(form, "/history/bin");
  const restored = await restorePredictions(ids);
  redirect(
    restored.ok
      ? withNotice("/history", "restored", ids[0])
      : withNotice("/history/bin", whyNot(restored.error, "not_restored")),
  );
}

/** Takes the form's `ids` out of the bin, or deletes them for ever, as its button's `do` says, and returns to it. */
export async function changeBinAction(form: FormData): Promise<void> {
  const ids = idsOf(form, "/history/bin");
  if (form.get("do") === "purge") {
    const purged = await purgePredictions(ids);
    const notice = purged.ok ? "purged" : whyNot(purged.error, "not_deleted", "not_administrator");
    redirect(withNotice("/history/bin", notice));
  }
  const restored = await restorePredictions(ids);
  redirect(withNotice("/history/bin", restored.ok ? "restored" : whyNot(restored.error, "not_restored")));
}

/** The ids that were ticked; where there are none that can be used, the page `from` says so. */
function idsOf(form: FormData, from: string): string[] {
  const texts = z.array(z.string()).safeParse([...form.getAll("ids"), ...form.getAll("all")]);
  const ids = parseTicked(texts.data ?? []);
  if (!ids.ok) redirect(withNotice(from, "nothing_selected"));
  return ids.value;
}

const viewForm = z.object({ name: z.string().trim().min(1).max(60), query: z.string().max(4_000) });

/** Saves the address in the form's `query` under its `name`, and returns to it. */
export async function saveViewAction(form: FormData): Promise<void> {
  const parsed = viewForm.safeParse(Object.fromEntries(form));
  if (!parsed.success) redirect(withNotice("/history", "view_unnamed"));
  const query = parseHistoryQuery(searchParamsOf(new URLSearchParams(parsed.data.query)));
  if (!query.ok) redirect("/history");
  // A view is what it filters and how it shows, not a place in it.
  const href = historyHref({ ...query.value, cursor: null });
  const saved = await saveView(parsed.data.name, href.split("?")[1] ?? "");
  redirect(withNotice(href, saved.ok ? `view_${saved.value}` : whyNot(saved.error, "view_not_changed")));
}

/** Deletes the view of the form's `id`. */
export async function removeViewAction(form: FormData): Promise<void> {
  const id = predictionId.safeParse(form.get("id"));
  if (!id.success) notFound();
  const removed = await removeView(id.data);
  redirect(withNotice("/history", removed.ok ? "view_deleted" : whyNot(removed.error, "view_not_changed")));
}
