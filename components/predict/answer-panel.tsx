import { type ReactNode, type Ref, useEffect, useState } from "react";
import { Answer } from "@/components/prediction/answer";
import { GuessFirst } from "@/components/prediction/guess-first";
import { type AskTried, TryRescaled } from "@/components/prediction/try-rescaled";
import { Button, buttonClass } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { type Refusal, RefusalNotice } from "@/components/ui/refusal";
import type { Placed, PredictOutcome, Typicality, UnsavedPrediction } from "@/lib/contract";
import { describeShared } from "@/lib/prediction/cautions";

type Props = {
  outcome: PredictOutcome | Refusal | null;
  /** Which case it is of, and when it was given. */
  of: ReactNode;
  /** Whether a value was edited since. */
  stale: boolean;
  pending: boolean;
  /** By what factors the cases of this session look multiplied, each in turn. */
  session: readonly Typicality["scales"][];
  /** What is to be said of what was saved with the answer. */
  saved: ReactNode;
  onSaveAgain: () => void;
  /** Stands where the answer will be. */
  before: ReactNode;
  /** Asks the model for other values, without saving. */
  ask: AskTried;
  /** Puts other values into the form. */
  onUse: (values: readonly number[], message: string) => void;
  className: string;
  ref: Ref<HTMLElement>;
};

/** The form's answer: nothing yet, waiting, a result, or what went wrong. */
export function AnswerPanel(props: Props) {
  const { outcome: shown, of, stale, pending, session, saved, onSaveAgain, before, className, ref } = props;
  const refusal = shown !== null && "why" in shown ? shown : null;
  const outcome = shown !== null && "ok" in shown ? shown : null;
  return (
    <section ref={ref} aria-label="Result" aria-busy={pending} className={`grid min-w-0 gap-4 ${className}`}>
      {pending ? (
        <Waiting of={of} />
      ) : (
        <>
          {shown === null && before}
          {refusal !== null && <RefusalNotice refusal={refusal} kept="values" />}
          {stale && outcome !== null && (
            <p role="status" className="font-semibold">
              Values changed since this answer. Predict again to update it.
            </p>
          )}
          {outcome?.ok === true && (
            <div className={stale ? "grayscale" : ""}>
              <Shown prediction={outcome.value} {...props}>
                <a href={`/history/${outcome.value.id}`} className={buttonClass()}>
                  Open this prediction
                </a>
              </Shown>
            </div>
          )}
          {outcome?.ok === true && saved}
          {describeShared(session).map(({ title, advice }) => (
            <Notice key={title} kind="caution" title={title}>
              <p>{advice}</p>
            </Notice>
          ))}
          {outcome?.ok === false && (
            <>
              <Notice
                kind="error"
                role="alert"
                title={TITLES[outcome.error.code] ?? "No prediction was made."}
              >
                <p>{outcome.error.message}</p>
                {PATH_FAILURES.has(outcome.error.code) && (
                  <p className="mt-2">
                    <a href="/path" className={buttonClass()}>
                      Test the path
                    </a>
                  </p>
                )}
              </Notice>
              {outcome.error.unsaved !== undefined && (
                <Shown prediction={outcome.error.unsaved} {...props}>
                  <Button kind="primary" onClick={onSaveAgain}>
                    Save again
                  </Button>
                </Shown>
              )}
            </>
          )}
        </>
      )}
    </section>
  );
}

const TITLES: Partial<Record<string, string>> = {
  not_one_case: "No answer: these values do not fit one case.",
  not_saved: "This result is not saved.",
  unknown_if_saved: "It is not known whether this result is saved.",
  model_unavailable: "The model did not answer.",
  timeout: "The model did not answer in time.",
};
const PATH_FAILURES = new Set([
  "model_unavailable",
  "timeout",
  "misconfigured",
  "bad_answer",
  "model_failed",
]);

function Shown({
  prediction,
  of,
  ask,
  onUse,
  children,
}: Pick<Props, "of" | "ask" | "onUse"> & {
  prediction: Placed<UnsavedPrediction>;
  children: ReactNode;
}) {
  const { values, typicality } = prediction;
  return (
    <GuessFirst key={values.join()} prediction={prediction}>
      <Answer
        prediction={prediction}
        of={of}
        under={({ scale }) => <TryRescaled {...{ scale, values, typicality, ask, onUse }} />}
      >
        {children}
      </Answer>
    </GuessFirst>
  );
}

/** Quick answers come before it shows, so that nothing flickers. */
const SHOWS_AFTER_MS = 300;

function Waiting({ of }: { of: ReactNode }) {
  const [seconds, setSeconds] = useState(-1);
  useEffect(() => {
    const first = setTimeout(() => setSeconds(0), SHOWS_AFTER_MS);
    const timer = setInterval(() => setSeconds((count) => count + 1), 1000);
    return () => {
      clearTimeout(first);
      clearInterval(timer);
    };
  }, []);
  return (
    <div className="min-h-96 overflow-clip rounded-card border border-line bg-surface">
      {seconds >= 0 && (
        <div className="grid gap-3 px-6 py-4">
          <p className="flex justify-between gap-3 text-ink-2 text-xs">
            <span>Answer</span>
            <span>{of}</span>
          </p>
          {["h-10 w-2/3", "h-4 w-5/6", "h-8 w-1/3", "h-6 w-full"].map((size) => (
            <div key={size} className={`rounded-sm bg-line ${size}`} />
          ))}
          <p role="status" className="text-ink-2">
            Asking the model…
            {/* Not read out every second. */}
            <span aria-hidden="true">{seconds > 0 && ` ${seconds} s`}</span>
          </p>
        </div>
      )}
    </div>
  );
}
