import type { ReactNode } from "react";
import { Notice } from "@/components/ui/notice";
import { Shape } from "@/components/ui/shape";
import { Switch } from "@/components/ui/switch";
import type { Placed, UnsavedPrediction } from "@/lib/contract";
import { type Caution, cautionsOf, describeCautions } from "@/lib/prediction/cautions";
import { describeTrainingRow, IN_TRAINING } from "@/lib/prediction/training-row";
import { describeUnusual } from "@/lib/prediction/unusual";
import { answerOf, NEGATIVE, POSITIVE } from "@/lib/prediction/words";
import { table } from "@/tables/current";
import { AnswerNumbers } from "./answer-numbers";
import { BandDots, BandSentence, hasDots } from "./band";
import { formatProbability } from "./diagnosis";
import { FamilyBars } from "./family-bars";
import { ProbabilityScale } from "./probability-scale";

type Props = {
  prediction: Placed<UnsavedPrediction>;
  /** Which case it is of, and when it was given. */
  of?: ReactNode;
  /** What stands under a caution, such as a way to try the values otherwise. */
  under?: (caution: Caution) => ReactNode;
  /** What stands at the card's end, such as where to read on. */
  children?: ReactNode;
  /** Where one page has several: names this one's switch. */
  name?: string;
};

/** The answer: shape and word, what that means, the probability, how such answers fared, and the three ways to look at it. */
export function Answer({ prediction, of, under, children, name = "answer-view" }: Props) {
  const { diagnosis, label, probability, threshold, contributions, typicality, values } = prediction;
  const answer = answerOf(label ?? diagnosis);
  const codes = cautionsOf(prediction);
  const isAnswered = label !== "no_answer";
  return (
    <section
      aria-label="Answer"
      className="min-w-0 overflow-clip rounded-card border border-line bg-surface forced-colors:border-2 print:break-inside-avoid"
    >
      <div className={`px-4 pt-4 pb-4 sm:px-6 ${isAnswered ? TINTS[answer.colour] : ""}`}>
        <p className="flex justify-between gap-3 text-ink-2 text-xs">
          <span>Answer</span>
          <span className="text-right">{of}</span>
        </p>
        {/* The words that are read out when an answer comes. */}
        <div aria-live="polite">
          <p
            className={`flex items-baseline gap-[0.3em] font-semibold tracking-tight ${isAnswered ? `text-answer ${answer.colour}` : "text-title"}`}
          >
            {isAnswered && <Shape shape={answer.shape} className="size-[0.62em]!" />}
            {answer.title}
          </p>
          <p className="text-base">{meaningOf(prediction, codes.length > 0)}</p>
          {isAnswered && (
            <p className="mt-3 flex flex-wrap items-baseline gap-x-2">
              <span className="font-medium text-title tracking-tight">
                {formatProbability(probability, threshold)}
              </span>{" "}
              <span className="text-ink-2 text-xs">probability of {POSITIVE.word}</span>
            </p>
          )}
        </div>
        {isAnswered && <ProbabilityScale {...prediction} />}
      </div>
      <div className="grid gap-4 border-line border-t px-4 pt-4 pb-5 sm:px-6">
        {prediction.trainingRow !== null && (
          <Notice kind="caution" title={IN_TRAINING}>
            <p>{describeTrainingRow(prediction.trainingRow, threshold)}</p>
          </Notice>
        )}
        {describeCautions(codes, typicality).map((caution) => (
          <Notice key={caution.code} kind="caution" title={caution.title}>
            {/* On paper, where there is one page, what stands out tells more than what to look at. */}
            <p className={caution.code === "atypical" ? "" : "print:hidden"}>
              {caution.advice}
              {caution.code === "atypical" && <StandOut unusual={typicality?.unusual ?? []} />}
            </p>
            {under?.(caution)}
          </Notice>
        ))}
        {isAnswered && prediction.band !== null && (
          <BandSentence band={prediction.band} isAmong={prediction.trainingRow !== null} />
        )}
        <Switch
          label="Ways to look at the answer"
          name={name}
          options={[
            ...(contributions === null
              ? []
              : [
                  {
                    key: "reasons",
                    title: "Reasons",
                    children: (
                      <FamilyBars contributions={contributions} values={values} base={prediction.base} />
                    ),
                  },
                ]),
            ...(isAnswered && hasDots(prediction.band)
              ? [{ key: "dots", title: "Dots", children: <BandDots band={prediction.band} /> }]
              : []),
            { key: "numbers", title: "Numbers", children: <AnswerNumbers prediction={prediction} /> },
          ]}
        />
        {children}
      </div>
    </section>
  );
}

const TINTS: Partial<Record<string, string>> = {
  [POSITIVE.colour]: "bg-positive-tint",
  [NEGATIVE.colour]: "bg-negative-tint",
  [answerOf("uncertain").colour]: "bg-uncertain-tint",
};

/** What an answer means for whoever reads it, in a sentence. */
function meaningOf({ label, diagnosis, uncertain }: UnsavedPrediction, isCautioned: boolean): string {
  if (label === "no_answer") return "These values do not fit one case, so nothing is said about it.";
  if (label === "uncertain") {
    return isCautioned
      ? "The note below says why no certain answer is given. A person should look at this case."
      : "The model does not answer alone. A person should look at this case.";
  }
  const isPositive = diagnosis === table.classes.positive;
  if (uncertain === null)
    return isPositive ? "At or above the model's cut-off." : "Below the model's cut-off.";
  return isPositive ? "Above the uncertain band." : "Below the uncertain band.";
}

const NAMED = 5;

function StandOut({ unusual }: { unusual: NonNullable<UnsavedPrediction["typicality"]>["unusual"] }) {
  if (unusual.length === 0) return null;
  const more = unusual.length > NAMED ? `; and ${unusual.length - NAMED} more` : "";
  return ` What stands out: ${unusual.slice(0, NAMED).map(describeUnusual).join("; ")}${more}.`;
}
