import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { formatProbability } from "@/components/prediction/diagnosis";
import { CaseDrawing, CaseThumb } from "@/components/prediction/drawing";
import { ValuesTable } from "@/components/prediction/values-table";
import { Card } from "@/components/ui/card";
import { Page } from "@/components/ui/page";
import { Shape } from "@/components/ui/shape";
import { answerOf } from "@/lib/prediction/words";
import { DISTANCE } from "@/lib/server/model/distance-words";
import { MODEL_CARD } from "@/lib/server/model/model-card";
import { trainingCase } from "@/lib/server/model/training-case";
import { TRAINING_DATA } from "@/lib/server/model/training-data";
import { drawing, table } from "@/tables/current";

type Props = { params: Promise<{ row: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Training case ${(await params).row.slice(0, 10)}` };
}

/** One row of the training data: what it is, what it looks like, and what is most like it. */
export default async function TrainingCasePage({ params }: Props) {
  const { row } = await params;
  const found = /^\d{1,6}$/.test(row) ? trainingCase(Number(row)) : null;
  if (found === null) notFound();
  const { truth, unseen, values, nearest } = found;
  const last = TRAINING_DATA.features.length - 1;
  return (
    <Page
      title={`Training case ${found.row}`}
      back={{ href: "/model", name: "Model card" }}
      beside={<Truth of={truth} />}
      lead={
        unseen === null
          ? "Rows of the training data are counted from 0."
          : `Models that had not been trained on it gave it ${formatProbability(unseen, MODEL_CARD.model.threshold)} on average. Rows are counted from 0 to ${last}.`
      }
    >
      <div className="@container">
        <div
          className={`grid items-start gap-6 [&>*]:min-w-0 ${drawing === null ? "" : "@min-[52rem]:grid-cols-[20rem_minmax(0,1fr)]"}`}
        >
          {drawing !== null && (
            <Card title="What it looks like">
              <CaseDrawing values={values} size={280} />
            </Card>
          )}
          <Card title={table.nouns.ofCase}>
            <ValuesTable values={values} />
          </Card>
        </div>
      </div>
      <Card
        title="Most like it"
        caption={`The training cases with the least difference, as a root mean square over ${DISTANCE.overStandardised}.${DISTANCE.note}`}
      >
        <ul className="grid grid-cols-[repeat(auto-fill,minmax(7.5rem,1fr))] gap-3">
          {nearest.map((other) => (
            <li key={other.row}>
              <a
                href={`/model/cases/${other.row}`}
                className="grid h-full content-start gap-0.5 rounded-field border border-line px-2.5 pt-2 pb-3 hover:border-ink-3"
              >
                <span className="justify-self-center">
                  <CaseThumb values={TRAINING_DATA.features[other.row] ?? []} size={84} />
                </span>
                <span className="font-semibold underline decoration-ink-3">Row {other.row}</span>
                <Truth of={other.diagnosis} />
                <span className="text-ink-2 text-xs">difference {other.distance.toFixed(2)}</span>
              </a>
            </li>
          ))}
        </ul>
      </Card>
    </Page>
  );
}

function Truth({ of }: { of: Parameters<typeof answerOf>[0] }) {
  const answer = answerOf(of);
  return (
    <span className={`flex items-center gap-1.5 font-medium ${answer.colour}`}>
      <Shape {...answer} />
      {answer.word}
    </span>
  );
}
