import type { Metadata } from "next";
import { SelectionProblem } from "@/app/history/selection-problem";
import { ComparedCases, ComparedMeasurements, ComparedReasons } from "@/components/review/comparison";
import { NotRead } from "@/components/ui/not-read";
import { Notice } from "@/components/ui/notice";
import { Page } from "@/components/ui/page";
import { countPredictions } from "@/lib/format";
import { parseIds, SELECTION_ACTIONS } from "@/lib/history/selection";
import type { SearchParams } from "@/lib/list-address";
import { findCaseCodes, findPredictions } from "@/lib/server/history/selection";
import { readLocale } from "@/lib/server/locale";
import { countOutlines } from "@/lib/server/prediction/measurements";

export const metadata: Metadata = { title: "Compare predictions" };

export default async function ComparePage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  return (
    <Page title="Compare predictions" back={{ href: "/history", name: "History" }}>
      <Comparison given={(await searchParams).ids} />
    </Page>
  );
}

async function Comparison({ given }: { given: SearchParams[string] }) {
  const ids = parseIds(given, SELECTION_ACTIONS.compare);
  if (!ids.ok) return <SelectionProblem message={ids.error.message} />;
  const found = await findPredictions(ids.value, "prediction_compared");
  if (!found.ok) return <NotRead what="The selection" />;
  const predictions = found.value;
  const unknown = ids.value.find((id) => !predictions.some((prediction) => prediction.id === id));
  if (unknown !== undefined) return <SelectionProblem message={`There is no prediction ${unknown}.`} />;
  const codes = await findCaseCodes(ids.value);
  const outlines = await countOutlines(ids.value);
  if (!codes.ok || !outlines.ok) return <NotRead what="The selection" />;
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
      <ComparedCases
        predictions={predictions}
        caseCodes={codes.value}
        outlines={outlines.value}
        locale={locale}
      />
      <ComparedReasons predictions={predictions} />
      <ComparedMeasurements predictions={predictions} />
    </>
  );
}
