import { type Dot, DotPlot } from "@/components/monitoring/dot-plot";
import type { Evaluation } from "@/lib/server/model/model-card";
import { words } from "@/tables/current";

/** Short names of models whose full ones say how they were set. */
const NAMES: Record<string, string> = {
  "LogisticRegression(C=1)": "Logistic regression",
  "PowerTransformer+LogisticRegression(C=1)": "Power, logistic regr.",
  "SVC(rbf, C=10, gamma=0.01)+Platt": "SVM",
  "PowerTransformer+SVC(rbf, C=10, gamma=0.01)+Platt": "Power, SVM",
  "MLPClassifier(64, alpha=1)": "Neural network",
  "RandomForest(300)": "Random forest",
  HistGradientBoosting: "Gradient boosting",
  "SVC(rbf) on whitened logarithms, tuned inside each fold, Platt": "SVM, our inputs",
  "12 tanh networks (32) on whitened logarithms, tuned inside each fold, Platt": "12 networks, our inputs",
};

/** A figure that is right where it is high, ours with an interval, and the best of the others. */
function dotsOf(
  ours: Omit<Dot, "name" | "isOurs">,
  peers: Evaluation["peers"],
  figure: string,
  most: number,
): Dot[] {
  const others = Object.entries(peers)
    .flatMap(([name, row]) =>
      row[figure] === undefined ? [] : [{ name: NAMES[name] ?? name, value: row[figure] }],
    )
    .sort((a, b) => b.value - a.value)
    .slice(0, most);
  return [{ ...ours, name: words.app.name, isOurs: true }, ...others];
}

/** The model's right answers beside those of others, and how many negatives each leaves alone where it finds 99 % of the positives. */
export function OtherModels({
  figures,
  peers,
  foundTitle,
}: Pick<Evaluation, "figures" | "peers"> & { foundTitle: string }) {
  const { accuracy, specificityAt99Sensitivity: specific } = figures;
  return (
    <>
      <h3 className="font-semibold">Right answers</h3>
      <DotPlot
        dots={dotsOf({ value: accuracy.mean, low: accuracy.low, high: accuracy.high }, peers, "accuracy", 9)}
        from={0.955}
        to={1}
        ticks={[0.96, 0.98, 1]}
        digits={4}
      />
      <h3 className="font-semibold">{foundTitle}</h3>
      <DotPlot
        dots={dotsOf(
          { value: specific.mean, low: specific.mean - specific.sd, high: specific.mean + specific.sd },
          peers,
          "specificity_at_99_sensitivity",
          5,
        )}
        from={0.86}
        to={0.96}
        ticks={[0.86, 0.9, 0.94]}
        digits={4}
      />
    </>
  );
}
