import type { ReactNode } from "react";
import { Fold } from "@/components/ui/fold";
import { SmallTable } from "@/components/ui/small-table";
import { percent } from "@/lib/format";
import {
  MINIMUM,
  type Performance,
  type Proportion,
  type ReliabilityBin,
  type Shown,
  type Summary,
} from "@/lib/monitoring/performance";
import { NEGATIVE, POSITIVE, shapeAndWord } from "@/lib/prediction/words";
import { table, words } from "@/tables/current";
import { DotPlot } from "./dot-plot";
import { ReliabilityPlot } from "./reliability";

type Part = { name: string; performance: Performance };

/** How predictions made here fared against recorded outcomes; without the `trainingRows` that have one too. */
export function InUse({
  trainingRows,
  all,
  byModel,
  byMonth,
}: {
  trainingRows: number;
  all: Performance;
  byModel: readonly Part[];
  byMonth: readonly Part[];
}) {
  if (all.confirmed === 0) {
    return (
      <p>
        {trainingRows === 0
          ? "No outcome is recorded yet."
          : `No outcome of a new case is recorded yet; ${count(trainingRows, "outcome is", "outcomes are")} of a training case.`}{" "}
        Open a prediction of the{" "}
        <a href="/history" className="underline underline-offset-4">
          history
        </a>{" "}
        and record what {words.outcome.aTest} said. Figures appear here from {MINIMUM.positive} confirmed{" "}
        {POSITIVE.word} or {MINIMUM.negative} confirmed {NEGATIVE.word} cases on. Training cases and deleted
        predictions do not count.
      </p>
    );
  }
  return (
    <>
      <p>
        Of predictions made here, {count(all.confirmed, "has", "have")} a recorded outcome:{" "}
        {all.positives.toLocaleString("en")} {POSITIVE.word} and {all.negatives.toLocaleString("en")}{" "}
        {NEGATIVE.word}
        {byModel.length > 1 && `, by ${byModel.length} models together`}. Training cases are left out: a case
        with exactly the values of one does not count
        {trainingRows > 0 && ` (${count(trainingRows, "prediction", "predictions")} left out)`}.
      </p>
      <p className="text-ink-2 text-sm">
        Outcomes are recorded by choice, so the figures are of those cases only: a case that was{" "}
        {words.outcome.tested} is seldom like one that was not. Deleted predictions do not count; an uncertain
        answer counts by the diagnosis at its cut-off.
      </p>
      <div className="grid items-start gap-x-8 gap-y-4 @min-[46rem]:grid-cols-2">
        <div className="grid min-w-0 gap-4">
          <Figures performance={all} />
          <ConfusionTable performance={all} />
        </div>
        <Titled title="Reliability in use">
          {all.reliability.ok ? (
            <Reliability bins={all.reliability.value} />
          ) : (
            <p className="text-sm">needs {all.reliability.needs} more confirmed</p>
          )}
        </Titled>
      </div>
      <Parts title="By model" first="Model" parts={byModel} />
      <Parts title="By month of prediction (UTC)" first="Month" parts={byMonth} />
    </>
  );
}

/** A summary as one sentence, for where there is room for one. */
export function summaryOf({ confirmed, isAll, sensitivity, specificity }: Summary): string {
  if (confirmed === 0) return "No outcome of a new case is recorded yet.";
  const said = (name: string, figure: Shown<Proportion>, kind: string) =>
    figure.ok
      ? `${name} ${percent(figure.value.share)} (${percent(figure.value.low)} to ${percent(figure.value.high)})`
      : `${name} needs ${figure.needs} more ${kind}`;
  const counted = count(confirmed, "outcome", "outcomes");
  return `${isAll ? `${counted} recorded` : `the latest ${counted}`}: ${said("sensitivity", sensitivity, POSITIVE.word)}, ${said("specificity", specificity, NEGATIVE.word)}.`;
}

const count = (number: number, one: string, many: string) =>
  `${number.toLocaleString("en")} ${number === 1 ? one : many}`;

function Titled({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="grid gap-1">
      <h3 className="font-semibold text-sm">{title}</h3>
      {children}
    </div>
  );
}

const counted = (cases: number) => cases.toLocaleString("en");

function Figures({ performance }: { performance: Performance }) {
  const { sensitivity, specificity, accuracy, brier, uncertain } = performance;
  const proportion = (name: string, figure: Shown<Proportion>, kind: string) =>
    figure.ok
      ? [
          name,
          percent(figure.value.share),
          `${(100 * figure.value.low).toFixed(1)}–${percent(figure.value.high)}`,
          `${counted(figure.value.right)} of ${counted(figure.value.of)}`,
        ]
      : [name, `needs ${figure.needs} more`, "–", kind];
  const dots = Object.entries({
    Sensitivity: sensitivity,
    Specificity: specificity,
    Accuracy: accuracy,
  }).flatMap(([name, figure]) =>
    figure.ok
      ? [{ name, value: figure.value.share, low: figure.value.low, high: figure.value.high, isOurs: true }]
      : [],
  );
  return (
    <Titled title="Figures in use">
      {dots.length > 0 && <DotPlot dots={dots} from={0} to={1} ticks={[0, 0.5, 1]} />}
      <SmallTable
        caption="Figures in use"
        heads={["Figure", "Value", "95 % (Wilson)", "Cases"]}
        rows={[
          proportion("Sensitivity", sensitivity, POSITIVE.word),
          proportion("Specificity", specificity, NEGATIVE.word),
          proportion("Accuracy", accuracy, "confirmed"),
          [
            "Brier score",
            brier.ok ? brier.value.toFixed(4) : `needs ${brier.needs} more`,
            "–",
            brier.ok ? counted(performance.confirmed) : "confirmed",
          ],
          [
            "Called uncertain",
            uncertain.of === 0 ? "no such answer" : percent(uncertain.count / uncertain.of),
            "–",
            `${counted(uncertain.count)} of ${counted(uncertain.of)}`,
          ],
        ]}
      />
    </Titled>
  );
}

function ConfusionTable({ performance: { confusion } }: { performance: Performance }) {
  const cell = ({ count, uncertain }: { count: number; uncertain: number }) =>
    uncertain === 0 ? counted(count) : `${counted(count)} (◆ ${counted(uncertain)})`;
  return (
    <Titled title="Confusion in use">
      <SmallTable
        caption={`Confusion in use, by the ${table.nouns.answer} at the cut-off`}
        heads={[`By ${words.outcome.test}`, `said ${POSITIVE.word}`, `said ${NEGATIVE.word}`]}
        rows={[
          [shapeAndWord(POSITIVE), cell(confusion.truePositive), cell(confusion.falseNegative)],
          [shapeAndWord(NEGATIVE), cell(confusion.falsePositive), cell(confusion.trueNegative)],
        ]}
      />
      <p className="text-ink-2 text-xs">In brackets with ◆: how many of them were called uncertain.</p>
    </Titled>
  );
}

function Reliability({ bins }: { bins: readonly ReliabilityBin[] }) {
  return (
    <>
      <ReliabilityPlot of="In use" bins={bins} />
      <Fold summary="These tenths as a table">
        <SmallTable
          caption="Reliability in use by bin of predicted probability"
          heads={["Predicted", "Cases", "Mean", POSITIVE.title]}
          rows={bins.map(({ from, to, count, meanProbability, positiveShare }) => [
            `${from} to ${to}`,
            counted(count),
            meanProbability?.toFixed(3) ?? "–",
            positiveShare?.toFixed(3) ?? "–",
          ])}
        />
      </Fold>
    </>
  );
}

function Parts({ title, first, parts }: { title: string; first: string; parts: readonly Part[] }) {
  const proportion = (figure: Shown<Proportion>) =>
    figure.ok
      ? `${percent(figure.value.share)} (${counted(figure.value.right)}/${counted(figure.value.of)})`
      : `needs ${figure.needs} more`;
  return (
    <Titled title={title}>
      <SmallTable
        scrolls
        caption={`In use, ${title.toLowerCase()}`}
        heads={[first, "Confirmed", "Sensitivity", "Specificity", "Accuracy", "Brier", "Uncertain"]}
        rows={parts.map(({ name, performance }) => [
          name,
          counted(performance.confirmed),
          proportion(performance.sensitivity),
          proportion(performance.specificity),
          proportion(performance.accuracy),
          performance.brier.ok ? performance.brier.value.toFixed(4) : `needs ${performance.brier.needs} more`,
          performance.uncertain.of === 0
            ? "–"
            : `${counted(performance.uncertain.count)}/${counted(performance.uncertain.of)}`,
        ])}
      />
    </Titled>
  );
}
