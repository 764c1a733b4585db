import type { Metadata } from "next";
import { changeBinAction } from "@/app/history/actions";
import { SelectionProblem } from "@/app/history/selection-problem";
import { RedirectNotice } from "@/app/redirect-notice";
import { BinBar, BinTable } from "@/components/history/bin";
import { BackLink } from "@/components/ui/back-link";
import { buttonClass } from "@/components/ui/button";
import { NotRead } from "@/components/ui/not-read";
import { predictionId, type SearchParams } from "@/lib/history/query";
import { BIN_DAYS } from "@/lib/history/retention";
import { listBin } from "@/lib/server/history/selection";
import { readLocale } from "@/lib/server/locale";

export const metadata: Metadata = { title: "Bin" };

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await searchParams;
  const after = predictionId.optional().safeParse(params.after);
  return (
    <div className="grid gap-3">
      <div>
        <h1 className="font-semibold text-title tracking-tight">Bin</h1>
        <BackLink />
      </div>
      <p>
        What is deleted stays here for {BIN_DAYS} days and can be restored. After that it is deleted for ever,
        with its notes and the record of its edits.
      </p>
      <RedirectNotice params={params} />
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
  if (!page.ok) return <NotRead what="The bin" />;
  const { rows, next } = page.value;
  if (rows.length === 0) {
    return <p className="rounded-field border border-line bg-surface p-4">The bin is empty.</p>;
  }
  return (
    <>
      <BinTable rows={rows} now={new Date()} locale={await readLocale()} />
      <BinBar change={changeBinAction} />
      {(after !== null || next !== null) && (
        <nav aria-label="Pages" className="flex gap-2">
          {after !== null && (
            <a href="/history/bin" className={buttonClass("quiet")}>
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
