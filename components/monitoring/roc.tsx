import { at, Plot } from "./plot";

/** Sensitivity against 1 - specificity, by `points` of [1 - specificity, sensitivity] in ascending order; `auc` is for the label. */
export function RocCurve({ points, auc }: { points: readonly (readonly [number, number])[]; auc: number }) {
  const line = points.map(([x, y]) => `${at(x, y).x.toFixed(1)} ${at(x, y).y.toFixed(1)}`).join("L");
  return (
    <Plot
      label={`ROC curve: sensitivity against 1 − specificity. Area under the curve ${auc.toFixed(4)}.`}
      xName="1 − specificity"
      yName="sensitivity"
    >
      <path d={`M${line}`} className="fill-none stroke-[2.5] stroke-ink" />
    </Plot>
  );
}
