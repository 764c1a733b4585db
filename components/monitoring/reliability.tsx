import { at, Plot } from "./plot";

type Bin = { meanProbability: number | null; malignantShare: number | null; count: number };

/** Share of malignant cases against the probability they were given; a bin's dot is larger the more cases it has. */
export function ReliabilityPlot({ bins, of = "Reliability" }: { bins: readonly Bin[]; of?: string }) {
  const most = Math.max(...bins.map(({ count }) => count));
  return (
    <Plot
      label={`${of}: share of malignant cases against predicted probability, in bins; the table beside it has the numbers.`}
      xName="predicted probability"
      yName="share malignant"
    >
      {bins.map(({ meanProbability: x, malignantShare: y, count }) =>
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
