import { SmallTable } from "@/components/ui/small-table";
import { percent } from "@/lib/format";
import { confusionAt, type UnseenCase } from "@/lib/monitoring/cut-off";
import { type Answer, NEGATIVE, POSITIVE, shapeAndWord } from "@/lib/prediction/words";
import type { Evaluation } from "@/lib/server/model/model-card";
import { wilsonInterval } from "@/lib/wilson";

/** "97.0 % to 98.9 %". */
export const range = ({ low, high }: { low: number; high: number }, digits = 1) =>
  `${percent(low, digits)} to ${percent(high, digits)}`;

/** The same of Wilson's interval, for shares so near 0 or 1 that drawing cases again would show too little. */
export const wilson = (share: number, of: number) => range(wilsonInterval(share * of, of), 2);

/** The figures that peers have too, by their keys. */
const FIGURES = [
  { key: "accuracy", peer: "accuracy", name: "Accuracy" },
  { key: "rocAuc", peer: "roc_auc", name: "ROC AUC" },
  { key: "logLoss", peer: "log_loss", name: "Log-loss" },
  { key: "brier", peer: "brier", name: "Brier" },
  { key: "sensitivity", peer: "sensitivity", name: "Sensitivity" },
  { key: "specificity", peer: "specificity", name: "Specificity" },
  {
    key: "specificityAt99Sensitivity",
    peer: "specificity_at_99_sensitivity",
    name: "Specificity at 99 % sensitivity",
  },
] as const;

const DIGITS = 4;

export function Expected({ figures }: Pick<Evaluation, "figures">) {
  return (
    <SmallTable
      caption="Figures on unseen cases"
      heads={["Figure", "Mean", "95 % interval", "sd over the repeats"]}
      rows={FIGURES.map(({ key, name }) => {
        const { mean, low, high, sd } = figures[key];
        const [middle = "", from, to, spread = ""] = [mean, low, high, sd].map((x) => x.toFixed(DIGITS));
        return [name, middle, `${from} to ${to}`, spread];
      })}
    />
  );
}

/** The first of `rows`, which are ours, has the standard deviation of each figure too. */
export function Comparison({ figures, fixed, peers, model }: Evaluation) {
  const shown = (value: number | undefined) => value?.toFixed(DIGITS) ?? "–";
  const rows = [
    [model.name, ...FIGURES.map(({ key }) => shown(figures[key].mean))],
    ["± sd over the repeats", ...FIGURES.map(({ key }) => shown(figures[key].sd))],
    ["the same, settings of all cases", ...FIGURES.map(({ key }) => shown(fixed[key].mean))],
    ...Object.entries(peers).map(([name, row]) => [name, ...FIGURES.map(({ peer }) => shown(row[peer]))]),
  ];
  return (
    <SmallTable
      scrolls
      caption="All figures beside other models"
      heads={["Model", ...FIGURES.map(({ name }) => name)]}
      rows={rows}
    />
  );
}

/** What each of some cut-offs would do; `confusion`: at the one in use, as the mean of single repeats. */
export function CutOffs({
  cases,
  cutOffs,
  confusion,
  inUse,
}: {
  cases: readonly UnseenCase[];
  cutOffs: readonly { at: number; text: string }[];
  confusion: Evaluation["confusion"];
  inUse: number;
}) {
  const rightOf = (right: number, wrong: number) =>
    right + wrong === 0 ? "–" : percent(right / (right + wrong));
  const row = (text: string, found: number, missed: number, alarms: number, left: number, digits = 0) => [
    text,
    ...[found, missed, alarms, left].map((count) => count.toFixed(digits)),
    rightOf(found, alarms),
    rightOf(left, missed),
  ];
  const { truePositive, falseNegative, falsePositive, trueNegative } = confusion;
  return (
    <SmallTable
      scrolls
      caption="What some cut-offs would do"
      heads={[
        "Cut-off",
        `${POSITIVE.title}, found`,
        `${POSITIVE.title}, missed`,
        `${NEGATIVE.title}, false alarm`,
        `${NEGATIVE.title}, left alone`,
        `Right of “${POSITIVE.word}”`,
        `Right of “${NEGATIVE.word}”`,
      ]}
      rows={[
        ...cutOffs.map(({ at, text }) => {
          const { found, missed, alarms, leftAlone } = confusionAt(cases, at);
          return row(text, found, missed.length, alarms.length, leftAlone);
        }),
        row(`${inUse}, mean of single repeats`, truePositive, falseNegative, falsePositive, trueNegative, 1),
      ]}
    />
  );
}

export function Certain({ certain }: Pick<Evaluation, "certain">) {
  const row = (answer: Answer, { answers, wrong }: { answers: number; wrong: number }) => [
    shapeAndWord(answer),
    answers.toFixed(1),
    wrong.toFixed(1),
    percent(wrong / answers, 2),
    wilson(wrong / answers, answers),
  ];
  return (
    <SmallTable
      caption="Certain answers and how many of them are wrong"
      heads={["Certain answer", "Cases", "Wrong", "Share wrong", "95 % interval"]}
      rows={[row(POSITIVE, certain.positive), row(NEGATIVE, certain.negative)]}
    />
  );
}

export function Reliability({ bins }: { bins: Evaluation["reliability"] }) {
  return (
    <SmallTable
      caption="Reliability by bin of predicted probability"
      heads={["Predicted", "Answers", "Mean predicted", POSITIVE.title]}
      rows={bins.map(({ from, to, count, meanProbability, positiveShare }) => [
        `${from} to ${to}`,
        String(count),
        meanProbability?.toFixed(3) ?? "–",
        positiveShare?.toFixed(3) ?? "–",
      ])}
    />
  );
}
