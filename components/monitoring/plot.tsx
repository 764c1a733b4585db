import type { ReactNode } from "react";

/** The part of the plane that is drawn: from and to of each axis. */
export type Frame = { x: readonly [number, number]; y: readonly [number, number] };
const UNIT: Frame = { x: [0, 1], y: [0, 1] };

/** A drawing of SIZE by SIZE units; children are drawn in it with `placeIn`. */
const SIZE = 300;
const EDGE = { left: 44, right: 10, top: 10, bottom: 40 };
const QUARTERS = [0, 0.25, 0.5, 0.75, 1];

/** Where a point of the frame lies in the drawing. */
export const placeIn =
  ({ x: [left, right], y: [bottom, top] }: Frame = UNIT) =>
  (x: number, y: number) => ({
    x: EDGE.left + ((x - left) / (right - left)) * (SIZE - EDGE.left - EDGE.right),
    y: EDGE.top + ((top - y) / (top - bottom)) * (SIZE - EDGE.top - EDGE.bottom),
  });

/** Axes with their names, and the diagonal where the whole unit square is drawn; `label` is read out in place of the drawing. */
export function Plot({
  label,
  xName,
  yName,
  frame = UNIT,
  children,
}: {
  label: string;
  xName: string;
  yName: string;
  frame?: Frame;
  children: ReactNode;
}) {
  const at = placeIn(frame);
  const ticks = ([from, to]: readonly [number, number]) =>
    QUARTERS.map((share) => Number((from + share * (to - from)).toFixed(4)));
  const [left, right] = frame.x;
  const [bottom, top] = frame.y;
  const [origin, corner] = [at(left, bottom), at(right, top)];
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${SIZE} ${SIZE}`}
      className="block w-full max-w-100 text-[11px]"
    >
      <g className="fill-ink-2 tabular-nums">
        {ticks(frame.y).map((tick) => (
          <g key={tick}>
            <line
              x1={origin.x}
              x2={corner.x}
              y1={at(left, tick).y}
              y2={at(left, tick).y}
              className="stroke-line"
            />
            <text x={origin.x - 6} y={at(left, tick).y + 4} textAnchor="end">
              {tick}
            </text>
          </g>
        ))}
        {ticks(frame.x).map((tick) => (
          <g key={tick}>
            <line
              x1={at(tick, bottom).x}
              x2={at(tick, bottom).x}
              y1={origin.y}
              y2={corner.y}
              className="stroke-line"
            />
            <text x={at(tick, bottom).x} y={origin.y + 16} textAnchor="middle">
              {tick}
            </text>
          </g>
        ))}
      </g>
      <text x={(origin.x + corner.x) / 2} y={SIZE - 6} textAnchor="middle" className="fill-ink">
        {xName}
      </text>
      <text
        transform={`translate(11 ${(origin.y + corner.y) / 2}) rotate(-90)`}
        textAnchor="middle"
        className="fill-ink"
      >
        {yName}
      </text>
      {frame === UNIT && (
        <line
          x1={origin.x}
          y1={origin.y}
          x2={corner.x}
          y2={corner.y}
          strokeDasharray="4 4"
          className="stroke-ink-2"
        />
      )}
      {children}
    </svg>
  );
}

const STRIP = { height: 80, name: 16 };

/** Below a Plot of the unit square, on its x axis: bars as high as the square root of their counts. Not read out: give a table too. */
export function Histogram({
  bars,
  name,
}: {
  bars: readonly { from: number; to: number; count: number }[];
  name: string;
}) {
  const at = placeIn();
  const most = Math.max(...bars.map(({ count }) => count));
  const floor = STRIP.height - STRIP.name;
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${SIZE} ${STRIP.height}`}
      className="block w-full max-w-100 text-[11px]"
    >
      {bars.map(({ from, to, count }) => {
        const height = Math.sqrt(count / most) * floor;
        return (
          <rect
            key={from}
            x={at(from, 0).x + 1}
            width={at(to, 0).x - at(from, 0).x - 2}
            y={floor - height}
            height={height}
            className="fill-ink-2"
          />
        );
      })}
      <text x={at(0.5, 0).x} y={STRIP.height - 3} textAnchor="middle" className="fill-ink">
        {name}
      </text>
    </svg>
  );
}
