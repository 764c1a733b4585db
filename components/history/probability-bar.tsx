const percent = (share: number) => `${Math.round(share * 1000) / 10}%`;

/** A probability on a scale from 0 to 1, beside its number, which says the same; `band`: where answers are uncertain. */
export function ProbabilityBar({
  at,
  band,
}: {
  at: number;
  band: readonly [from: number, to: number] | null;
}) {
  return (
    <svg aria-hidden="true" className="bar">
      <rect width="100%" height="100%" rx="2" />
      {band !== null && (
        <rect
          x={percent(band[0])}
          width={percent(band[1] - band[0])}
          y="1"
          height="6"
          fill="url(#band)"
          stroke="none"
        />
      )}
      <rect x={percent(at)} width="3" height="100%" transform="translate(-1.5)" />
    </svg>
  );
}
