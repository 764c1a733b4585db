import type { ReactNode } from "react";
import { recordOutcome, saveAnnotationAction } from "@/app/history/[id]/actions";
import { deleteSelectionAction } from "@/app/history/actions";
import { OutcomeForm } from "@/components/monitoring/outcome-form";
import { AnnotationForm } from "@/components/notes/annotation-form";
import { EditHistory } from "@/components/notes/edit-history";
import { ActionForm } from "@/components/ui/action-form";
import { Button, buttonClass } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Facts } from "@/components/ui/facts";
import { NotRead } from "@/components/ui/not-read";
import { Timestamp } from "@/components/ui/timestamp";
import type { SavedPrediction } from "@/lib/contract";
import { capitalised } from "@/lib/format";
import type { Locale } from "@/lib/locale";
import { EARLIEST_DAY, latestDay, todayIn } from "@/lib/monitoring/outcome-form";
import { agreement, dayText, outcomeText } from "@/lib/prediction/outcome";
import { may } from "@/lib/server/access/actor";
import { findOutcome } from "@/lib/server/monitoring/outcomes";
import type { findAnnotation } from "@/lib/server/notes/annotations";
import { words } from "@/tables/current";

/** What is deleted is read only, and so is everything for who may only look. */
const isEditable = ({ deletedAt }: SavedPrediction) => deletedAt === null && may("predict");

/** What a person adds to a prediction, and where it comes from. */
export function Rail({
  saved,
  from,
  annotated,
  isTrainingRow,
  locale,
}: {
  saved: SavedPrediction;
  /** By which door it came. */
  from: string;
  annotated: Awaited<ReturnType<typeof findAnnotation>>;
  isTrainingRow: boolean;
  locale: Locale;
}) {
  return (
    <aside
      aria-label="About this case"
      className="grid content-start gap-4 self-start min-[62.5rem]:sticky min-[62.5rem]:top-[calc(var(--bar)+1rem)] [&>*]:min-w-0 print:mt-2 print:grid-cols-2 print:gap-2"
    >
      <ConfirmedOutcome saved={saved} isTrainingRow={isTrainingRow} locale={locale} />
      <CaseRecord saved={saved} annotated={annotated} locale={locale} />
      <Provenance saved={saved} from={from} locale={locale} />
      {isEditable(saved) && <DeleteControl id={saved.id} />}
    </aside>
  );
}

const OUTCOME_TITLE = `${capitalised(words.outcome.test)} outcome`;

/** What the case was confirmed to be, whether the prediction agrees, and the form that records it. */
async function ConfirmedOutcome({
  saved,
  isTrainingRow,
  locale,
}: {
  saved: SavedPrediction;
  isTrainingRow: boolean;
  locale: Locale;
}) {
  const found = await findOutcome(saved.id);
  if (!found.ok) {
    return (
      <Card title={OUTCOME_TITLE} id="outcome">
        <NotRead what="The outcome" />
      </Card>
    );
  }
  const recorded = found.value;
  const agreed = recorded === null ? null : agreement(saved, recorded.outcome);
  return (
    <Card title={OUTCOME_TITLE} id="outcome" className={recorded === null ? "print:hidden" : ""}>
      {recorded !== null && agreed !== null ? (
        <p>
          <span aria-hidden="true">{agreed.agrees ? "✓" : "✕"} </span>
          {capitalised(words.outcome.test)}:{" "}
          <strong className="font-semibold">{outcomeText(recorded)}</strong>. {agreed.sentence}
        </p>
      ) : (
        <p className="text-ink-2 text-xs">
          Not recorded yet. Once it is, this card says whether the prediction agrees, and the case counts in{" "}
          <a href="/model#in-use" className="underline decoration-ink-3">
            the figures in use
          </a>
          .
        </p>
      )}
      {isEditable(saved) && (
        <OutcomeForm
          id={saved.id}
          recorded={recorded && { ...recorded, on: recorded.on && dayText(recorded.on) }}
          days={{ today: todayIn(locale.timeZone), earliest: EARLIEST_DAY, latest: latestDay() }}
          record={recordOutcome}
        />
      )}
      {isTrainingRow && (
        <p className="text-ink-2 text-xs print:hidden">
          A training case: its outcome stays out of the figures.
        </p>
      )}
    </Card>
  );
}

/** What a person wrote beside a prediction, to be edited, and how it came to be so. */
function CaseRecord({
  saved,
  annotated,
  locale,
}: Pick<Parameters<typeof Rail>[0], "saved" | "annotated" | "locale">) {
  if (!annotated.ok) {
    return (
      <Card title="Case">
        <NotRead what="What was noted about this prediction" />
      </Card>
    );
  }
  const { annotation, edits } = annotated.value;
  const { caseCode, note } = annotation;
  const written = (
    <>
      {caseCode !== null && <p>Case code: {caseCode}</p>}
      {note !== null && <p className="whitespace-pre-wrap break-words">{note}</p>}
    </>
  );
  return (
    <Card title="Case" className={caseCode === null && note === null ? "print:hidden" : ""}>
      {isEditable(saved) ? (
        <>
          <AnnotationForm id={saved.id} annotation={annotation} save={saveAnnotationAction} />
          <div className="hidden print:block">{written}</div>
        </>
      ) : (
        <div>
          {caseCode === null && note === null ? <p className="text-ink-2">Nothing was written.</p> : written}
        </div>
      )}
      <details className="print:hidden">
        <summary className="min-h-6 underline decoration-ink-3">
          {edits.length === 1 ? "1 change" : `${edits.length} changes`}
        </summary>
        <div className="mt-2">
          <EditHistory edits={edits} locale={locale} />
        </div>
      </details>
    </Card>
  );
}

const importedAs = (id: string, there: string) =>
  id === there ? "from a file" : `from a file, where its id was ${there}, which does not contain its time`;

type Fact = [name: string, value: ReactNode];

function Provenance({ saved, from, locale }: { saved: SavedPrediction; from: string; locale: Locale }) {
  const facts: Fact[] = [
    ["Made", <Timestamp key="made" at={saved.createdAt} locale={locale} precise />],
    ["Source", from],
    [
      "Model",
      <a key="model" href="/model" className="underline decoration-ink-3">
        {saved.modelName} {saved.modelVersion}
      </a>,
    ],
    ["Model hash", saved.modelHash ?? "not reported"],
    ["Cut-off", saved.threshold ?? "not reported"],
    ["Path", saved.backend],
    ["Time taken", `${saved.latencyMs.toFixed(saved.latencyMs < 10 ? 2 : 0)} ms`],
    ["Id", saved.id],
    ...(saved.importedId === null
      ? []
      : [["Imported", importedAs(saved.id, saved.importedId)] satisfies Fact]),
  ];
  return (
    <section
      aria-label="Provenance"
      className="rounded-card border border-line bg-surface p-4 sm:px-6 sm:py-5 print:col-span-2 print:break-inside-avoid print:p-2"
    >
      <details className="print:hidden">
        <summary className="font-semibold text-base">Provenance</summary>
        <Facts facts={facts} className="mt-3 break-all text-xs" />
      </details>
      <p className="hidden break-all text-xs print:block">
        {facts.map(([name, value]) => (
          <span key={name}>
            {name}: {value}.{" "}
          </span>
        ))}
      </p>
    </section>
  );
}

/** Asks before it deletes, and needs no script to do so. */
function DeleteControl({ id }: { id: string }) {
  return (
    <details className="print:hidden">
      <summary className={`${buttonClass("quiet")} w-full`}>Delete…</summary>
      <ActionForm
        action={deleteSelectionAction}
        className="mt-2 grid gap-2 rounded-card border border-line bg-surface p-4"
      >
        <input type="hidden" name="ids" value={id} />
        <p>It goes to the bin, from where it can be restored.</p>
        <Button type="submit" kind="primary">
          Delete this prediction
        </Button>
      </ActionForm>
    </details>
  );
}
