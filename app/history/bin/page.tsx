import type { Metadata } from "next";
import * as z from "zod";
import { purgeSelectionAction, restoreSelectionAction } from "@/app/history/selection-actions";
import { NotRead, SelectionProblem } from "@/app/history/selection-problem";
import { BinBar, BinTable } from "@/components/history/bin";
import { BackLink } from "@/components/ui/back-link";
import { buttonClass } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { predictionId, type SearchParams } from "@/lib/history/query";
import { BIN_DAYS } from "@/lib/history/retention";
import { listBin } from "@/lib/server/history/selection";

export const metadata: Metadata = { title: "Bin" };

const DONE = { restored: "Restored.", purged: "Deleted for ever." } as const;
const PROBLEMS = {
  nothing_selected: "No prediction is selected. Tick the boxes of those that you mean, then try again.",
  not_saved: "The database could not be written to, and nothing has changed. Try again.",
} as const;

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { done, problem, after: afterText } = await searchParams;
  const isDone = z.enum(["restored", "purged"]).safeParse(done);
  const isProblem = z.enum(["nothing_selected", "not_saved"]).safeParse(problem);
  const after = predictionId.optional().safeParse(afterText);
  return (
    <div className="grid gap-3">
      <div>
        <h1 className="font-semibold text-lg">Bin</h1>
        <BackLink />
      </div>
      <p>
        What is deleted stays here for {BIN_DAYS} days and can be restored. After that it is deleted for ever,
        with its notes and the record of its edits.
      </p>
      {isDone.success && <Notice kind="done" role="status" title={DONE[isDone.data]} />}
      {isProblem.success && <Notice kind="error" role="alert" title={PROBLEMS[isProblem.data]} />}
      {after.success ? (
        <Bin after={after.data ?? null} />
      ) : (
        <SelectionProblem message='"after" in the address is not the id of a prediction.' />
      )}
    </div>
  );
}

async function Bin({ after }: { after: string | null }) {
  const page = await listBin(after);
  if (!page.ok) return <NotRead error={page.error} />;
  const { rows, next } = page.value;
  if (rows.length === 0) {
    return <p className="rounded-md border border-line bg-surface p-4">The bin is empty.</p>;
  }
  return (
    <>
      <BinTable rows={rows} now={new Date()} />
      <BinBar restore={restoreSelectionAction} purge={purgeSelectionAction} />
      {(after !== null || next !== null) && (
        <nav aria-label="Pages" className="flex gap-2">
          {after !== null && (
            <a href="/history/bin" className={buttonClass("plain")}>
              First page
            </a>
          )}
          {next !== null && (
            <a href={`/history/bin?after=${next}`} rel="next" className={buttonClass()}>
              Next →
            </a>
          )}
        </nav>
      )}
    </>
  );
}
