import { DiagnosisMark, formatProbability } from "@/components/prediction/diagnosis";
import { ColumnHead, PredictionLink, ScrollingTable } from "@/components/prediction/prediction-rows";
import { countPredictions } from "@/lib/history/count-predictions";
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
      <span className="text-ink-muted">The latest</span>
      {LATEST_COUNTS.map((count) => (
        <a
          key={count}
          href={`/history/rescore?latest=${count}`}
          aria-current={count === latest ? "true" : undefined}
          className="inline-flex min-h-6 min-w-8 items-center justify-center rounded-sm px-1.5 underline underline-offset-4 aria-[current]:bg-accent aria-[current]:text-on-accent aria-[current]:no-underline"
        >
          {count.toLocaleString("en")}
        </a>
      ))}
    </nav>
  );
}

/** What the present model changes of stored answers. */
export function RescoringReport({ rescoring }: { rescoring: Rescoring }) {
  const { model, count, flips, sameVersion, changed, largest } = rescoring;
  return (
    <>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 rounded-md border border-line bg-surface p-4">
        <Fact name="Re-scored">{countPredictions(count)}</Fact>
        <Fact name="By">
          {model.name} {model.version}, which made {sameVersion.toLocaleString("en")} of the stored answers
          itself
        </Fact>
        <Fact name="Other diagnosis">{flips.diagnosis.toLocaleString("en")}</Fact>
        <Fact name="Other answer">
          {flips.answer.toLocaleString("en")}
          <span className="text-ink-muted">, those that become or stop being uncertain among them</span>
        </Fact>
        <Fact name="Largest change of probability">
          {largest === null ? (
            "none"
          ) : (
            <>
              {(largest.after.probability - largest.before.probability).toFixed(3).replace("-", "−")},
              prediction of <PredictionLink {...largest} />
            </>
          )}
        </Fact>
      </dl>
      {changed.length === 0 ? (
        <p>No answer changes.</p>
      ) : (
        <Changes changed={changed} version={model.version} threshold={model.threshold} />
      )}
    </>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className="contents">
      <dt className="text-ink-muted">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  );
}

function Changes({
  changed,
  version,
  threshold,
}: {
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
    <ScrollingTable id="rescoring-changes" caption={caption}>
      <thead>
        <tr className="border-line border-b align-bottom">
          <ColumnHead>Date</ColumnHead>
          <ColumnHead>Stored answer</ColumnHead>
          <ColumnHead>By model</ColumnHead>
          <ColumnHead>Present answer</ColumnHead>
          <ColumnHead>By model</ColumnHead>
          <ColumnHead numeric>Change</ColumnHead>
        </tr>
      </thead>
      <tbody>
        {shown.map((one) => (
          <tr key={one.id} className="border-line border-b last:border-b-0 hover:bg-canvas">
            <th scope="row" className="px-3 py-1 text-left font-normal">
              <PredictionLink {...one} />
            </th>
            <AnswerCell answer={one.before} threshold={one.threshold} />
            <td className="px-3 py-1 text-ink-muted">{one.modelVersion}</td>
            <AnswerCell answer={one.after} threshold={threshold} />
            <td className="px-3 py-1 text-ink-muted">{version}</td>
            <td className="px-3 py-1 text-right font-mono text-[13px] tabular-nums">
              {(one.after.probability - one.before.probability).toFixed(3).replace("-", "−")}
            </td>
          </tr>
        ))}
      </tbody>
    </ScrollingTable>
  );
}

function AnswerCell({ answer, threshold }: { answer: Answer; threshold: number | null }) {
  return (
    <td className="px-3 py-1">
      <DiagnosisMark diagnosis={answer.diagnosis} label={answer.label} />{" "}
      <span className="font-mono text-[13px] tabular-nums">
        {formatProbability(answer.probability, threshold)}
      </span>
    </td>
  );
}
