import { type Frame, Plot, placeIn } from "./plot";

/** Where the curve of a good model bends; the rest of the square holds a straight line. */
const FRAME: Frame = { x: [0, 0.2], y: [0.8, 1] };

/**
 * Sensitivity against 1 - specificity, by `points` of [1 - specificity, sensitivity] in ascending order, over the
 * `band` of [1 - specificity, lowest, highest sensitivity] of the repeats; `operating`: at the threshold; `auc` is for the label.
 */
export function RocCurve({
  points,
  band,
  operating,
  auc,
}: {
  points: readonly (readonly [number, number])[];
  band: readonly (readonly [number, number, number])[];
  operating: { sensitivity: number; specificity: number };
  auc: number;
}) {
  const at = placeIn(FRAME);
  const path = (corners: readonly (readonly [number, number])[]) =>
    corners
      .map(([x, y]) => at(Math.min(x, FRAME.x[1]), Math.max(y, FRAME.y[0])))
      .map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`)
      .join("L");
  const outline = [
    ...band.map(([x, , high]) => [x, high] as const),
    ...band.map(([x, low]) => [x, low] as const).reverse(),
  ];
  const shown = points.filter(([x]) => x <= FRAME.x[1]);
  const end = [FRAME.x[1], shown.at(-1)?.[1] ?? 1] as const;
  const dot = at(1 - operating.specificity, operating.sensitivity);
  return (
    <Plot
      label={`ROC curve, its corner: sensitivity from 0.8 against 1 − specificity up to 0.2. Area under the whole curve ${auc.toFixed(4)}. At the threshold sensitivity ${operating.sensitivity.toFixed(3)}, specificity ${operating.specificity.toFixed(3)}.`}
      xName="1 − specificity"
      yName="sensitivity"
      frame={FRAME}
    >
      <path d={`M${path(outline)}Z`} className="fill-line" />
      <path d={`M${path([...shown, end])}`} className="fill-none stroke-[2.5] stroke-ink" />
      <circle cx={dot.x} cy={dot.y} r={5} className="fill-surface stroke-2 stroke-ink" />
      <text x={dot.x + 9} y={dot.y + 14} className="fill-ink">
        at the threshold
      </text>
    </Plot>
  );
}
