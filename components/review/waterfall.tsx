import { Push } from "@/components/prediction/push";
import { signed } from "@/lib/format";
import { rankMeasurements, WHY_OPPOSED } from "@/lib/prediction/reasons";
import { type Step, waterfallOf } from "@/lib/prediction/waterfall";
import { NEGATIVE, POSITIVE } from "@/lib/prediction/words";
import { axisFor, type LogOddsAxis, logOddsOf, placeOn, ticksOf } from "@/lib/review/log-odds";
import { table } from "@/tables/current";

const ROW = 30;
const BAR = { top: 7, height: 16 };
/** How far lines go on above and below, so that they meet where a label of three lines makes its row higher. */
const BEYOND = 9;
const TICK = "fill-ink-2 text-xs";

/**
 * The way from the average case's answer to this one's, family by family, on an axis of log-odds that is labelled in
 * probability. A table, so that what is drawn is heard as well.
 */
export function Waterfall({
  base,
  contributions,
  values,
  probability,
}: {
  base: number;
  contributions: readonly number[];
  values: readonly number[];
  probability: number;
}) {
  const steps = waterfallOf(base, contributions, values);
  const end = logOddsOf(probability);
  const axis = axisFor([base, end, ...steps.map(({ to }) => to)], 3.2);
  return (
    <>
      <table className="w-full table-fixed border-collapse">
        <caption className="sr-only">
          What each family added to the average case's log-odds; above 0 speaks for {POSITIVE.word}, below for{" "}
          {NEGATIVE.word}
        </caption>
        <colgroup>
          <col className="w-24 sm:w-40" />
          <col />
          <col className="w-18 sm:w-21" />
        </colgroup>
        <tbody>
          <EndRow name="Average case" logOdds={base} axis={axis} joins="below" />
          {steps.map((step) => (
            <tr key={step.key}>
              <th scope="row" className="py-0 pr-2 text-left font-medium leading-tight max-sm:text-xs">
                {step.label}
              </th>
              <td className="p-0" aria-hidden="true">
                <StepBar step={step} axis={axis} />
              </td>
              <td className="py-0 pl-2 text-right">
                <Push term={step.term} />
              </td>
            </tr>
          ))}
          <EndRow name="This case" logOdds={end} axis={axis} joins="above" />
          <tr>
            <td />
            <td className="p-0" aria-hidden="true">
              <svg aria-hidden="true" width="100%" height="18" className="block overflow-visible">
                {ticksOf(axis).map(({ probability, at, isMajor }) => (
                  <text
                    key={probability}
                    x={`${100 * at}%`}
                    y="14"
                    textAnchor="middle"
                    className={`${TICK} ${isMajor ? "" : "max-sm:hidden"}`}
                  >
                    {probability}
                  </text>
                ))}
              </svg>
            </td>
            <td aria-hidden="true" className="py-0 pl-2 text-right text-ink-2 text-xs">
              probability
            </td>
          </tr>
        </tbody>
      </table>
      <AllContributions contributions={contributions} values={values} />
    </>
  );
}

const percent = (share: number) => `${100 * share}%`;

/** The frame of a row's drawing: its two edges and the axis's middle, where both classes are as likely. */
function Frame({ axis }: { axis: LogOddsAxis }) {
  return [-axis.reach, 0, axis.reach].map((logOdds) => (
    <line
      key={logOdds}
      x1={percent(placeOn(axis, logOdds))}
      x2={percent(placeOn(axis, logOdds))}
      y1={-BEYOND}
      y2={ROW + BEYOND}
      className={logOdds === 0 ? "stroke-ink-3" : "stroke-line"}
    />
  ));
}

function Join({ at, y1, y2 }: { at: number; y1: number; y2: number }) {
  return <line x1={percent(at)} x2={percent(at)} y1={y1} y2={y2} className="stroke-ink-3" />;
}

function StepBar({ step, axis }: { step: Step; axis: LogOddsAxis }) {
  const [from, to] = [placeOn(axis, step.from), placeOn(axis, step.to)];
  return (
    <svg aria-hidden="true" width="100%" height={ROW} className="block overflow-visible">
      <Frame axis={axis} />
      <Join at={from} y1={-BEYOND} y2={BAR.top} />
      <rect
        x={percent(Math.min(from, to))}
        y={BAR.top}
        width={percent(Math.abs(to - from))}
        height={BAR.height}
        rx="2"
        className={step.term < 0 ? "fill-negative" : "fill-positive"}
      />
      <Join at={to} y1={BAR.top + BAR.height} y2={ROW + BEYOND} />
    </svg>
  );
}

/** Where the way begins or ends: a mark, joined to the row `above` or `below`. */
function EndRow({
  name,
  logOdds,
  axis,
  joins,
}: {
  name: string;
  logOdds: number;
  axis: LogOddsAxis;
  joins: "above" | "below";
}) {
  const at = placeOn(axis, logOdds);
  const [y1, y2] = joins === "above" ? [0, BAR.top] : [BAR.top + BAR.height, ROW];
  return (
    <tr>
      <th scope="row" className="py-0 pr-2 text-left font-semibold leading-tight max-sm:text-xs">
        {name}
      </th>
      <td className="p-0" aria-hidden="true">
        <svg aria-hidden="true" width="100%" height={ROW} className="block overflow-visible">
          <Frame axis={axis} />
          <Join at={at} y1={y1} y2={y2} />
          <line
            x1={percent(at)}
            x2={percent(at)}
            y1={BAR.top}
            y2={BAR.top + BAR.height}
            className="stroke-4 stroke-ink"
          />
        </svg>
      </td>
      <td className="py-0 pl-2 text-right font-mono text-sm">{signed(logOdds)}</td>
    </tr>
  );
}

function AllContributions({
  contributions,
  values,
}: {
  contributions: readonly number[];
  values: readonly number[];
}) {
  const ranked = rankMeasurements(contributions, values);
  return (
    <details className="print:hidden">
      <summary className="min-h-6 underline decoration-ink-3">All {ranked.length} contributions</summary>
      <p className="mt-2 max-w-[64ch] text-ink-2 text-xs">{WHY_OPPOSED}</p>
      <table className="mt-1 w-full border-collapse">
        <caption className="sr-only">
          What each {table.nouns.value} added, in log-odds, strongest first
        </caption>
        <tbody>
          {ranked.map(({ key, label, term }) => (
            <tr key={key} className="border-line border-t first:border-t-0">
              <th scope="row" className="py-0.5 text-left font-normal">
                {label}
              </th>
              <td className="py-0.5 pl-2 text-right">
                <Push term={term} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
