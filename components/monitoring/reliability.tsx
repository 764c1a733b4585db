import { wilsonInterval } from "@/lib/monitoring/wilson";
import { POSITIVE } from "@/lib/prediction/words";
import { Histogram, Plot, placeIn } from "./plot";

type Bin = {
  from: number;
  to: number;
  meanProbability: number | null;
  positiveShare: number | null;
  count: number;
};

/**
 * Share of positive cases against the probability they were given, with Wilson's 95 % interval, and below it how many
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
  const at = placeIn();
  return (
    <div>
      <Plot
        label={`${of}: share of ${POSITIVE.word} cases against predicted probability, in bins with 95 % intervals; the table beside it has the numbers.`}
        xName="predicted probability"
        yName={`share ${POSITIVE.word}`}
      >
        {bins.map(({ from, meanProbability, positiveShare, count }) => {
          if (meanProbability === null || positiveShare === null) return null;
          const cases = count / repeats;
          const { low, high } = wilsonInterval(positiveShare * cases, cases);
          const [dot, bottom, top] = [positiveShare, low, high].map((y) => at(meanProbability, y));
          return (
            <g key={from}>
              <line x1={top?.x} x2={bottom?.x} y1={top?.y} y2={bottom?.y} className="stroke-2 stroke-ink-2" />
              <circle cx={dot?.x} cy={dot?.y} r={4.5} className="fill-ink stroke-surface" />
            </g>
          );
        })}
      </Plot>
      <Histogram bars={bins} name="answers in each bin (height: square root)" />
    </div>
  );
}
