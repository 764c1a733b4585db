import type { ReactNode } from "react";

/** A square of 0..1 by 0..1 in a drawing of SIZE units; children are drawn in it with `at`. */
const SIZE = 300;
const EDGE = { left: 44, right: 10, top: 10, bottom: 40 };
const TICKS = [0, 0.25, 0.5, 0.75, 1];

/** Where a point of the unit square lies in the drawing. */
export const at = (x: number, y: number) => ({
  x: EDGE.left + x * (SIZE - EDGE.left - EDGE.right),
  y: EDGE.top + (1 - y) * (SIZE - EDGE.top - EDGE.bottom),
});

/** Axes from 0 to 1 with their names; `label` is read out in place of the drawing. */
export function Plot({
  label,
  xName,
  yName,
  children,
}: {
  label: string;
  xName: string;
  yName: string;
  children: ReactNode;
}) {
  const [origin, corner] = [at(0, 0), at(1, 1)];
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${SIZE} ${SIZE}`}
      className="block w-full max-w-100 text-[11px]"
    >
      {TICKS.map((tick) => (
        <g key={tick} className="fill-ink-muted tabular-nums">
          <line x1={origin.x} x2={corner.x} y1={at(0, tick).y} y2={at(0, tick).y} className="stroke-line" />
          <line x1={at(tick, 0).x} x2={at(tick, 0).x} y1={origin.y} y2={corner.y} className="stroke-line" />
          <text x={origin.x - 6} y={at(0, tick).y + 4} textAnchor="end">
            {tick}
          </text>
          <text x={at(tick, 0).x} y={origin.y + 16} textAnchor="middle">
            {tick}
          </text>
        </g>
      ))}
      <text x={at(0.5, 0).x} y={SIZE - 6} textAnchor="middle" className="fill-ink">
        {xName}
      </text>
      <text transform={`translate(11 ${at(0, 0.5).y}) rotate(-90)`} textAnchor="middle" className="fill-ink">
        {yName}
      </text>
      <line
        x1={origin.x}
        y1={origin.y}
        x2={corner.x}
        y2={corner.y}
        strokeDasharray="4 4"
        className="stroke-ink-muted"
      />
      {children}
    </svg>
  );
}
