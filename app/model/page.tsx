import type { Metadata } from "next";
import { Fragment } from "react";
import { OtherModels } from "@/app/model/other-models";
import { Certain, Comparison, CutOffs, Expected, Reliability, range, wilson } from "@/app/model/tables";
import { WrongCases } from "@/app/model/wrong-cases";
import { CutOffExplorer } from "@/components/monitoring/cut-off";
import { InUse } from "@/components/monitoring/in-use";
import { InputDrift } from "@/components/monitoring/input-drift";
import { ReliabilityPlot } from "@/components/monitoring/reliability";
import { Card } from "@/components/ui/card";
import { Facts } from "@/components/ui/facts";
import { Fold } from "@/components/ui/fold";
import { NotRead } from "@/components/ui/not-read";
import { Notice } from "@/components/ui/notice";
import { Page } from "@/components/ui/page";
import { Said } from "@/components/ui/said";
import { percent } from "@/lib/format";
import type { SearchParams } from "@/lib/list-address";
import { areaUnder, packCases, rocOf } from "@/lib/monitoring/cut-off";
import { parseDriftWindow } from "@/lib/monitoring/drift";
import { NEGATIVE, POSITIVE } from "@/lib/prediction/words";
import { MODEL_CARD, type ModelCard } from "@/lib/server/model/model-card";
import { unseenCases } from "@/lib/server/model/unseen";
import { inputDrift } from "@/lib/server/monitoring/drift";
import { performanceInUse } from "@/lib/server/monitoring/performance";
import { wilsonInterval } from "@/lib/wilson";
import { about, countNotWritten, patterns, scales, site, table, card as text, words } from "@/tables/current";

export const metadata: Metadata = { title: "Model" };

/** What others reach on the same folds, where somebody has measured it. */
const HAS_PEERS = Object.keys(MODEL_CARD.peers).length > 0;
const UNWRITTEN = countNotWritten(text, site, words, about);

const SECTIONS = [
  { id: "in-short", name: "In short" },
  { id: "cut-off", name: "Where to cut" },
  { id: "reliability", name: "Reliability" },
  { id: "other-models", name: "Other models" },
  { id: "wrong", name: "Cases it gets wrong" },
  { id: "certain", name: "Certain answers" },
  { id: "data", name: "Data and limits" },
  { id: "measured", name: "How it was measured" },
  { id: "in-use", name: "In use here" },
  { id: "drift", name: "Input drift" },
  { id: "identity", name: "Identity" },
  { id: "classes", name: "For classes" },
];

export default async function ModelPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await searchParams;
  const card = MODEL_CARD;
  const { figures, cases, repeats } = card;
  const { positives, negatives } = countsOf(card);
  return (
    <Page
      title="Model card"
      lead={`${card.model.name} ${card.installed.version}. Every figure down to “In use here” is of cases that the model had not seen: ${card.protocol} over ${cases} cases.`}
    >
      <div className="@container">
        <div className="grid gap-x-10 @min-[65rem]:grid-cols-[10.5rem_minmax(0,1fr)]">
          <Contents />
          <div className="@container grid min-w-0 content-start gap-6 [&>*]:min-w-0">
            {!card.installed.isEvaluated && (
              <Notice
                kind="caution"
                role="status"
                title="These figures belong to another version of the model."
              >
                <p>
                  Version {card.installed.version} is installed, version {card.model.version} was evaluated.
                  Run <code>npm run evaluate</code> again.
                </p>
              </Notice>
            )}
            {UNWRITTEN > 0 && (
              <Notice
                kind="caution"
                title={`${UNWRITTEN} ${UNWRITTEN === 1 ? "text" : "texts"} of this application ${UNWRITTEN === 1 ? "is" : "are"} not written yet.`}
              >
                <p>
                  Nobody has said what they say. <code>npm run check</code> lists them.
                </p>
              </Notice>
            )}
            <InShort card={card} />
            {text.caution !== undefined && (
              <Notice kind="caution" title={text.caution.title}>
                <p className="max-w-[72ch]">{text.caution.text}</p>
              </Notice>
            )}
            <CutOff card={card} />
            <div className="grid gap-6 @min-[46rem]:grid-cols-2 [&>*]:min-w-0">
              <Card
                id="reliability"
                title="When it says 30 %, is it 30 %?"
                caption={`The share of ${POSITIVE.word} cases among answers of about the same probability. Bars are Wilson's 95 % intervals, for which the ${repeats} answers about one case count as one. Above, how many answers there are in each tenth, on a logarithmic scale.`}
              >
                <ReliabilityPlot bins={card.reliability} repeats={repeats} />
                <p className="text-ink-2 text-xs">
                  The answers of all {repeats} repeats. Expected calibration error{" "}
                  {figures.calibrationError.mean.toFixed(4)}. The middle rests on few answers.
                </p>
                <Fold summary="These tenths as a table">
                  <Reliability bins={card.reliability} />
                </Fold>
              </Card>
              {HAS_PEERS && (
                <Card
                  id="other-models"
                  title="Beside other models"
                  caption={`On the same folds, scikit-learn's models as a competent user would set them. In the first chart our line shows what other ${cases} cases could give, in the second ± 1 standard deviation over the repeats.`}
                >
                  <OtherModels
                    figures={figures}
                    peers={card.peers}
                    foundTitle={`${NEGATIVE.title} cases left alone where 99 in 100 ${POSITIVE.word} ones are found`}
                  />
                  <p className="text-ink-2 text-xs">
                    With other cases the last figure could have been{" "}
                    {range(figures.specificityAt99Sensitivity)}: two or three {POSITIVE.word} cases decide it.
                  </p>
                  <Fold summary="All seven figures as a table">
                    <Comparison {...card} />
                    <p>
                      Every figure is a mean over the folds. “The same, settings of all cases” uses in every
                      fold the settings that all cases together chose, those held out among them. Such figures
                      flatter a model the more settings it had to choose from; here they differ from the first
                      row only where a fold chooses otherwise.
                    </p>
                  </Fold>
                </Card>
              )}
            </div>
            <Card
              id="wrong"
              title="Cases it gets wrong"
              caption={`Rows of the training data, counted from 0, that were wrong in at least half of the ${repeats} repeats. ${text.missed ?? ""}`.trim()}
            >
              <WrongCases missed={card.missed} repeats={repeats} />
            </Card>
            <Card id="certain" title="Certain, uncertain, atypical">
              <p>
                {percent(figures.uncertainRate.mean)} (95 % interval {range(figures.uncertainRate)}) of unseen
                cases get the third answer, “uncertain”. Of the others:
              </p>
              <Certain certain={card.certain} />
              <p>
                Cases are means over the repeats; the intervals here are Wilson's. Together{" "}
                {percent(figures.certainAndWrong.mean, 2)} of all cases get an answer that is certain and
                wrong (95 % interval {wilson(figures.certainAndWrong.mean, cases)}).
              </p>
              <p>
                {percent(figures.positiveCoverage.mean, 2)} of {POSITIVE.word} cases (
                {wilson(figures.positiveCoverage.mean, positives)}) and{" "}
                {percent(figures.negativeCoverage.mean, 2)} of {NEGATIVE.word} cases (
                {wilson(figures.negativeCoverage.mean, negatives)}) are not called the other class with
                certainty. That is measured, not proven: the limits come from what training says about each of
                its own cases when that is left out. A proof needs limits from cases that had no part in
                training, and there are too few for that.
              </p>
              <p>
                {percent(figures.atypicalRate.mean)} of unseen cases of the same kind are called atypical:
                farther from the training cases than 99 % of those are from one another. Their answer is
                uncertain whatever the probability
                {scales.length + patterns.length > 0 &&
                  ", and so it is where values look multiplied by one factor, copied or left out"}
                . So more answers are left to a person than the figure above says.
              </p>
            </Card>
            <Card id="data" title="Data and limits">
              <p>
                <Said text={text.use} />{" "}
                <strong>
                  <Said text={text.not.strong} />
                </strong>
                {text.not.rest}
              </p>
              <p>
                {text.data.source(cases, positives)}{" "}
                {text.data.link !== undefined && (
                  <a href={text.data.link.href} className="underline">
                    {text.data.link.text}
                  </a>
                )}
                <Said text={text.data.rest} />
              </p>
              <p>
                <Said text={text.groups} />
              </p>
              {about !== null && (
                <p>
                  <a href="/measurements" className="underline">
                    About the {table.nouns.values}
                  </a>
                </p>
              )}
            </Card>
            <Card id="measured" title="How it was measured">
              <p>
                {card.protocol}: each case is predicted by models that never saw it. Inside each fold training
                chooses among its settings anew, so the figures are of the whole procedure that made the
                installed model. Only what was tried before the procedure was settled is not in them: it used
                the same cases, as any comparison here does. The 95 % intervals come from drawing the {cases}{" "}
                cases again with replacement; the standard deviation over the repeats says only how much the
                division into folds matters.
              </p>
              <Fold summary="All figures with their intervals">
                <Expected figures={figures} />
              </Fold>
              <h3 className="font-semibold">Why one split proves little</h3>
              <SingleSplit split={card.singleSplit} />
            </Card>
            <Card id="in-use" title="In use here">
              <PerformanceInUse />
            </Card>
            <Card id="drift" title="Input drift">
              <Drift params={params} />
            </Card>
            <Card id="identity" title="Identity">
              <Facts
                facts={[
                  ...madeOf(card.installed.trees),
                  ["Version", card.installed.version],
                  ["Hash", <Hash key="hash" text={card.installed.hash} />],
                  ["Training data", <Hash key="data" text={card.trainingData} />],
                  [
                    "Reproduce it",
                    <Fragment key="again">
                      <code>npm run train</code> gives the same bytes;{" "}
                      <code>npm run evaluate -- --nested --folds FILE</code> the figures.
                    </Fragment>,
                  ],
                ]}
              />
            </Card>
            <Card id="classes" title="For classes">
              <ul className="grid gap-1">
                <li>
                  <a href="/classes" className="underline">
                    Guess first, and twins
                  </a>
                  : hide the answer until a guess is made, and see cases that hardly differ and are not the
                  same.
                </li>
                {about !== null && (
                  <li>
                    <a href="/measurements" className="underline">
                      About the {table.nouns.values}
                    </a>
                    : what is measured, and what is not known of it.
                  </li>
                )}
              </ul>
            </Card>
          </div>
        </div>
      </div>
    </Page>
  );
}

/** Said of a model with trees alone; one without is what its name says. */
function madeOf(trees: number): [string, string][] {
  if (trees === 0) return [];
  const text = `A quadratic logistic regression and ${trees} small decision trees of three questions each. The log-odds of both are added up, and so are their reasons.`;
  return [["Made of", text]];
}

function countsOf({ confusion, cases }: ModelCard) {
  const positives = Math.round(confusion.truePositive + confusion.falseNegative);
  return { positives, negatives: cases - positives };
}

/** Marks where one is as far as the browser can do that by itself. */
function Contents() {
  return (
    <nav
      aria-label="On this page"
      className="sticky top-[calc(var(--bar)+1rem)] hidden self-start [scroll-target-group:auto] @min-[65rem]:block print:hidden"
    >
      {SECTIONS.filter(({ id }) => id !== "other-models" || HAS_PEERS).map(({ id, name }) => (
        <a
          key={id}
          href={`#${id}`}
          className="block border-line border-l-2 py-1 pl-3 text-ink-2 hover:text-ink"
        >
          {name}
        </a>
      ))}
    </nav>
  );
}

const inHundred = (share: number) => (100 * share).toFixed(1);

function InShort({ card }: { card: ModelCard }) {
  const { accuracy, sensitivity, specificity, uncertainRate } = card.figures;
  const { truePositive, falsePositive } = card.confusion;
  const { positives, negatives } = countsOf(card);
  const inUse = card.model.threshold;
  const parts = [
    {
      name: "Right answers",
      value: inHundred(accuracy.mean),
      of: "in 100",
      beside: `${inHundred(accuracy.low)} to ${inHundred(accuracy.high)} if other cases were drawn`,
    },
    {
      name: `${POSITIVE.title} cases found at ${inUse}`,
      value: truePositive.toFixed(1),
      of: `of ${positives}`,
      beside: `${percent(sensitivity.mean)}; ${range(sensitivity)} if other cases were drawn`,
    },
    {
      name: `False alarms at ${inUse}`,
      value: falsePositive.toFixed(1),
      of: `of ${negatives}`,
      beside: `${percent(1 - specificity.mean)}; ${range({ low: 1 - specificity.high, high: 1 - specificity.low })} if other cases were drawn`,
    },
    {
      name: "Left to a person",
      value: inHundred(uncertainRate.mean),
      of: "in 100",
      beside: `answered “uncertain”; ${inHundred(uncertainRate.low)} to ${inHundred(uncertainRate.high)} if other cases were drawn`,
    },
  ];
  return (
    <section
      id="in-short"
      aria-label="In short"
      className="overflow-hidden rounded-card border border-line bg-line"
    >
      <dl className="grid gap-px @min-[30rem]:grid-cols-2 @min-[56rem]:grid-cols-4">
        {parts.map(({ name, value, of, beside }) => (
          <div key={name} className="bg-surface px-5 py-4">
            <dt className="text-ink-2 text-xs">{name}</dt>
            <dd>
              <span className="font-medium text-title tracking-tight">{value}</span>{" "}
              <span className="text-ink-2">{of}</span>
              <span className="block text-ink-2 text-xs">{beside}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const TABLED = [0.1, 0.2, 0.5, 0.8, 0.9];

/** The slider and what it drives; nothing where the evaluation does not tell what was said of each case. */
function CutOff({ card }: { card: ModelCard }) {
  const cases = unseenCases();
  if (cases === null) return null;
  const { band } = card.installed;
  const inUse = card.model.threshold ?? 0.5;
  const roc = rocOf(cases);
  const cutOffs = [
    { at: band.from, text: `${band.from.toFixed(3)}, lower end of the band` },
    { at: band.to, text: `${band.to.toFixed(3)}, upper end of the band` },
    ...TABLED.map((at) => ({ at, text: at === inUse ? `${at}, in use` : String(at) })),
  ].sort((a, b) => a.at - b.at);
  return (
    <Card
      id="cut-off"
      title="Where to cut"
      caption={`Move the cut-off: the boxes, the point on the curve and the sentence follow. ${words.app.name} itself uses ${inUse} and leaves ${band.from.toFixed(3)} to ${band.to.toFixed(3)} to a person; nothing here changes that. The band around the curve reaches from the lowest to the highest of the ${card.repeats} repeats.`}
    >
      <CutOffExplorer
        cases={packCases(cases)}
        roc={roc}
        rocBand={card.rocBand}
        area={areaUnder(roc)}
        inUse={inUse}
        band={band}
        words={{ positive: POSITIVE, negative: NEGATIVE }}
        caseHref="/model/cases/"
      >
        <Fold summary="Some cut-offs as a table">
          <CutOffs cases={cases} cutOffs={cutOffs} confusion={card.confusion} inUse={inUse} />
          <p className="text-ink-2 text-xs">
            Each case counts once, by the mean of its {card.repeats} unseen probabilities; the last row is the
            mean over the repeats, each counted by itself.
          </p>
        </Fold>
      </CutOffExplorer>
    </Card>
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
          <a href="/model#drift" className="underline">
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

function SingleSplit({ split: { cases, correct, negatives } }: { split: ModelCard["singleSplit"] }) {
  const { low, high } = wilsonInterval(correct, cases);
  return (
    <>
      <p>
        {text.singleSplit === undefined
          ? "One shuffled split into 80 % for training, 10 % for validation and 10 % for tests:"
          : `${text.singleSplit} The same protocol here:`}{" "}
        {correct} of {cases} test cases right, {percent(correct / cases)}, where always saying {NEGATIVE.word}{" "}
        gives {percent(negatives / cases)} (<code>npm run train -- --split</code>).
      </p>
      <p>
        Neither says much: one case more or less is {percent(1 / cases)}, the 95 % interval of {correct} in{" "}
        {cases} runs from {percent(low)} to {percent(high)} (Wilson), and another shuffle gives another
        figure. That is why the figures above come from{" "}
        {MODEL_CARD.repeats === 10 ? "ten times ten folds" : MODEL_CARD.protocol}.
      </p>
    </>
  );
}
