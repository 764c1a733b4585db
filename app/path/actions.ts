"use server";

import { refresh } from "next/cache";
import { redirect } from "next/navigation";
import type { RetentionDone } from "@/lib/history/retention";
import { retentionForm } from "@/lib/history/retention-form";
import type { PathTest } from "@/lib/path/path-status";
import { fail, ok, type Result } from "@/lib/result";
import { may } from "@/lib/server/access/actor";
import { formAction, whyNotSaved } from "@/lib/server/form-action";
import { applyRetention, countExpired, saveRetention } from "@/lib/server/history/retention";
import { testPath } from "@/lib/server/path/test-path";

/** Sends a known case through the path in use; saves nothing. */
export async function test(_: PathTest | null): Promise<PathTest> {
  // The page says who may.
  if (!may("administer")) redirect("/path");
  return testPath();
}

/** More than this are moved after the answer, so that nobody waits at the form. */
const MOST_AWAITED = 2_000;

/**
 * Sets the form's `days`, empty for off. What would move predictions to the bin now is asked about first, and only done
 * where `confirmed` is the very number of days.
 */
export const saveRetentionAction = formAction(
  retentionForm,
  async ({ days, confirmed }): Promise<Result<RetentionDone, string>> => {
    const counted = days === null ? ok(0) : await countExpired(days);
    if (!counted.ok) return fail(whyNotSaved(counted.error));
    const wouldMove = counted.value;
    if (days !== null && wouldMove > 0 && confirmed !== String(days)) return ok({ days, wouldMove });
    const saved = await saveRetention(days);
    if (!saved.ok) return fail(whyNotSaved(saved.error));
    const applying = wouldMove > 0 ? applyRetention() : null;
    if (wouldMove <= MOST_AWAITED) await applying;
    refresh();
    return ok(
      days === null
        ? "Saved: predictions are not deleted by age."
        : `Saved: predictions are deleted after ${days} days.`,
    );
  },
);
