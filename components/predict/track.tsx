import { Track } from "@/components/prediction/track";
import type { FormDistribution } from "@/lib/predict/distribution";
import type { Feature } from "@/tables/current";

/** The track along the lower edge of a field and, where given, how both classes lie along it. */
export function FieldTrack({
  feature,
  value,
  distribution,
}: {
  feature: Feature;
  value: number | undefined;
  distribution?: FormDistribution | undefined;
}) {
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
      <Track feature={feature} value={value} />
    </span>
  );
}

/** A closed path over bins that are digits of base 36, in a box as high as the highest digit. */
const silhouette = (digits: string) =>
  `M0 35L${[...digits].map((digit, at) => `${at} ${35 - Number.parseInt(digit, 36)}`).join("L")}L${digits.length - 1} 35Z`;
