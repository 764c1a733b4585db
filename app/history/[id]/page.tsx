import type { Metadata } from "next";
import { cookies } from "next/headers";
import { notFound } from "next/navigation";
import { cache } from "react";
import { tryValues } from "@/app/actions";
import { explore } from "@/app/history/[id]/actions";
import { Rail } from "@/app/history/[id]/rail";
import { undoDeletionAction } from "@/app/history/actions";
import { May } from "@/app/may";
import { Answer } from "@/components/prediction/answer";
import { CaseDrawing } from "@/components/prediction/drawing";
import { GuessFirst } from "@/components/prediction/guess-first";
import { MeasurementCard } from "@/components/prediction/measurement-card";
import { TryRescaled } from "@/components/prediction/try-rescaled";
import { ValuesTable } from "@/components/prediction/values-table";
import { Firmness } from "@/components/review/firmness";
import { Nearest } from "@/components/review/nearest";
import { Neighbours, PrintButton } from "@/components/review/neighbours";
import { Waterfall } from "@/components/review/waterfall";
import { WhatCounts } from "@/components/review/what-counts";
import { type Tried, WhatIf } from "@/components/review/what-if";
import { ActionForm } from "@/components/ui/action-form";
import { Button, buttonClass } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { NotRead } from "@/components/ui/not-read";
import { Notice } from "@/components/ui/notice";
import { Page } from "@/components/ui/page";
import { Timestamp } from "@/components/ui/timestamp";
import type { SavedPrediction } from "@/lib/contract";
import { predictionHref, readList } from "@/lib/history/place";
import { type HistoryQuery, historyHref, predictionId } from "@/lib/history/query";
import type { SearchParams } from "@/lib/list-address";
import type { Locale } from "@/lib/locale";
import { parseField } from "@/lib/predict/measurements";
import { GUESS_FIRST_COOKIE } from "@/lib/prediction/guesses";
import { rankMeasurements } from "@/lib/prediction/reasons";
import { describeSource } from "@/lib/prediction/source";
import { findPlace } from "@/lib/server/history/place";
import { readLocale } from "@/lib/server/locale";
import { DISTANCE } from "@/lib/server/model/distance-words";
import { placed } from "@/lib/server/model/placement";
import { findOutcome } from "@/lib/server/monitoring/outcomes";
import { findAnnotation } from "@/lib/server/notes/annotations";
import { findMeasurement } from "@/lib/server/prediction/measurements";
import { findPrediction } from "@/lib/server/prediction/predictions";
import { review } from "@/lib/server/review/review";
import { askWhatIf, knownWhatIf } from "@/lib/server/review/what-if";
import { drawing, FAMILIES, FEATURES, table } from "@/tables/current";

type Props = { params: Promise<{ id: string }>; searchParams: Promise<SearchParams> };

const findCase = cache(async (id: string) => findAnnotation(id));

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { id } = await params;
  const found = predictionId.safeParse(id).success ? await findCase(id) : null;
  return { title: (found?.ok && found.value.annotation.caseCode) || "Prediction" };
}

export default async function PredictionPage({ params, searchParams }: Props) {
  const id = predictionId.safeParse((await params).id);
  if (!id.success) notFound();
  const found = await findPrediction(id.data);
  if (!found.ok) {
    return (
      <Page title="Prediction" back={{ href: "/history", name: "History" }}>
        <NotRead what="This prediction" />
      </Page>
    );
  }
  if (found.value === null) notFound();
  return <Prediction saved={found.value} given={await searchParams} locale={await readLocale()} />;
}

async function Prediction({
  saved,
  given,
  locale,
}: {
  saved: SavedPrediction;
  given: SearchParams;
  locale: Locale;
}) {
  const { id, deletedAt, contributions, base, values, probability, createdAt, source } = saved;
  const [annotated, first, measured] = await Promise.all([
    findCase(id),
    firstTried(saved, given),
    mayBeMeasured(saved) ? findMeasurement(id) : null,
  ]);
  const measurement = measured?.ok ? measured.value : null;
  const from = describeSource(source, measurement?.synthetic);
  const reviewed = review(saved);
  const inPlace = placed(saved);
  const isGuessFirst = (await cookies()).get(GUESS_FIRST_COOKIE)?.value === "1";
  const confirmed = isGuessFirst ? await findOutcome(id) : null;
  const caseCode = annotated.ok ? annotated.value.annotation.caseCode : null;
  const { in: list } = given;
  const query = readList(list);
  return (
    <Page
      title={caseCode ?? `…${id.slice(-6)}`}
      back={{ href: historyHref(query), name: "History" }}
      lead={
        <>
          <Timestamp at={createdAt} locale={locale} /> · {from}
        </>
      }
      actions={
        <>
          <InList id={id} query={query} />
          <May permission="predict">
            <a href={`/?from=${id}`} className={buttonClass()}>
              Use these values
            </a>
          </May>
          <a href={`/history/${id}/text`} className={buttonClass()}>
            As text
          </a>
          <PrintButton />
        </>
      }
    >
      {deletedAt !== null && (
        <Notice kind="caution" role="status" title="This prediction is deleted.">
          <p>
            It was deleted on <Timestamp at={deletedAt} locale={locale} />, and the history no longer lists
            it.
          </p>
          <May permission="predict">
            <ActionForm action={undoDeletionAction} className="mt-1 print:hidden">
              <input type="hidden" name="ids" value={id} />
              <Button type="submit">Restore</Button>
            </ActionForm>
          </May>
        </Notice>
      )}
      <div className="grid gap-4 min-[62.5rem]:grid-cols-[minmax(0,1fr)_18rem] sm:gap-6 print:block">
        <div className="grid content-start gap-4 sm:gap-6 [&>*]:min-w-0 print:grid-cols-2 print:gap-2">
          <GuessFirst
            prediction={inPlace}
            outcome={confirmed?.ok ? confirmed.value?.outcome : null}
            isOn={isGuessFirst}
            meanwhile={
              drawing !== null && (
                <Card title={LOOKS_TITLE.looks}>
                  <CaseDrawing values={values} size={280} />
                </Card>
              )
            }
          >
            {/* On paper the waterfall has the reasons. */}
            <div className="grid print:[&_fieldset~div]:hidden!">
              <Answer
                prediction={inPlace}
                of={caseCode}
                under={({ scale }) => (
                  <TryRescaled scale={scale} values={values} typicality={saved.typicality} ask={tryValues} />
                )}
              >
                <May permission="predict">
                  <p className="min-[62.5rem]:hidden print:hidden">
                    <a href="#outcome" className="underline decoration-ink-3">
                      Record outcome
                    </a>
                  </p>
                </May>
              </Answer>
            </div>
            {(drawing !== null || contributions !== null) && (
              <Card
                title={LOOKS_TITLE[drawing === null ? "counts" : contributions === null ? "looks" : "both"]}
                caption={
                  contributions === null
                    ? undefined
                    : `The three ${table.nouns.values} that moved the answer most.`
                }
              >
                <WhatCounts values={values} contributions={contributions} review={reviewed} />
              </Card>
            )}
            {contributions === null || base === null ? (
              <Card title="Reasons">
                <p>This model gives no reasons.</p>
              </Card>
            ) : (
              <Card
                title="From the average case to this one"
                caption={`Each bar is a ${FAMILIES.length > 0 ? `family of ${table.nouns.values}` : table.nouns.value}, and what it adds to the answer, in log-odds.`}
              >
                <Waterfall
                  base={base}
                  contributions={contributions}
                  values={values}
                  probability={probability}
                />
              </Card>
            )}
            <Card title="What if" id="what-if" caption={WHAT_IF} className="print:hidden">
              {typeof first === "string" ? (
                <p role="alert">{first}</p>
              ) : (
                <WhatIf
                  saved={saved}
                  first={first}
                  list={typeof list === "string" ? list : undefined}
                  ask={explore}
                />
              )}
            </Card>
            <Card title="How firm it is" caption={HOW_FIRM} className="print:hidden">
              <Firmness saved={saved} trainingRow={inPlace.trainingRow} review={reviewed} />
            </Card>
            <Card
              title="The five training cases most like it"
              caption={`Distance: root mean square of the ${FEATURES.length} differences${DISTANCE.inUnits}.${DISTANCE.note}`}
              className="print:hidden"
            >
              <Nearest nearest={reviewed.nearest} />
            </Card>
          </GuessFirst>
          <Card
            title={`The ${FEATURES.length} ${table.nouns.values}`}
            caption={
              <span className="print:hidden">
                As entered. The mark under each value shows where it lies among the training cases; nine in
                ten of them lie in the darker part.
              </span>
            }
          >
            <ValuesTable values={values} />
          </Card>
          {measured?.ok === false && <NotRead what="What it was measured on" />}
          {measurement !== null && (
            <MeasurementCard {...measurement} image={measurement.hasImage ? `/history/${id}/image` : null} />
          )}
        </div>
        <Rail
          saved={saved}
          from={from}
          annotated={annotated}
          isTrainingRow={inPlace.trainingRow !== null}
          locale={locale}
        />
      </div>
    </Page>
  );
}

/** A case that was measured on an image drawn by a computer is a sample. */
const mayBeMeasured = ({ source }: SavedPrediction) => source === "image" || source === "sample";

const WHAT_IF = FEATURES.every(({ type }) => type === "number")
  ? "Drag the handle or type a value. The saved case stays as it is."
  : "Drag the handle, type a value or choose another. The saved case stays as it is.";

const HOW_FIRM = FEATURES.some(({ type }) => type === "number")
  ? `How the answer holds up under small ${table.nouns.errors}, and without this case in the training data.`
  : "How the answer holds up without this case in the training data, and what would turn it.";

const LOOKS_TITLE = {
  both: "What it looks like, and what counts",
  looks: "What it looks like",
  counts: "What counts",
};

/** The neighbours in the list that the page was opened from; nothing where that cannot be read. */
async function InList({ id, query }: { id: string; query: HistoryQuery }) {
  const place = await findPlace(id, query);
  if (!place.ok) return null;
  const { previous, next, position } = place.value;
  const address = (other: string | null) => (other === null ? null : predictionHref(other, query));
  return <Neighbours place={{ position }} previous={address(previous)} next={address(next)} />;
}

/**
 * What the what-if begins with: the strongest measurement as it is saved or, from a form without script, another at a value.
 * A sentence where no answer came to that.
 */
async function firstTried(saved: SavedPrediction, given: SearchParams): Promise<Tried | string> {
  const [strongest = FEATURES[0]] = rankMeasurements(saved.contributions ?? []);
  const asked = FEATURES.find(({ key }) => key === given.measure);
  const feature = asked ?? strongest;
  if (feature === undefined) throw new Error("the table has no columns");
  const { index } = feature;
  // Another measurement was chosen, at the value of the first: its own is meant.
  const parsed = typeof given.value === "string" ? parseField(given.value, feature, null) : null;
  const values = parsed?.ok ? saved.values.with(index, parsed.value) : saved.values;
  const question = { values, index, saved: saved.values };
  const known = knownWhatIf(question, saved);
  if (known !== null || asked === undefined) return { index, values, answer: known };
  const answer = await askWhatIf(question);
  return answer.ok ? { index, values, answer: answer.value } : answer.error.message;
}
