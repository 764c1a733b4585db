import type { ReactNode } from "react";
import { Notice } from "@/components/ui/notice";
import type { Diagnosis, Placed, UnsavedPrediction } from "@/lib/contract";
import { percent } from "@/lib/format";
import { type Caution, cautionsOf, describeCautions } from "@/lib/prediction/cautions";
import { describeUnusual } from "@/lib/prediction/unusual";
import { NEGATIVE, POSITIVE } from "@/lib/prediction/words";
import { table } from "@/tables/current";
import { DiagnosisMark, formatProbability, ProbabilityScale, type Span, UncertainNote } from "./diagnosis";
import { TrainingNotice } from "./training-notice";

type Props = {
  prediction: Placed<UnsavedPrediction>;
  /** The probabilities that small errors of measurement give, where they were tried. */
  wobbled?: Span;
  /** What stands under a caution, such as a way to try the values otherwise. */
  under?: (caution: Caution) => ReactNode;
};

/** The answer as the model gave it: word, probability, and what speaks against it. */
export function Answer({ prediction, wobbled, under }: Props) {
  const { diagnosis, label, probability, threshold, uncertain, typicality, range } = prediction;
  const spans = [
    ...(range === null ? [] : [{ ...range, label: "as the training cases allow" }]),
    ...(wobbled === undefined ? [] : [wobbled]),
  ];
  const codes = cautionsOf(prediction);
  const number = formatProbability(probability, threshold);
  return (
    <>
      <p className="flex flex-wrap items-baseline justify-between gap-x-3 text-2xl">
        <DiagnosisMark diagnosis={diagnosis} label={label} />
        {label !== "no_answer" && (
          <span className="tabular-nums">
            {number}
            <span className="block text-right text-ink-2 text-xs">probability of {POSITIVE.word}</span>
          </span>
        )}
      </p>
      {label === "no_answer" ? (
        <p className="text-ink-2 text-sm">The model's number for these values, {number}, means nothing.</p>
      ) : (
        <ProbabilityScale {...{ probability, threshold, uncertain, spans }} />
      )}
      {prediction.record !== null && <Record diagnosis={diagnosis} {...prediction.record} />}
      {label === "uncertain" && <UncertainNote {...prediction} isCautioned={codes.length > 0} />}
      {describeCautions(codes, typicality).map((caution) => (
        <Notice key={caution.code} kind="caution" title={caution.title}>
          {/* On paper, where there is one page, what stands out tells more than what to look at. */}
          <p className={`text-sm ${caution.code === "atypical" ? "" : "print:hidden"}`}>
            {caution.advice}
            {caution.code === "atypical" && <StandOut unusual={typicality?.unusual ?? []} />}
          </p>
          {under?.(caution)}
        </Notice>
      ))}
      <TrainingNotice trainingRow={prediction.trainingRow} threshold={threshold} />
    </>
  );
}

/** How often a certain answer like this one was wrong, measured out of fold. */
function Record({
  diagnosis,
  answers,
  wrong,
  low,
  high,
}: { diagnosis: Diagnosis } & NonNullable<Placed<UnsavedPrediction>["record"]>) {
  const [said, other] = diagnosis === table.classes.positive ? [POSITIVE, NEGATIVE] : [NEGATIVE, POSITIVE];
  return (
    <p className="text-ink-2 text-sm">
      Of {Math.round(answers)} cases called {said.word} with certainty by models that had not seen them,{" "}
      {wrong.toFixed(1)} were {other.word}: {percent(wrong / answers)} (95 % interval {percent(low)} to{" "}
      {percent(high)}).
    </p>
  );
}

const NAMED = 5;

function StandOut({ unusual }: { unusual: NonNullable<UnsavedPrediction["typicality"]>["unusual"] }) {
  if (unusual.length === 0) return null;
  const more = unusual.length > NAMED ? `; and ${unusual.length - NAMED} more` : "";
  return ` What stands out: ${unusual.slice(0, NAMED).map(describeUnusual).join("; ")}${more}.`;
}
