import type { ReactNode } from "react";

/** The part of the plane that is drawn: from and to of each axis. */
export type Frame = { x: readonly [number, number]; y: readonly [number, number] };

const percentOf = (share: number) => Number((100 * share).toFixed(2));

/** Where a point of the frame lies in a Plot, in percent of its width and height from the top left. */
const sharesIn =
  ({ x: [left, right], y: [bottom, top] }: Frame) =>
  (x: number, y: number) => [percentOf((x - left) / (right - left)), percentOf((top - y) / (top - bottom))];

/** The same as attributes of SVG; what lies outside the frame is put on its edge. */
export const placeIn = (frame: Frame) => (x: number, y: number) => {
  const [left = 0, top = 0] = sharesIn(frame)(x, y).map((share) => Math.min(Math.max(share, 0), 100));
  return { x: `${left}%`, y: `${top}%` };
};

/** A line through points of the frame, for `Curve`; what lies outside is put on the edge. */
export function lineIn(frame: Frame, points: readonly (readonly [number, number])[]): string {
  const place = sharesIn(frame);
  return `M${points
    .map(([x, y]) =>
      place(x, y)
        .map((share) => Math.min(Math.max(share, 0), 100))
        .join(" "),
    )
    .join("L")}`;
}

/** A line made by `lineIn`, as wide as the plot; its stroke is as thick at every width. */
export function Curve({ d, className }: { d: string; className: string }) {
  return (
    <svg aria-hidden="true" viewBox="0 0 100 100" preserveAspectRatio="none" overflow="visible">
      <path d={d} className={className} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}

export type Tick = { at: number; text: string };

/**
 * Axes with marks at `xTicks` and `yTicks`, and their names; children are drawn in percent, by `placeIn`, so that no text is
 * scaled; distances between texts are in em. `label` is read out in place of the drawing.
 */
export function Plot({
  label,
  frame,
  xTicks,
  yTicks,
  xName,
  yName,
  className = "h-80",
  children,
}: {
  label: string;
  frame: Frame;
  xTicks: readonly Tick[];
  yTicks: readonly Tick[];
  xName: string;
  yName: string;
  /** Says how high it is. */
  className?: string;
  children: ReactNode;
}) {
  const at = placeIn(frame);
  return (
    <div className="min-w-0 text-ink-2 text-xs">
      <p aria-hidden="true">{yName}</p>
      <div className={`relative mt-3 mr-4 mb-8 ml-12 ${className}`}>
        <svg role="img" aria-label={label} className="absolute inset-0 size-full overflow-visible">
          <g className="fill-ink-2 stroke-line tabular-nums">
            {yTicks.map((tick) => {
              const { y } = at(frame.x[0], tick.at);
              return (
                <g key={tick.at}>
                  <line x1="0" x2="100%" y1={y} y2={y} />
                  <text x="0" dx="-0.7em" y={y} dy="0.35em" textAnchor="end" stroke="none">
                    {tick.text}
                  </text>
                </g>
              );
            })}
            {xTicks.map((tick) => (
              <text
                key={tick.at}
                x={at(tick.at, frame.y[0]).x}
                y="100%"
                dy="1.7em"
                textAnchor="middle"
                stroke="none"
              >
                {tick.text}
              </text>
            ))}
          </g>
          {children}
        </svg>
      </div>
      <p aria-hidden="true" className="text-right">
        {xName}
      </p>
    </div>
  );
}
