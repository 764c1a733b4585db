"use client";

import { type ReactNode, useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Shape } from "@/components/ui/shape";
import type { Diagnosis, Label, Placed, UnsavedPrediction } from "@/lib/contract";
import { caseKey, GUESSES, type Guess, type Guessed } from "@/lib/prediction/guesses";
import { answerOf } from "@/lib/prediction/words";
import { TallyTable } from "./guess-tally";
import { useGuesses, useGuessFirst } from "./kept-guesses";

/** Turns it on and off that answers stay hidden until a guess is made; hidden without a script, which it needs. */
export function GuessFirstSwitch({ isOn }: { isOn: boolean }) {
  const [now, turn] = useGuessFirst(isOn);
  return (
    <label className="inline-flex min-h-control items-center gap-2 justify-self-start noscript:hidden">
      <input
        type="checkbox"
        checked={now}
        onChange={({ currentTarget }) => turn(currentTarget.checked)}
        className="size-4 accent-ink"
      />
      Guess first
    </label>
  );
}

const CARD = "grid gap-3 rounded-card border border-line bg-surface px-4 py-4 sm:px-6 print:hidden";

/**
 * Hides an answer, its children, until a guess at the case is made, where that is turned on; then it says above the answer
 * how guess and model compare. `isOn`: what the page was made by, so that no answer is seen for a moment; without a script
 * the answer is shown on demand.
 */
export function GuessFirst({
  prediction: { values, label, diagnosis, trainingRow },
  outcome = null,
  isOn = false,
  meanwhile,
  children,
}: {
  prediction: Pick<Placed<UnsavedPrediction>, "values" | "label" | "diagnosis" | "trainingRow">;
  /** What was confirmed later, where something was. */
  outcome?: Diagnosis | null;
  isOn?: boolean;
  /** What of the case is seen while the answer is hidden, where the page has it nowhere else. */
  meanwhile?: ReactNode;
  children: ReactNode;
}) {
  const [isFirst] = useGuessFirst(isOn);
  const { guesses, add } = useGuesses();
  const [isSkipped, setSkipped] = useState(false);
  const [hasJustGuessed, setJustGuessed] = useState(false);
  const compared = useRef<HTMLElement>(null);
  const id = caseKey(values);
  const made = guesses.find((one) => one.id === id);

  useEffect(() => {
    // The button that was pressed is gone.
    if (hasJustGuessed) compared.current?.focus();
  }, [hasJustGuessed]);

  if (!isFirst || isSkipped) return children;
  if (made !== undefined) {
    return (
      <div className="grid gap-4 [&>*]:min-w-0">
        <section ref={compared} tabIndex={-1} aria-label="Your guess" className={CARD}>
          <Compared made={made} />
          <TallyTable guesses={guesses} />
        </section>
        {children}
      </div>
    );
  }
  const guess = (said: Guess) => {
    setJustGuessed(true);
    add({ id, guess: said, model: label ?? diagnosis, truth: outcome ?? trainingRow?.truth ?? null });
  };
  return (
    <div className="grid gap-4 [&>*]:min-w-0">
      <section aria-label="Your guess" className={CARD}>
        <div className="flex flex-wrap items-center justify-between gap-x-4">
          <h2 className="font-semibold text-base">What is your guess?</h2>
          <GuessFirstSwitch isOn={isOn} />
        </div>
        <p>The answer is hidden until you have guessed.</p>
        <div className="flex flex-wrap gap-2 noscript:hidden">
          {GUESSES.map((said) => (
            <Button key={said} onClick={() => guess(said)}>
              <Shape shape={answerOf(said).shape} className={answerOf(said).colour} />
              {said === "uncertain" ? "Leave it to a person" : answerOf(said).title}
            </Button>
          ))}
        </div>
        <details
          onToggle={({ currentTarget }) => {
            if (currentTarget.open) setSkipped(true);
          }}
        >
          <summary className="inline-flex min-h-6 items-center text-ink-2 text-xs underline decoration-ink-3">
            Show the answer without a guess
          </summary>
          {children}
        </details>
      </section>
      {meanwhile}
    </div>
  );
}

function Compared({ made }: { made: Guessed }) {
  return (
    <p className="flex flex-wrap gap-x-6 gap-y-1 text-base">
      <span>
        You said <Said answer={made.guess} />
      </span>
      <span>
        The model says <Said answer={made.model} />
      </span>
      {made.truth !== null && (
        <span>
          In truth <Said answer={made.truth} />
        </span>
      )}
    </p>
  );
}

function Said({ answer }: { answer: Label }) {
  const { shape, word, colour } = answerOf(answer);
  return (
    <span className={`inline-flex items-baseline gap-1 font-medium ${colour}`}>
      <Shape shape={shape} />
      {word}
    </span>
  );
}
