import type { Distribution } from "@/lib/review/review";

const WIDTH = 120;
const HALF = 13;

/**
 * Where one value lies among the training cases: positive ones as a silhouette above the axis, negative ones below, the
 * case as a line, broken and at the edge where it lies outside. `label` is read out in place of the drawing.
 */
export function DistributionStrip({
  distribution: { min, max, positive, negative },
  value,
  label,
}: {
  distribution: Distribution;
  value: number;
  label: string;
}) {
  const at = ((value - min) / (max - min)) * WIDTH;
  const x = Math.min(WIDTH - 1, Math.max(1, at));
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${WIDTH} ${2 * HALF}`}
      className="block h-7 w-full min-w-16"
      preserveAspectRatio="none"
    >
      <path d={silhouette(positive, -1)} className="fill-positive/50" />
      <path d={silhouette(negative, 1)} className="fill-negative/50" />
      <line
        x1="0"
        x2={WIDTH}
        y1={HALF}
        y2={HALF}
        className="stroke-ink-2"
        vectorEffect="non-scaling-stroke"
      />
      <line
        x1={x}
        x2={x}
        y1="0"
        y2={2 * HALF}
        strokeDasharray={at < 0 || at > WIDTH ? "3 2" : undefined}
        className="stroke-2 stroke-ink"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}

/** A closed path over bins of 0..1, upwards for -1 and downwards for 1. */
function silhouette(bins: readonly number[], side: 1 | -1): string {
  const step = WIDTH / bins.length;
  const points = bins.map(
    (share, i) => `${((i + 0.5) * step).toFixed(1)} ${(HALF + side * share * HALF).toFixed(1)}`,
  );
  return `M0 ${HALF}L${points.join("L")}L${WIDTH} ${HALF}Z`;
}
