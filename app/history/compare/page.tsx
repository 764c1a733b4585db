import type { Metadata } from "next";
import { SelectionProblem } from "@/app/history/selection-problem";
import { ComparisonReasons, ComparisonTable } from "@/components/review/comparison-table";
import { BackLink } from "@/components/ui/back-link";
import { NotRead } from "@/components/ui/not-read";
import { Notice } from "@/components/ui/notice";
import { countPredictions } from "@/lib/format";
import type { SearchParams } from "@/lib/history/query";
import { parseIds, SELECTION_ACTIONS } from "@/lib/history/selection";
import { findCaseCodes, findPredictions } from "@/lib/server/history/selection";
import { readLocale } from "@/lib/server/locale";

export const metadata: Metadata = { title: "Compare predictions" };

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  return (
    <div className="grid gap-3">
      <div>
        <h1 className="font-semibold text-title tracking-tight">Compare predictions</h1>
        <BackLink />
      </div>
      <Comparison given={(await searchParams).ids} />
    </div>
  );
}

async function Comparison({ given }: { given: SearchParams[string] }) {
  const ids = parseIds(given, SELECTION_ACTIONS.compare);
  if (!ids.ok) return <SelectionProblem message={ids.error.message} />;
  const found = await findPredictions(ids.value);
  if (!found.ok) return <NotRead what="The selection" />;
  const predictions = found.value;
  const unknown = ids.value.find((id) => !predictions.some((prediction) => prediction.id === id));
  if (unknown !== undefined) return <SelectionProblem message={`There is no prediction ${unknown}.`} />;
  const codes = await findCaseCodes(ids.value);
  if (!codes.ok) return <NotRead what="The selection" />;
  const locale = await readLocale();
  const deleted = predictions.filter(({ deletedAt }) => deletedAt !== null).length;
  return (
    <>
      {deleted > 0 && (
        <Notice
          kind="caution"
          title={`${countPredictions(deleted)} of these ${deleted === 1 ? "is" : "are"} deleted.`}
        />
      )}
      <ComparisonTable predictions={predictions} caseCodes={codes.value} locale={locale} />
      <ComparisonReasons predictions={predictions} locale={locale} />
    </>
  );
}
