import type { FormDistribution } from "@/lib/predict/distribution";
import { placeOf } from "@/lib/prediction/track";
import type { Feature } from "@/tables/current";

const percent = (place: number) => `${(place * 100).toFixed(2)}%`;

/**
 * The lower edge of a field: from the least to the greatest training case, nine in ten of them darker, and a tick at the
 * value; at the edge and hollow where that lies outside. Above it, where given, how both classes lie along it.
 */
export function Track({
  feature,
  value,
  distribution,
}: {
  feature: Feature;
  value: number | undefined;
  distribution?: FormDistribution | undefined;
}) {
  const { low, high } = feature.range;
  const from = placeOf(feature, low);
  const place = value === undefined ? null : placeOf(feature, value);
  const isOutside = place !== null && (place < 0 || place > 1);
  return (
    <span
      aria-hidden="true"
      className="pointer-events-none absolute inset-x-1.5 inset-y-1 flex flex-col justify-end"
    >
      {distribution !== undefined && (
        <svg
          aria-hidden="true"
          viewBox="0 0 27 35"
          preserveAspectRatio="none"
          className="h-full w-full opacity-30"
        >
          <path d={silhouette(distribution.negative)} className="fill-negative" />
          <path d={silhouette(distribution.positive)} className="fill-positive" />
        </svg>
      )}
      <svg aria-hidden="true" width="100%" height="3" className="block flex-none overflow-visible">
        <rect width="100%" height="3" rx="1.5" className="fill-line" />
        <rect
          x={percent(from)}
          width={percent(placeOf(feature, high) - from)}
          height="3"
          rx="1.5"
          className="fill-ghost"
        />
        {place !== null && (
          <rect
            x={percent(Math.min(1, Math.max(0, place)))}
            y={isOutside ? "-4" : "-3"}
            width={isOutside ? "5" : "3"}
            height="8"
            rx="1.5"
            transform={isOutside ? "translate(-2.5 0)" : "translate(-1.5 0)"}
            className={isOutside ? "fill-surface stroke-ink" : "fill-ink"}
          />
        )}
      </svg>
    </span>
  );
}

/** A closed path over bins that are digits of base 36, in a box as high as the highest digit. */
const silhouette = (digits: string) =>
  `M0 35L${[...digits].map((digit, at) => `${at} ${35 - Number.parseInt(digit, 36)}`).join("L")}L${digits.length - 1} 35Z`;
