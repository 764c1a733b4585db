import { POSITIVE } from "@/lib/prediction/words";
import { wilsonInterval } from "@/lib/wilson";
import { Curve, type Frame, lineIn, Plot, placeIn } from "./plot";

type Bin = {
  from: number;
  to: number;
  meanProbability: number | null;
  positiveShare: number | null;
  count: number;
};

const UNIT: Frame = { x: [0, 1], y: [0, 1] };
const QUARTERS = [0, 0.25, 0.5, 0.75, 1];

/**
 * Share of positive cases against the probability they were given, with Wilson's 95 % interval, and above it how many
 * answers each bin has. Answers of `repeats` runs about the same cases are no more cases: the intervals are of their mean.
 */
export function ReliabilityPlot({
  bins,
  repeats = 1,
  of = "Reliability",
}: {
  bins: readonly Bin[];
  repeats?: number;
  of?: string;
}) {
  const at = placeIn(UNIT);
  return (
    <div>
      <Counts bins={bins} />
      <Plot
        label={`${of}: share of ${POSITIVE.word} cases against predicted probability, in bins with 95 % intervals; the table below has the numbers.`}
        frame={UNIT}
        xTicks={QUARTERS.map((share) => ({ at: share, text: String(share) }))}
        yTicks={QUARTERS.map((share) => ({ at: share, text: `${100 * share} %` }))}
        xName="probability that was given"
        yName={`${POSITIVE.word} in truth`}
      >
        <Curve
          d={lineIn(UNIT, [
            [0, 0],
            [1, 1],
          ])}
          className="fill-none stroke-ink-3 [stroke-dasharray:4_4]"
        />
        {bins.map(({ from, meanProbability, positiveShare, count }) => {
          if (meanProbability === null || positiveShare === null) return null;
          const cases = count / repeats;
          const { low, high } = wilsonInterval(positiveShare * cases, cases);
          const [dot, bottom, top] = [positiveShare, low, high].map((y) => at(meanProbability, y));
          return (
            <g key={from}>
              <line x1={top?.x} x2={bottom?.x} y1={top?.y} y2={bottom?.y} className="stroke-2 stroke-ink" />
              <circle cx={dot?.x} cy={dot?.y} r={5} className="fill-ink stroke-surface" />
            </g>
          );
        })}
      </Plot>
    </div>
  );
}

/** In percent of the strip's height, which has room for a number above the highest. */
const BAR = { most: 66, least: 6 };

/** Bars as high as the logarithm of the counts, each with its number. Not read out: the table says it. */
function Counts({ bins }: { bins: readonly Bin[] }) {
  const most = Math.max(...bins.map(({ count }) => count), 2);
  return (
    <div className="mr-4 ml-12 h-16">
      <svg aria-hidden="true" className="block size-full overflow-visible text-xs">
        {bins.map(({ from, to, count }) => {
          const share = Math.log(Math.max(count, 1)) / Math.log(most);
          const height = BAR.least + (BAR.most - BAR.least) * share;
          return (
            <g key={from}>
              <rect
                x={`${100 * from + 0.5}%`}
                width={`${100 * (to - from) - 1}%`}
                y={`${100 - height}%`}
                height={`${height}%`}
                rx="2"
                className="fill-ghost"
              />
              <text
                x={`${50 * (from + to)}%`}
                y={`${100 - height}%`}
                dy="-0.35em"
                textAnchor="middle"
                className="fill-ink-2 tabular-nums"
              >
                {count}
              </text>
            </g>
          );
        })}
      </svg>
    </div>
  );
}
