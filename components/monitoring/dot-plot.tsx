/** A value on a common scale, with how far it may vary; `isOurs` is drawn full. */
export type Dot = { name: string; value: number; low?: number; high?: number; isOurs?: boolean };

const ROW = "grid items-center sm:grid-cols-[minmax(6rem,11rem)_minmax(0,1fr)]";
const CELLS = "grid grid-cols-[minmax(0,1fr)_3.5rem] items-center gap-x-4 pl-3";

/**
 * Values beneath each other on one scale from `from` to `to`, marked at `ticks`. A value outside lies on the edge; what an
 * interval has outside is cut off. Read out as a list of names and numbers.
 */
export function DotPlot({
  dots,
  from,
  to,
  ticks,
  digits = 3,
}: {
  dots: readonly Dot[];
  from: number;
  to: number;
  ticks: readonly number[];
  digits?: number;
}) {
  const at = (value: number) =>
    `${Number((100 * Math.min(Math.max((value - from) / (to - from), 0), 1)).toFixed(2))}%`;
  return (
    <div className="text-sm">
      <dl>
        {dots.map(({ name, value, low, high, isOurs = false }) => (
          <div key={name} className={ROW}>
            <dt className={isOurs ? "font-semibold" : ""}>{name}</dt>
            <dd className={CELLS}>
              <svg aria-hidden="true" className="block h-7 w-full overflow-visible">
                <line x1="0" x2="100%" y1="50%" y2="50%" className="stroke-line" />
                {low !== undefined && high !== undefined && (
                  <line x1={at(low)} x2={at(high)} y1="50%" y2="50%" className="stroke-2 stroke-ink" />
                )}
                <circle
                  cx={at(value)}
                  cy="50%"
                  r="4.5"
                  className={`stroke-2 stroke-ink ${isOurs ? "fill-ink" : "fill-surface"}`}
                />
              </svg>
              <span className="text-right font-mono tabular-nums">{value.toFixed(digits)}</span>
            </dd>
          </div>
        ))}
      </dl>
      <div aria-hidden="true" className={ROW}>
        <div className={`${CELLS} sm:col-start-2`}>
          <svg aria-hidden="true" className="block h-5 w-full overflow-visible text-xs">
            {ticks.map((tick) => (
              <text key={tick} x={at(tick)} y="1em" textAnchor="middle" className="fill-ink-2 tabular-nums">
                {tick}
              </text>
            ))}
          </svg>
        </div>
      </div>
    </div>
  );
}
