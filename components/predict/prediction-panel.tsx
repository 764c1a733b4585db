"use client";

import { type Ref, useEffect, useState } from "react";
import { Answer } from "@/components/prediction/answer";
import { type AskTried, TryRescaled } from "@/components/prediction/try-rescaled";
import { Button, buttonClass } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { type Refusal, RefusalNotice } from "@/components/ui/refusal";
import type { Placed, PredictOutcome, Typicality, UnsavedPrediction } from "@/lib/contract";
import { signed } from "@/lib/format";
import { describeShared } from "@/lib/prediction/cautions";
import { rankReasons, WHY_OPPOSED } from "@/lib/prediction/reasons";
import { NEGATIVE, POSITIVE, shapeAndWord } from "@/lib/prediction/words";
import { FEATURES } from "@/tables/current";

type Props = {
  outcome: PredictOutcome | Refusal | null;
  /** Whether a value was edited since. */
  stale: boolean;
  pending: boolean;
  /** By what factors the cases of this session look multiplied, each in turn. */
  session: readonly Typicality["scales"][];
  onSaveAgain: () => void;
  /** Asks the model for other values, without saving. */
  ask: AskTried;
  /** Puts other values into the form. */
  onUse: (values: readonly number[], message: string) => void;
  ref: Ref<HTMLElement>;
};

/** The form's answer, beside it: nothing yet, waiting, a result, or what went wrong. */
export function PredictionPanel({
  outcome: shown,
  stale,
  pending,
  session,
  onSaveAgain,
  ask,
  onUse,
  ref,
}: Props) {
  const refusal = shown !== null && "why" in shown ? shown : null;
  const outcome = shown !== null && "ok" in shown ? shown : null;
  return (
    <section
      ref={ref}
      aria-labelledby="result-heading"
      className="@min-[58rem]:sticky @min-[58rem]:top-3 grid gap-3 rounded-field border border-line bg-surface p-4"
    >
      <h2 id="result-heading" className="font-semibold">
        Result
      </h2>
      <div aria-live="polite" aria-busy={pending} className="grid gap-3">
        {pending && <Waiting />}
        {!pending && refusal !== null && <RefusalNotice refusal={refusal} kept="values" />}
        {!pending && shown === null && (
          <p className="text-ink-2">
            Fill in the {FEATURES.length} measurements, take a sample, or paste a row. The result appears here
            and stays in the history.
          </p>
        )}
        {!pending && stale && outcome !== null && (
          <p className="font-semibold">Values changed since this result. Predict again to update it.</p>
        )}
        {!pending && outcome?.ok === true && (
          <div className={`grid gap-3 ${stale ? "grayscale" : ""}`}>
            <Result prediction={outcome.value} ask={ask} onUse={onUse} />
            <a href={`/history/${outcome.value.id}`} className={`${buttonClass()} justify-center`}>
              Open in the history
            </a>
          </div>
        )}
        {!pending &&
          describeShared(session).map(({ title, advice }) => (
            <Notice key={title} kind="caution" title={title}>
              <p className="text-sm">{advice}</p>
            </Notice>
          ))}
        {!pending && outcome?.ok === false && (
          <>
            <Notice
              kind={outcome.error.code === "not_one_case" ? "caution" : "error"}
              role="alert"
              title={TITLES[outcome.error.code] ?? "No prediction was made."}
            >
              <p>{outcome.error.message}</p>
            </Notice>
            {outcome.error.unsaved !== undefined && (
              <>
                <Result prediction={outcome.error.unsaved} ask={ask} onUse={onUse} />
                <Button kind="primary" onClick={onSaveAgain}>
                  Save again
                </Button>
              </>
            )}
          </>
        )}
      </div>
    </section>
  );
}

const TITLES: Partial<Record<string, string>> = {
  not_one_case: "No answer: these values do not fit one case.",
  not_saved: "This result is not saved.",
};

function Waiting() {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((count) => count + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <p className="text-ink-2">
      Asking the model…{/* Not read out every second. */}
      <span aria-hidden="true">{seconds > 0 && ` ${seconds} s`}</span>
    </p>
  );
}

const TOP_REASONS = 5;

function Reason({ label, term }: { label: string; term: number }) {
  const speaksFor = term > 0 ? POSITIVE : NEGATIVE;
  return (
    <span className="flex justify-between gap-2">
      <span>{label}</span>
      <span className={`whitespace-nowrap tabular-nums ${speaksFor.colour}`}>
        {shapeAndWord(speaksFor)} {signed(term)}
      </span>
    </span>
  );
}

function Result({
  prediction,
  ask,
  onUse,
}: {
  prediction: Placed<UnsavedPrediction>;
  ask: AskTried;
  onUse: (values: readonly number[], message: string) => void;
}) {
  const { contributions, values, typicality } = prediction;
  return (
    <>
      <Answer
        prediction={prediction}
        under={({ scale }) => <TryRescaled {...{ scale, values, typicality, ask, onUse }} />}
      />
      {contributions !== null && (
        <div>
          <h3 className="font-semibold text-sm">Strongest reasons</h3>
          <ul className="text-sm">
            {rankReasons(contributions)
              .slice(0, TOP_REASONS)
              .map(({ key, label, term, members }) => (
                <li key={key}>
                  {members.length === 0 ? (
                    <Reason label={label} term={term} />
                  ) : (
                    <details>
                      <summary className="min-h-6">
                        <span className="inline-block w-[calc(100%-1.25rem)] align-top">
                          <Reason label={label} term={term} />
                        </span>
                      </summary>
                      <ul className="pl-5 text-ink-2">
                        {members.map((member) => (
                          <li key={member.key}>
                            <Reason {...member} />
                          </li>
                        ))}
                      </ul>
                      <p className="pb-1 pl-5 text-ink-2 text-xs">{WHY_OPPOSED}</p>
                    </details>
                  )}
                </li>
              ))}
          </ul>
        </div>
      )}
      <p className="text-ink-2 text-sm">
        <a href="/model" className="underline underline-offset-4">
          {prediction.modelName} {prediction.modelVersion}
        </a>
        , {prediction.backend}
      </p>
    </>
  );
}
