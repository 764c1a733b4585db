import type { Metadata } from "next";
import { deleteSelectionAction } from "@/app/history/actions";
import { SelectionProblem } from "@/app/history/selection-problem";
import { May } from "@/app/may";
import { RedirectNotice } from "@/app/redirect-notice";
import { PredictionRows } from "@/components/prediction/prediction-rows";
import { ActionForm } from "@/components/ui/action-form";
import { Button, buttonClass } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { NotRead } from "@/components/ui/not-read";
import { Page } from "@/components/ui/page";
import { countPredictions } from "@/lib/format";
import { BIN_DAYS } from "@/lib/history/retention";
import { parseIds } from "@/lib/history/selection";
import type { SearchParams } from "@/lib/list-address";
import { findCaseCodes, findPredictions } from "@/lib/server/history/selection";
import { readLocale } from "@/lib/server/locale";

export const metadata: Metadata = { title: "Delete predictions" };

/** Asks before a selection is deleted. */
export default async function DeletePage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await searchParams;
  return (
    <Page title="Delete predictions" back={{ href: "/history", name: "History" }}>
      <RedirectNotice params={params} />
      <May permission="predict" isSaid>
        <Question ids={params.ids} />
      </May>
    </Page>
  );
}

async function Question({ ids: given }: { ids: SearchParams[string] }) {
  const ids = parseIds(given);
  if (!ids.ok) return <SelectionProblem message={ids.error.message} />;
  const found = await findPredictions(ids.value, "prediction_viewed");
  if (!found.ok) return <NotRead what="The selection" />;
  const codes = await findCaseCodes(ids.value);
  if (!codes.ok) return <NotRead what="The selection" />;
  const rows = found.value
    .filter(({ deletedAt }) => deletedAt === null)
    .map((row) => ({ ...row, caseCode: codes.value.get(row.id) ?? null }));
  if (rows.length === 0) return <SelectionProblem message="None of these predictions is in the history." />;
  return (
    <>
      <Card title={`Delete ${countPredictions(rows.length)}?`}>
        <p>
          {rows.length === 1
            ? `It goes to the bin, from where you can restore it for ${BIN_DAYS} days. After that it is deleted for ever.`
            : `They go to the bin, from where you can restore them for ${BIN_DAYS} days. After that they are deleted for ever.`}
        </p>
        <ActionForm action={deleteSelectionAction} className="flex flex-wrap gap-2">
          <input type="hidden" name="ids" value={rows.map(({ id }) => id).join()} />
          <Button type="submit" kind="primary">
            Delete {countPredictions(rows.length)}
          </Button>
          <a href="/history" className={buttonClass()}>
            Cancel
          </a>
        </ActionForm>
      </Card>
      <PredictionRows rows={rows} caption="What will be deleted" locale={await readLocale()} />
    </>
  );
}
