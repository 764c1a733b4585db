import type { Metadata } from "next";
import { changeBinAction } from "@/app/history/actions";
import { SelectionProblem } from "@/app/history/selection-problem";
import { RedirectNotice } from "@/app/redirect-notice";
import { BinBar, BinTable } from "@/components/history/bin";
import { buttonClass } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { NotRead } from "@/components/ui/not-read";
import { Page } from "@/components/ui/page";
import { predictionId } from "@/lib/history/query";
import { BIN_DAYS } from "@/lib/history/retention";
import type { SearchParams } from "@/lib/list-address";
import { may } from "@/lib/server/access/actor";
import { listBin } from "@/lib/server/history/selection";
import { readLocale } from "@/lib/server/locale";

export const metadata: Metadata = { title: "Bin" };

export default async function BinPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await searchParams;
  const after = predictionId.optional().safeParse(params.after);
  return (
    <Page
      title="Bin"
      back={{ href: "/history", name: "History" }}
      lead={`Deleted predictions stay here for ${BIN_DAYS} days and can be restored. After that they are deleted for ever, with their notes and the record of their edits.`}
    >
      <RedirectNotice params={params} />
      {after.success ? (
        <Bin after={after.data ?? null} />
      ) : (
        <SelectionProblem message='"after" in the address is not the id of a prediction.' />
      )}
    </Page>
  );
}

async function Bin({ after }: { after: string | null }) {
  const page = await listBin(after);
  if (!page.ok) return <NotRead what="The bin" />;
  const { rows, next } = page.value;
  const mayChange = may("predict");
  if (rows.length === 0) {
    return after === null ? (
      <Card title="The bin is empty">
        <p className="text-ink-2">Nothing was deleted in the last {BIN_DAYS} days.</p>
      </Card>
    ) : (
      <Card title="Nothing further is in the bin">
        <p>
          <a href="/history/bin" className={buttonClass()}>
            First page
          </a>
        </p>
      </Card>
    );
  }
  return (
    <>
      <BinTable rows={rows} now={new Date()} locale={await readLocale()} mayChange={mayChange} />
      {mayChange && <BinBar change={changeBinAction} mayPurge={may("administer")} />}
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
