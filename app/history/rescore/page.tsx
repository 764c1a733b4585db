import type { Metadata } from "next";
import * as z from "zod";
import { SelectionProblem } from "@/app/history/selection-problem";
import { RescoringChoice, RescoringReport } from "@/components/review/rescoring-report";
import { Card } from "@/components/ui/card";
import { NotRead } from "@/components/ui/not-read";
import { Notice } from "@/components/ui/notice";
import { Page } from "@/components/ui/page";
import { parseIds } from "@/lib/history/selection";
import type { SearchParams } from "@/lib/list-address";
import type { Result } from "@/lib/result";
import { LATEST_COUNTS, type StoredCase } from "@/lib/review/rescoring";
import type { StoreError } from "@/lib/server/database/store";
import { findPredictions, latestCases } from "@/lib/server/history/selection";
import { readLocale } from "@/lib/server/locale";
import { rescore } from "@/lib/server/review/rescoring";

export const metadata: Metadata = { title: "Re-score" };

const latestCount = z.enum(LATEST_COUNTS.map(String)).transform(Number);

export default async function RescorePage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { ids, latest } = await searchParams;
  const count = latestCount.safeParse(latest);
  return (
    <Page
      title="Re-score"
      back={{ href: "/history", name: "History" }}
      lead="Asks the present model about saved cases again and shows where its answer differs. Nothing is saved, and every saved answer stays as it is."
    >
      <Card title="Which predictions">
        <RescoringChoice latest={count.data ?? null} />
        {ids === undefined && latest === undefined && (
          <p className="text-ink-2">Or tick some in the history, and choose Re-score there.</p>
        )}
      </Card>
      {(ids !== undefined || latest !== undefined) && <Report given={ids} latest={latest} />}
    </Page>
  );
}

type Given = SearchParams[string];

async function Report({ given, latest }: { given: Given; latest: Given }) {
  const found = await casesOf(given, latest);
  if (typeof found === "string") return <SelectionProblem message={found} />;
  if (!found.ok) return <NotRead what="The history" />;
  if (found.value.length === 0) return <p>There is no prediction to re-score.</p>;
  const rescoring = await rescore(found.value);
  if (!rescoring.ok) {
    return (
      <Notice kind="error" role="alert" title="The present model did not answer.">
        <p>{rescoring.error.message}</p>
        <p className="text-sm">
          Request id <span className="break-all font-mono">{rescoring.error.requestId}</span>
        </p>
      </Notice>
    );
  }
  return <RescoringReport rescoring={rescoring.value} locale={await readLocale()} />;
}

/** The cases that the address asks for; a text where it asks for none that can be. */
async function casesOf(given: Given, latest: Given): Promise<Result<StoredCase[], StoreError> | string> {
  if (given !== undefined && latest !== undefined) return '"ids" and "latest" cannot both be in one address.';
  if (latest !== undefined) {
    const count = latestCount.safeParse(latest);
    return count.success ? latestCases(count.data) : `"latest" can be ${LATEST_COUNTS.join(", ")}.`;
  }
  const ids = parseIds(given);
  if (!ids.ok) return ids.error.message;
  const found = await findPredictions(ids.value, "prediction_rescored");
  if (found.ok) {
    const unknown = ids.value.find((id) => !found.value.some((prediction) => prediction.id === id));
    if (unknown !== undefined) return `There is no prediction ${unknown}.`;
  }
  return found;
}
