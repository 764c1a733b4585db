import { placeOf } from "@/lib/prediction/track";
import type { Distribution } from "@/lib/review/review";
import type { Feature } from "@/tables/current";

/** The side of the box that the two shapes are drawn in. */
const SIZE = 100;

/**
 * Where a value lies among the training cases: positive ones as a silhouette above the middle, negative ones below, the value
 * as an upright line, broken and at an end where it lies outside. What it shows is to be said beside it.
 */
export function DistributionStrip({
  distribution: { positive, negative },
  feature,
  value,
}: {
  distribution: Distribution;
  feature: Pick<Feature, "range">;
  value: number;
}) {
  const place = placeOf(feature, value);
  const isOutside = place < 0 || place > 1;
  const x = `${0.5 + 99 * Math.min(1, Math.max(0, place))}%`;
  return (
    <svg width="100%" aria-hidden="true" className="block h-9.5 print:h-5">
      <svg aria-hidden="true" viewBox={`0 0 ${SIZE} ${SIZE}`} preserveAspectRatio="none">
        <path d={silhouette(positive, -1)} className="fill-positive/55" />
        <path d={silhouette(negative, 1)} className="fill-negative/55" />
      </svg>
      <line x1="0" x2="100%" y1="50%" y2="50%" className="stroke-surface" />
      <line
        x1={x}
        x2={x}
        y1="0"
        y2="100%"
        strokeDasharray={isOutside ? "3 2" : undefined}
        className="stroke-2 stroke-ink"
      />
    </svg>
  );
}

/** A closed path over bins of 0..1, upwards for -1 and downwards for 1. */
function silhouette(bins: readonly number[], side: 1 | -1): string {
  const [middle, step] = [SIZE / 2, SIZE / bins.length];
  const points = bins.map(
    (share, i) => `${((i + 0.5) * step).toFixed(1)} ${(middle + side * share * middle).toFixed(1)}`,
  );
  return `M0 ${middle}L${points.join("L")}L${SIZE} ${middle}Z`;
}
