import { placeOf } from "@/lib/prediction/track";
import type { Feature } from "@/tables/current";

const percent = (place: number) => `${(place * 100).toFixed(2)}%`;

/**
 * From the least training case to the greatest, nine in ten of them darker, and a tick at the value; at the edge and hollow
 * where that lies outside. Beside the value itself, so decoration.
 */
export function Track({ feature, value }: { feature: Pick<Feature, "range">; value: number | undefined }) {
  const { low, high } = feature.range;
  const from = placeOf(feature, low);
  const place = value === undefined || Number.isNaN(value) ? null : placeOf(feature, value);
  const isOutside = place !== null && (place < 0 || place > 1);
  return (
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
  );
}
