import { POSITIVE } from "@/lib/prediction/words";
import { at, Plot } from "./plot";

type Bin = { meanProbability: number | null; positiveShare: number | null; count: number };

/** Share of positive cases against the probability they were given; a bin's dot is larger the more cases it has. */
export function ReliabilityPlot({ bins, of = "Reliability" }: { bins: readonly Bin[]; of?: string }) {
  const most = Math.max(...bins.map(({ count }) => count));
  return (
    <Plot
      label={`${of}: share of ${POSITIVE.word} cases against predicted probability, in bins; the table beside it has the numbers.`}
      xName="predicted probability"
      yName={`share ${POSITIVE.word}`}
    >
      {bins.map(({ meanProbability: x, positiveShare: y, count }) =>
        x === null || y === null ? null : (
          <circle
            key={x}
            cx={at(x, y).x}
            cy={at(x, y).y}
            r={3.5 + 6 * Math.sqrt(count / most)}
            className="fill-ink/80 stroke-surface"
          />
        ),
      )}
    </Plot>
  );
}
