"use server";

import { revalidatePath } from "next/cache";
import { notFound } from "next/navigation";
import { predictionId } from "@/lib/history/query";
import { type OutcomeAnswer, parseOutcome } from "@/lib/prediction/outcome";
import { setOutcome } from "@/lib/server/monitoring/outcomes";

/** Records, changes or removes the outcome of the form's `id`; its button's `do` says which. */
export async function recordOutcome(_: OutcomeAnswer | null, form: FormData): Promise<OutcomeAnswer> {
  const id = predictionId.safeParse(form.get("id"));
  if (!id.success) notFound();
  const isRemoval = form.get("do") === "remove";
  const parsed = isRemoval ? null : parseOutcome(form);
  if (parsed !== null && !parsed.ok) return { kind: "invalid", ...parsed.error };
  const changed = await setOutcome(id.data, parsed === null ? null : parsed.value);
  if (!changed.ok) return { kind: "not_saved" };
  if (!changed.value) notFound();
  revalidatePath(`/history/${id.data}`);
  return { kind: isRemoval ? "removed" : "recorded" };
}
