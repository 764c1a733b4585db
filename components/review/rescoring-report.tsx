import { Fragment } from "react";
import { DiagnosisMark, formatProbability } from "@/components/prediction/diagnosis";
import { PredictionLink } from "@/components/prediction/prediction-link";
import { Card } from "@/components/ui/card";
import { Facts } from "@/components/ui/facts";
import { ColumnHead, ScrollTable } from "@/components/ui/table";
import { countPredictions, signed } from "@/lib/format";
import type { Locale } from "@/lib/locale";
import { type Answer, LATEST_COUNTS, type Rescored, type Rescoring } from "@/lib/review/rescoring";

/** Beyond this, a table is not read. */
const MOST_SHOWN = 200;

/** Which predictions can be re-scored without selecting them. */
export function RescoringChoice({ latest }: { latest: number | null }) {
  return (
    <nav
      aria-label="Latest predictions to re-score"
      className="flex flex-wrap items-center gap-1 print:hidden"
    >
      <span className="text-ink-2">The latest</span>
      {LATEST_COUNTS.map((count) => (
        <a
          key={count}
          href={`/history/rescore?latest=${count}`}
          aria-current={count === latest ? "true" : undefined}
          className="inline-flex min-h-6 min-w-8 items-center justify-center rounded-sm px-1.5 underline underline-offset-4 aria-[current]:forced-color-adjust-none aria-[current]:bg-ink aria-[current]:text-on-ink aria-[current]:no-underline"
        >
          {count.toLocaleString("en")}
        </a>
      ))}
    </nav>
  );
}

/** What the present model changes of stored answers. */
export function RescoringReport({ rescoring, locale }: { rescoring: Rescoring; locale: Locale }) {
  const { model, count, flips, sameVersion, changed, largest } = rescoring;
  return (
    <>
      <Card title="What the present model says">
        <Facts
          facts={[
            ["Re-scored", countPredictions(count)],
            [
              "By",
              `${model.name} ${model.version}, which also gave ${sameVersion.toLocaleString("en")} of the saved answers`,
            ],
            ["Different diagnosis", flips.diagnosis.toLocaleString("en")],
            [
              "Different answer",
              <Fragment key="answer">
                {flips.answer.toLocaleString("en")}
                <span className="text-ink-2">, including those that become uncertain or certain</span>
              </Fragment>,
            ],
            [
              "Largest change in probability",
              largest === null ? "none" : <Largest key="largest" {...{ largest, locale }} />,
            ],
          ]}
        />
        {changed.length === 0 && <p>No answer changes.</p>}
      </Card>
      {changed.length > 0 && (
        <Changes locale={locale} changed={changed} version={model.version} threshold={model.threshold} />
      )}
    </>
  );
}

const changeOf = ({ before, after }: Rescored) => signed(after.probability - before.probability, 3);

function Largest({ largest, locale }: { largest: Rescored; locale: Locale }) {
  return (
    <>
      {changeOf(largest)}, prediction of <PredictionLink {...largest} locale={locale} />
    </>
  );
}

function Changes({
  changed,
  version,
  threshold,
  locale,
}: {
  locale: Locale;
  changed: readonly Rescored[];
  version: string;
  threshold: number | null;
}) {
  const shown = changed.slice(0, MOST_SHOWN);
  const caption =
    shown.length === changed.length
      ? "The cases whose answer changes, largest change of probability first"
      : `The ${MOST_SHOWN} of ${changed.length.toLocaleString("en")} cases whose answer changes that change most in probability`;
  return (
    <ScrollTable id="rescoring-changes" caption={caption}>
      <thead>
        <tr>
          <ColumnHead>Date</ColumnHead>
          <ColumnHead>Saved answer</ColumnHead>
          <ColumnHead>By model</ColumnHead>
          <ColumnHead>Present answer</ColumnHead>
          <ColumnHead>By model</ColumnHead>
          <ColumnHead numeric>Change</ColumnHead>
        </tr>
      </thead>
      <tbody>
        {shown.map((one) => (
          <tr key={one.id}>
            <th scope="row">
              <PredictionLink {...one} locale={locale} />
            </th>
            <AnswerCell answer={one.before} threshold={one.threshold} />
            <td className="text-ink-2">{one.modelVersion}</td>
            <AnswerCell answer={one.after} threshold={threshold} />
            <td className="text-ink-2">{version}</td>
            <td className="numeric">{changeOf(one)}</td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}

function AnswerCell({ answer, threshold }: { answer: Answer; threshold: number | null }) {
  return (
    <td>
      <DiagnosisMark diagnosis={answer.diagnosis} label={answer.label} />{" "}
      <span className="font-mono text-[13px] tabular-nums">
        {formatProbability(answer.probability, threshold)}
      </span>
    </td>
  );
}
