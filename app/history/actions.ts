"use server";

import { notFound, redirect } from "next/navigation";
import * as z from "zod";
import { historyHref, parseHistoryQuery, predictionId, searchParamsOf } from "@/lib/history/query";
import { removeView, saveView } from "@/lib/server/history/saved-views";
import { log } from "@/lib/server/log";
import { deletePrediction, restorePrediction } from "@/lib/server/prediction/predictions";

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
  // The page itself reports an unknown id.
  redirect(changed.value ? `/history?${done}=${id.data}` : `/history/${id.data}`);
}

const viewForm = z.object({ name: z.string().trim().min(1).max(60), query: z.string().max(4_000) });

/** Keeps the address in the form's `query` under its `name`, and returns to it. */
export async function saveViewAction(form: FormData): Promise<void> {
  const parsed = viewForm.safeParse(Object.fromEntries(form));
  if (!parsed.success) redirect("/history?view=unnamed");
  const query = parseHistoryQuery(searchParamsOf(new URLSearchParams(parsed.data.query)));
  if (!query.ok) redirect("/history");
  // A view is what it filters and how it shows, not a place in it.
  const href = historyHref({ ...query.value, cursor: null });
  const saved = await saveView(parsed.data.name, href.split("?")[1] ?? "");
  if (!saved.ok && "cause" in saved.error)
    log("error", "view_not_saved", { cause: String(saved.error.cause) });
  redirect(withView(href, saved.ok ? "saved" : saved.error.code === "full" ? "full" : "not_saved"));
}

/** Forgets the view of the form's `id`. */
export async function removeViewAction(form: FormData): Promise<void> {
  const id = predictionId.safeParse(form.get("id"));
  if (!id.success) notFound();
  const removed = await removeView(id.data);
  if (!removed.ok) log("error", "view_not_removed", { cause: String(removed.error.cause) });
  redirect(withView("/history", removed.ok ? "removed" : "not_saved"));
}

const withView = (href: string, view: string) => `${href}${href.includes("?") ? "&" : "?"}view=${view}`;
