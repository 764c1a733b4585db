const WIDTH = 120;
const HEIGHT = 26;
const EDGE = 3;

/**
 * A small line over equal steps, drawn from 0 to `top` and cut off there; null is a gap. A broken line marks `mark`.
 * `label` is read out in its place.
 */
export function Sparkline({
  values,
  top,
  mark,
  label,
}: {
  values: readonly (number | null)[];
  top: number;
  mark: number;
  label: string;
}) {
  const y = (value: number) => HEIGHT - EDGE - (Math.min(value, top) / top) * (HEIGHT - 2 * EDGE);
  const points = values.flatMap((value, i) =>
    value === null
      ? []
      : [{ at: i, x: EDGE + (i / Math.max(1, values.length - 1)) * (WIDTH - 2 * EDGE), y: y(value) }],
  );
  const path = points
    .map(({ at, x, y }, i) => (points[i - 1]?.at === at - 1 ? `L${x} ${y}` : `M${x} ${y}`))
    .join("");
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      className="inline-block h-6 w-28 max-w-full"
    >
      <line x1="0" x2={WIDTH} y1={y(0)} y2={y(0)} className="stroke-line" />
      <line x1="0" x2={WIDTH} y1={y(mark)} y2={y(mark)} strokeDasharray="3 3" className="stroke-ink-2" />
      <path d={path} className="fill-none stroke-ink" strokeWidth="1.5" />
      {points.map(({ at, x, y }) => (
        <circle key={at} cx={x} cy={y} r="1.8" className="fill-ink" />
      ))}
    </svg>
  );
}
