import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Answer } from "@/components/prediction/answer";
import { Card } from "@/components/ui/card";
import { NotRead } from "@/components/ui/not-read";
import { Page } from "@/components/ui/page";
import { Timestamp } from "@/components/ui/timestamp";
import { predictionId } from "@/lib/history/query";
import type { SearchParams } from "@/lib/list-address";
import { agreement, outcomeText } from "@/lib/prediction/outcome";
import { findCaseCodes } from "@/lib/server/history/selection";
import { readLocale } from "@/lib/server/locale";
import { placed } from "@/lib/server/model/placement";
import { findOutcome } from "@/lib/server/monitoring/outcomes";
import { findPrediction } from "@/lib/server/prediction/predictions";

export const metadata: Metadata = { title: "A prediction in short" };

/** Answer and outcome of one prediction: what the history shows beside itself, which takes what `peek` holds. */
export default async function PeekPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const id = predictionId.safeParse((await searchParams).id);
  if (!id.success) notFound();
  const [found, codes, outcome, locale] = await Promise.all([
    findPrediction(id.data),
    findCaseCodes([id.data]),
    findOutcome(id.data),
    readLocale(),
  ]);
  if (found.ok && found.value === null) notFound();
  return (
    <Page title="A prediction in short" back={{ href: "/history", name: "History" }}>
      <div id="peek" className="grid gap-4">
        {!found.ok || found.value === null || !codes.ok || !outcome.ok ? (
          <NotRead what="This prediction" />
        ) : (
          <>
            <Answer
              prediction={placed(found.value)}
              of={
                <>
                  {codes.value.get(id.data) ?? `…${id.data.slice(-6)}`},{" "}
                  <Timestamp at={found.value.createdAt} locale={locale} />
                </>
              }
            />
            <Card title="Outcome">
              {outcome.value === null ? (
                <p className="text-ink-2">Not recorded.</p>
              ) : (
                <p>
                  <strong>{outcomeText(outcome.value)}</strong>.{" "}
                  {agreement(found.value, outcome.value.outcome).sentence}
                </p>
              )}
            </Card>
          </>
        )}
      </div>
    </Page>
  );
}
