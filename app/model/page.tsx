import type { Metadata } from "next";
import { Fragment } from "react";
import { InUse } from "@/components/monitoring/in-use";
import { InputDrift } from "@/components/monitoring/input-drift";
import { ReliabilityPlot } from "@/components/monitoring/reliability";
import { RocCurve } from "@/components/monitoring/roc";
import { Card } from "@/components/ui/card";
import { Facts } from "@/components/ui/facts";
import { NotRead } from "@/components/ui/not-read";
import { Notice } from "@/components/ui/notice";
import { SmallTable } from "@/components/ui/small-table";
import { percent } from "@/lib/format";
import type { SearchParams } from "@/lib/history/query";
import { parseDriftWindow } from "@/lib/monitoring/drift";
import { wilsonInterval } from "@/lib/monitoring/wilson";
import { type Answer, answerOf, NEGATIVE, POSITIVE, shapeAndWord } from "@/lib/prediction/words";
import { type Evaluation, modelCard } from "@/lib/server/model/model-card";
import { inputDrift } from "@/lib/server/monitoring/drift";
import { performanceInUse } from "@/lib/server/monitoring/performance";
import { card as text } from "@/tables/current";

export const metadata: Metadata = { title: "Model" };

export default async function ModelPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await searchParams;
  const card = modelCard();
  const { figures, confusion, cases } = card;
  const positives = Math.round(confusion.truePositive + confusion.falseNegative);
  return (
    <article className="grid gap-4">
      <header>
        <h1 className="font-semibold text-title tracking-tight">Model card</h1>
        <p className="text-ink-2 text-sm">
          {card.model.name} {card.installed.version}: what it can do, how that was measured, and where it
          fails. How it fares on your own cases is apart, under{" "}
          <a href="#in-use" className="underline underline-offset-4">
            In use here
          </a>{" "}
          and{" "}
          <a href="#drift" className="underline underline-offset-4">
            Input drift
          </a>
          .
        </p>
      </header>
      {!card.installed.isEvaluated && (
        <Notice kind="caution" role="status" title="These figures are of another version of the model.">
          <p>
            Installed is {card.installed.version}, evaluated was {card.model.version}. Run{" "}
            <code>npm run evaluate</code> again.
          </p>
        </Notice>
      )}
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Card title="For, and not for">
          <p>
            {text.use} <strong>{text.not.strong}</strong>
            {text.not.rest}
          </p>
          <Notice kind="caution" title={text.caution.title}>
            <p>{text.caution.text}</p>
          </Notice>
        </Card>

        <Card title="Data">
          <p>
            {text.data.source(cases, positives)}{" "}
            <a href={text.data.link.href} className="underline underline-offset-4">
              {text.data.link.text}
            </a>
            {text.data.rest}
          </p>
          <p>{text.groups}</p>
        </Card>

        <Card title="What to expect on unseen cases" className="lg:col-span-2">
          <p>
            {card.protocol}: each case is predicted by models that never saw it. Inside each fold training
            chooses among its settings anew, so the figures are of the whole procedure that made the installed
            model. Only what was tried before the procedure was settled is not in them: it used the same
            cases, as any comparison here does. The 95 % intervals come from drawing the {cases} cases again
            with replacement; the standard deviation over the repeats says only how much the division into
            folds matters.
          </p>
          <Expected card={card} />
        </Card>

        <Card title="Against other models, on the same folds" className="lg:col-span-2">
          <p>
            Peers are scikit-learn's; every figure is a mean over the folds. ★ marks the best of a column.
          </p>
          <Comparison card={card} />
          <p className="text-sm">
            “The same, settings of all cases” uses in every fold the settings that all cases together chose,
            those held out among them. Such figures flatter a model the more settings it had to choose from;
            here they differ from the first row only where a fold chooses otherwise.
          </p>
        </Card>

        <div className="grid min-w-0 gap-4">
          <Card title="ROC curve">
            <RocCurve
              points={card.roc}
              band={card.rocBand}
              operating={{ sensitivity: figures.sensitivity.mean, specificity: figures.specificity.mean }}
              auc={figures.rocAuc.mean}
            />
            <p className="text-sm">
              Only the corner where the curve bends. The line is of all repeats together, the band reaches
              from the lowest to the highest of the {card.repeats} repeats. Where the threshold finds 99 % of{" "}
              {POSITIVE.word} cases, {percent(figures.specificityAt99Sensitivity.mean)} of {NEGATIVE.word}{" "}
              ones are still told apart (95 % interval {range(figures.specificityAt99Sensitivity)}).
            </p>
          </Card>
          <Card title={`Confusion at the threshold, ${card.model.threshold}`}>
            <Confusion confusion={confusion} />
            <p className="text-sm">
              Cases, mean over the repeats. Sensitivity {percent(figures.sensitivity.mean)}, specificity{" "}
              {percent(figures.specificity.mean)}.
            </p>
          </Card>
        </div>
        <Card title="Reliability">
          <ReliabilityPlot bins={card.reliability} repeats={card.repeats} />
          <Reliability bins={card.reliability} />
          <p className="text-sm">
            The answers of all {card.repeats} repeats, with Wilson's 95 % intervals, for which the answers
            about one case count as one. Expected calibration error {figures.calibrationError.mean.toFixed(4)}
            .
          </p>
        </Card>

        <Card title="Certain, uncertain, atypical">
          <p>
            {percent(figures.uncertainRate.mean)} (95 % interval {range(figures.uncertainRate)}) of unseen
            cases get the third answer, “uncertain – review”. Of the others:
          </p>
          <Certain certain={card.certain} />
          <p>
            Cases are means over the repeats; the intervals here are Wilson's. Together{" "}
            {percent(figures.certainAndWrong.mean, 2)} of all cases get an answer that is certain and wrong
            (95 % interval {wilson(figures.certainAndWrong.mean, cases)}).
          </p>
          <p>
            {percent(figures.positiveCoverage.mean, 2)} of {POSITIVE.word} cases (
            {wilson(figures.positiveCoverage.mean, positives)}) and{" "}
            {percent(figures.negativeCoverage.mean, 2)} of {NEGATIVE.word} cases (
            {wilson(figures.negativeCoverage.mean, cases - positives)}) are not called the other class with
            certainty. That is measured, not proven: the limits come from what training says of each of its
            own cases without it. A proof needs limits from cases that had no part in training, and there are
            too few to spare.
          </p>
          <p>
            {percent(figures.atypicalRate.mean)} of unseen cases of the same kind are called atypical: farther
            from the training cases than 99 % of those among themselves. Their answer is uncertain whatever
            the probability, as it is where values look multiplied by one factor, copied or left out; so more
            answers are left to a person than the figure above says.
          </p>
        </Card>

        <Card title="Cases it gets wrong">
          <p>
            Rows of the dataset, counted from 0, that were wrong in at least half of the repeats.{" "}
            {text.missed}
          </p>
          <Missed missed={card.missed} />
        </Card>

        <Card title="Why one split proves little">
          <SingleSplit split={card.singleSplit} />
        </Card>

        <Card title="In use here" id="in-use" className="lg:col-span-2">
          <PerformanceInUse />
        </Card>

        <Card title="Input drift" id="drift" className="lg:col-span-2">
          <Drift params={params} />
        </Card>

        <Card title="Identity" className="lg:col-span-2">
          <Facts
            className="text-sm"
            facts={[
              ["Version", card.installed.version],
              ["Hash", <Hash key="hash" text={card.installed.hash} />],
              ["Training data", <Hash key="data" text={card.trainingData} />],
              [
                "Do it again",
                <Fragment key="again">
                  <code>npm run train</code> gives the same bytes;{" "}
                  <code>npm run evaluate -- --nested --folds FILE</code> the figures.
                </Fragment>,
              ],
            ]}
          />
        </Card>
      </div>
    </article>
  );
}

const Hash = ({ text }: { text: string }) => <span className="break-all font-mono">{text}</span>;

async function PerformanceInUse() {
  const found = await performanceInUse();
  if (!found.ok) return <NotRead what="The history" />;
  return <InUse {...found.value} />;
}

async function Drift({ params }: { params: SearchParams }) {
  const window = parseDriftWindow(params);
  if (!window.ok) {
    return (
      <Notice kind="error" role="alert" title="This address is not a page of the model.">
        <p>{window.error.message}</p>
        <p className="mt-2">
          <a href="/model#drift" className="underline underline-offset-4">
            Show the usual window
          </a>
        </p>
      </Notice>
    );
  }
  const found = await inputDrift(window.value);
  if (!found.ok) return <NotRead what="The history" />;
  return <InputDrift drift={found.value} />;
}

/** "97.0 % to 98.9 %". */
const range = ({ low, high }: { low: number; high: number }, digits = 1) =>
  `${percent(low, digits)} to ${percent(high, digits)}`;

/** The same of Wilson's interval, for shares so near 0 or 1 that drawing cases again would show too little. */
const wilson = (share: number, of: number) => range(wilsonInterval(share * of, of), 2);

const FIGURES = [
  { key: "accuracy", peer: "accuracy", name: "Accuracy", digits: 4, best: Math.max },
  { key: "rocAuc", peer: "roc_auc", name: "ROC AUC", digits: 4, best: Math.max },
  { key: "logLoss", peer: "log_loss", name: "Log-loss", digits: 4, best: Math.min },
  { key: "brier", peer: "brier", name: "Brier", digits: 4, best: Math.min },
  { key: "sensitivity", peer: "sensitivity", name: "Sensitivity", digits: 4, best: Math.max },
  { key: "specificity", peer: "specificity", name: "Specificity", digits: 4, best: Math.max },
  {
    key: "specificityAt99Sensitivity",
    peer: "specificity_at_99_sensitivity",
    name: "Specificity at 99 % sensitivity",
    digits: 4,
    best: Math.max,
  },
] as const;

function Expected({ card: { figures } }: { card: Evaluation }) {
  return (
    <SmallTable
      caption="Figures on unseen cases"
      heads={["Figure", "Mean", "95 % interval", "sd over the repeats"]}
      rows={FIGURES.map(({ key, name, digits }) => {
        const { mean, low, high, sd } = figures[key];
        const [middle, from, to, spread] = [mean, low, high, sd].map((x) => x.toFixed(digits));
        return [name, middle ?? "", `${from} to ${to}`, spread ?? ""];
      })}
    />
  );
}

function Certain({ certain }: { certain: Evaluation["certain"] }) {
  const row = ({ title }: Answer, { answers, wrong }: { answers: number; wrong: number }) => [
    title,
    answers.toFixed(1),
    wrong.toFixed(1),
    percent(wrong / answers, 2),
    wilson(wrong / answers, answers),
  ];
  return (
    <SmallTable
      caption="Certain answers and how many of them are wrong"
      heads={["Certain answer", "Cases", "Wrong", "Share wrong", "95 % interval"]}
      rows={[row(POSITIVE, certain.positive), row(NEGATIVE, certain.negative)]}
    />
  );
}

function Comparison({ card: { figures, fixed, peers, model } }: { card: Evaluation }) {
  const best = FIGURES.map(({ key, peer, best }) =>
    best(figures[key].mean, ...Object.values(peers).flatMap((row) => row[peer] ?? [])),
  );
  const mark = (value: number, column: number) => (
    <>
      {value === best[column] && (
        <>
          <span aria-hidden="true">★ </span>
          <span className="sr-only">best: </span>
        </>
      )}
      {value.toFixed(FIGURES[column]?.digits)}
    </>
  );
  return (
    // The one thing on the page that may scroll sideways, and with the keyboard too.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reached by keyboard.
    <section tabIndex={0} aria-label="Comparison with other models" className="relative overflow-x-auto">
      <table className="w-full border-collapse text-sm">
        <thead>
          <tr className="border-line border-b align-bottom">
            <th scope="col" className="py-1 pr-3 text-left font-semibold">
              Model
            </th>
            {FIGURES.map(({ key, name }) => (
              <th key={key} scope="col" className="min-w-20 py-1 pl-3 text-right font-semibold leading-tight">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="font-mono text-[0.8125rem] tabular-nums">
          <tr className="border-line border-b font-semibold">
            <th scope="row" className="py-1 pr-3 text-left font-sans font-semibold">
              {model.name}
              <span className="block font-normal text-ink-2 text-xs">± sd over the repeats</span>
            </th>
            {FIGURES.map(({ key, digits }, column) => (
              <td key={key} className="whitespace-nowrap py-1 pl-3 text-right">
                {mark(figures[key].mean, column)}
                <span className="block font-normal text-ink-2 text-xs">
                  ± {figures[key].sd.toFixed(digits)}
                </span>
              </td>
            ))}
          </tr>
          <tr className="border-line border-b">
            <th scope="row" className="py-1 pr-3 text-left font-normal font-sans">
              the same, settings of all cases
            </th>
            {FIGURES.map(({ key, digits }) => (
              <td key={key} className="whitespace-nowrap py-1 pl-3 text-right">
                {fixed[key].mean.toFixed(digits)}
              </td>
            ))}
          </tr>
          {Object.entries(peers).map(([name, row]) => (
            <tr key={name} className="border-line border-b last:border-b-0">
              <th scope="row" className="py-1 pr-3 text-left font-normal font-sans">
                {name}
              </th>
              {FIGURES.map(({ key, peer }, column) => (
                <td key={key} className="whitespace-nowrap py-1 pl-3 text-right">
                  {row[peer] === undefined ? "–" : mark(row[peer], column)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Reliability({ bins }: { bins: Evaluation["reliability"] }) {
  return (
    <SmallTable
      caption="Reliability by bin of predicted probability"
      heads={["Predicted", "Answers", "Mean predicted", POSITIVE.title]}
      rows={bins.map(({ from, to, count, meanProbability, positiveShare }) => [
        `${from} to ${to}`,
        String(count),
        meanProbability?.toFixed(3) ?? "–",
        positiveShare?.toFixed(3) ?? "–",
      ])}
    />
  );
}

function Confusion({ confusion }: { confusion: Evaluation["confusion"] }) {
  const { truePositive, falseNegative, falsePositive, trueNegative } = confusion;
  return (
    <SmallTable
      caption="Confusion matrix"
      heads={["In truth", `said ${POSITIVE.word}`, `said ${NEGATIVE.word}`]}
      rows={[
        [shapeAndWord(POSITIVE), truePositive.toFixed(1), falseNegative.toFixed(1)],
        [shapeAndWord(NEGATIVE), falsePositive.toFixed(1), trueNegative.toFixed(1)],
      ]}
    />
  );
}

function Missed({ missed }: { missed: Evaluation["missed"] }) {
  return (
    <SmallTable
      caption="Cases missed in at least half of the repeats"
      heads={["Row", "In truth", "Mean probability", "Missed in", "Called uncertain in"]}
      rows={missed.map(({ row, truth, probability, missedShare, uncertainShare }) => [
        String(row),
        shapeAndWord(answerOf(truth)),
        probability.toFixed(3),
        percent(missedShare, 0),
        percent(uncertainShare, 0),
      ])}
    />
  );
}

function SingleSplit({ split: { cases, correct, negatives } }: { split: Evaluation["singleSplit"] }) {
  const { low, high } = wilsonInterval(correct, cases);
  return (
    <>
      <p>
        {text.singleSplit} The same protocol here: {correct} of {cases} test cases right,{" "}
        {percent(correct / cases)}, where always saying {NEGATIVE.word} gives {percent(negatives / cases)} (
        <code>npm run train -- --split</code>).
      </p>
      <p>
        Neither says much: one case more or less is {percent(1 / cases)}, the 95 % interval of {correct} in{" "}
        {cases} runs from {percent(low)} to {percent(high)} (Wilson), and another shuffle gives another
        figure. That is why the figures above come from ten times ten folds.
      </p>
    </>
  );
}
