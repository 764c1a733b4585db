import type { Metadata } from "next";
import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { tryValues } from "@/app/actions";
import { explore, recordOutcome } from "@/app/history/[id]/actions";
import { CaseRecord } from "@/app/history/[id]/case-record";
import { deleteSelectionAction, undoDeletionAction } from "@/app/history/actions";
import { OutcomeForm } from "@/components/monitoring/outcome-form";
import { Answer } from "@/components/prediction/answer";
import { ContributionBars } from "@/components/prediction/contribution-bars";
import { TryRescaled } from "@/components/prediction/try-rescaled";
import { ValuesTable } from "@/components/prediction/values-table";
import { Firmness } from "@/components/review/firmness";
import { WhatIf } from "@/components/review/what-if";
import { ActionForm } from "@/components/ui/action-form";
import { Button, buttonClass } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Facts } from "@/components/ui/facts";
import { NotRead } from "@/components/ui/not-read";
import { Notice } from "@/components/ui/notice";
import { Timestamp } from "@/components/ui/timestamp";
import type { SavedPrediction } from "@/lib/contract";
import { predictionId } from "@/lib/history/query";
import type { Locale } from "@/lib/locale";
import { latestDay } from "@/lib/monitoring/outcome-form";
import { agreement, outcomeText } from "@/lib/prediction/outcome";
import { capitalised, NEGATIVE, POSITIVE } from "@/lib/prediction/words";
import { readLocale } from "@/lib/server/locale";
import { placed } from "@/lib/server/model/placement";
import { findOutcome } from "@/lib/server/monitoring/outcomes";
import { findPrediction } from "@/lib/server/prediction/predictions";
import { review } from "@/lib/server/review/review";
import { words } from "@/tables/current";

export const metadata: Metadata = { title: "Prediction" };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const id = predictionId.safeParse((await params).id);
  if (!id.success) notFound();
  const found = await findPrediction(id.data);
  if (!found.ok) return <NotRead what="This prediction" />;
  if (found.value === null) notFound();
  return <Prediction saved={found.value} locale={await readLocale()} />;
}

const SOURCE_NAMES: Partial<Record<string, string>> = {
  form: "entered in the form",
  sample: "sample button",
};
const OUTCOME_TITLE = `${capitalised(words.outcome.test)} outcome`;

function Prediction({ saved, locale }: { saved: SavedPrediction; locale: Locale }) {
  const { id, deletedAt, contributions } = saved;
  const reviewed = review(saved);
  const inPlace = placed(saved);
  return (
    <article className="grid gap-4">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div>
          <h1 className="font-semibold text-title tracking-tight">
            Prediction of <Timestamp at={saved.createdAt} locale={locale} />
          </h1>
          <a href="/history" className="text-ink-2 text-sm underline underline-offset-4 print:hidden">
            All predictions
          </a>
        </div>
        <div className="flex flex-wrap items-start gap-2 print:hidden">
          <a href={`/?from=${id}`} className={buttonClass()}>
            Use these values again
          </a>
          <a href={`/history/${id}/text`} className={buttonClass()}>
            As text
          </a>
          {deletedAt === null && <DeleteControl id={id} />}
        </div>
      </div>

      {deletedAt !== null && (
        <Notice kind="caution" role="status" title="This prediction is deleted.">
          <p>
            Since <Timestamp at={deletedAt} locale={locale} />; the history no longer lists it.
          </p>
          <ActionForm action={undoDeletionAction} className="mt-1 print:hidden">
            <input type="hidden" name="ids" value={id} />
            <Button type="submit">Undo</Button>
          </ActionForm>
        </Notice>
      )}

      <div className="grid items-start gap-4 lg:grid-cols-2 print:grid-cols-2 print:gap-2">
        <Answer
          prediction={inPlace}
          under={({ scale }) => (
            <TryRescaled scale={scale} values={saved.values} typicality={saved.typicality} ask={tryValues} />
          )}
        />
        <Card title="Record">
          <Record saved={saved} locale={locale} />
        </Card>
        <ConfirmedOutcome saved={saved} isTrainingRow={inPlace.trainingRow !== null} />
        <Card title="Reasons" className="print:col-span-2">
          {contributions === null ? (
            <p className="text-ink-2">The model behind this answer gives no reasons.</p>
          ) : (
            <>
              <ContributionBars
                contributions={contributions}
                values={saved.values}
                distributions={reviewed.distributions}
              />
              <p className="text-ink-2 text-xs">
                Push: in log-odds, above 0 speaks for {POSITIVE.word}
                {saved.base !== null && `; with the base ${saved.base.toFixed(2)}, all add up to the logit`}.
                Among training cases: <span className={POSITIVE.colour}>{POSITIVE.word} above the line</span>,{" "}
                <span className={NEGATIVE.colour}>{NEGATIVE.word} below</span>, this case the upright mark,
                broken where it lies outside.
              </p>
            </>
          )}
        </Card>
        <Card title="Measurements">
          <ValuesTable values={saved.values} />
        </Card>
        <Card title="How firm it is">
          <Firmness review={reviewed} />
        </Card>
        <Card title="What if" className="print:hidden">
          <WhatIf saved={saved} ask={explore} />
          <noscript>
            <p>Trying other values needs JavaScript.</p>
          </noscript>
        </Card>
        <CaseRecord id={id} />
      </div>
    </article>
  );
}

/** What the case was confirmed to be, whether the prediction agrees, and the form that records it. */
async function ConfirmedOutcome({
  saved,
  isTrainingRow,
}: {
  saved: SavedPrediction;
  isTrainingRow: boolean;
}) {
  const found = await findOutcome(saved.id);
  if (!found.ok) {
    return (
      <Card title={OUTCOME_TITLE}>
        <NotRead what="The outcome" />
      </Card>
    );
  }
  const recorded = found.value;
  const agreed = recorded === null ? null : agreement(saved, recorded.outcome);
  return (
    <Card
      title={OUTCOME_TITLE}
      className={`lg:col-span-2 print:col-span-2 ${recorded === null ? "print:hidden" : ""}`}
    >
      {recorded !== null && agreed !== null ? (
        <p>
          <span aria-hidden="true">{agreed.agrees ? "✓" : "✕"} </span>
          {capitalised(words.outcome.test)}: <strong>{outcomeText(recorded)}</strong>. {agreed.sentence}
        </p>
      ) : (
        <p className="text-ink-2">
          Not recorded. Once the {words.outcome.test}'s result is known and entered, it shows here whether the
          prediction agrees, and{" "}
          <a href="/model#in-use" className="underline underline-offset-4">
            how predictions fare in use
          </a>
          .
        </p>
      )}
      <OutcomeForm id={saved.id} recorded={recorded} latestDay={latestDay()} record={recordOutcome} />
      {isTrainingRow && (
        <p className="text-ink-2 text-xs print:hidden">
          A case of the training data is none of yours: its outcome does not count among the figures.
        </p>
      )}
    </Card>
  );
}

const importedAs = (id: string, there: string) =>
  id === there ? "from a file" : `from a file, where its id was ${there}, which does not tell its time`;

type Fact = [name: string, value: ReactNode];

function Record({ saved, locale }: { saved: SavedPrediction; locale: Locale }) {
  const facts: Fact[] = [
    ["Made", <Timestamp key="made" at={saved.createdAt} locale={locale} precise />],
    ["Values", SOURCE_NAMES[saved.source] ?? saved.source],
    [
      "Model",
      <a key="model" href="/model" className="underline underline-offset-4">
        {saved.modelName} {saved.modelVersion}
      </a>,
    ],
    ["Model hash", saved.modelHash ?? "not reported"],
    ["Threshold", saved.threshold ?? "not reported"],
    ["Backend", saved.backend],
    ["Answered in", `${saved.latencyMs.toFixed(saved.latencyMs < 10 ? 2 : 0)} ms`],
    ["Id", saved.id],
    ...(saved.importedId === null
      ? []
      : [["Imported", importedAs(saved.id, saved.importedId)] satisfies Fact]),
  ];
  return <Facts facts={facts} className="break-all text-sm" />;
}

/** Asks before it deletes, and needs no script to do so. */
function DeleteControl({ id }: { id: string }) {
  return (
    <details className="relative">
      <summary className={buttonClass()}>Delete…</summary>
      <ActionForm
        action={deleteSelectionAction}
        className="mt-2 grid gap-2 rounded-field border border-line bg-surface p-3 sm:absolute sm:right-0 sm:z-10 sm:w-72 sm:shadow-lg"
      >
        <input type="hidden" name="ids" value={id} />
        <p className="text-sm">The history no longer lists it. You can undo this.</p>
        <Button type="submit" kind="primary" className="justify-center">
          Delete this prediction
        </Button>
      </ActionForm>
    </details>
  );
}
