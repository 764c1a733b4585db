"use server";

import { refresh } from "next/cache";
import type { RetentionState } from "@/lib/history/retention";
import { retentionForm } from "@/lib/history/retention-form";
import type { PathTest } from "@/lib/path/path-status";
import { applyRetention, countExpired, saveRetention } from "@/lib/server/history/retention";
import { testPath } from "@/lib/server/path/test-path";

/** Sends a known case through the path in use; saves nothing. */
export async function test(_: PathTest | null): Promise<PathTest> {
  return testPath();
}

/** More than this are moved after the answer, so that nobody waits at the form. */
const MOST_AWAITED = 2_000;

/**
 * Sets the form's `days`, empty for off. What would move predictions to the bin now is asked about first, and only done
 * where `confirmed` is the very number of days.
 */
export async function saveRetentionAction(_: RetentionState, form: FormData): Promise<RetentionState> {
  const text = form.get("days");
  const typed = typeof text === "string" ? text : "";
  const failed = (message: string): RetentionState => ({ kind: "failed", message, typed });
  const notDone = () => failed("The database could not be used, and nothing has changed. Try again.");
  const parsed = retentionForm.safeParse(text);
  if (!parsed.success) return failed(parsed.error.issues[0]?.message ?? "This cannot be read.");
  const days = parsed.data;
  let wouldMove = 0;
  if (days !== null) {
    const counted = await countExpired(days);
    if (!counted.ok) return notDone();
    wouldMove = counted.value;
    if (wouldMove > 0 && form.get("confirmed") !== String(days)) {
      return { kind: "confirm", days, wouldMove, typed };
    }
  }
  const saved = await saveRetention(days);
  if (!saved.ok) return notDone();
  if (wouldMove > 0) {
    const applying = applyRetention();
    if (wouldMove <= MOST_AWAITED) await applying;
  }
  refresh();
  const message =
    days === null ? "Saved: predictions are kept." : `Saved: predictions are deleted after ${days} days.`;
  return { kind: "saved", message, typed };
}
