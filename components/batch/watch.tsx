"use client";

import { useRouter } from "next/navigation";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { ProbabilityAxis } from "@/components/prediction/probability-axis";
import { Card } from "@/components/ui/card";
import { axisTally, isAtRest, type Progress, quarterOf, rateText, timeLeft } from "@/lib/batch/progress";
import { AnswersCard } from "./answers-card";
import { ProgressBar } from "./progress-bar";

const Latest = createContext<Progress | null>(null);

function useLatest(): Progress {
  const latest = useContext(Latest);
  if (latest === null) throw new Error("This stands in no Watch.");
  return latest;
}

/**
 * Follows a batch as long as something happens to it, and asks the server for the page of its next state. Until then nothing
 * is asked for: Next would read out the page's title each time, which counts. `title` is what it is otherwise. Each quarter
 * is spoken, and no more.
 */
export function Watch({
  id,
  first,
  title,
  children,
}: {
  id: string;
  first: Progress;
  title: string;
  children: ReactNode;
}) {
  const [told, setTold] = useState(first);
  const router = useRouter();
  const { state, isWorkedOn } = first;

  useEffect(() => {
    if (isAtRest({ state, isWorkedOn })) return;
    // It connects again by itself, as after a server that was started again; an end that was missed then comes once more.
    const events = new EventSource(`/batch/${id}/events`);
    events.onmessage = ({ data }) => {
      const next = JSON.parse(data) as Progress;
      setTold(next);
      const hasStopped = state !== "running" && next.isWorkedOn !== isWorkedOn;
      if (next.state !== state || hasStopped) router.refresh();
    };
    return () => events.close();
  }, [id, state, isWorkedOn, router]);

  const latest = told.state === state && told.done >= first.done ? told : first;
  const { done, total } = latest;
  useEffect(() => {
    if (state !== "running") return;
    document.title = `${done.toLocaleString("en")} of ${total.toLocaleString("en")} · ${title}`;
    return () => {
      document.title = title;
    };
  }, [state, done, total, title]);

  const quarter = state === "running" || state === "finished" ? quarterOf(latest) : 0;
  return (
    <Latest value={latest}>
      <p aria-live="polite" className="sr-only">
        {quarter > 0 &&
          (quarter === 4 ? "All rows are answered." : `${25 * quarter} % of the rows are answered.`)}
      </p>
      {children}
    </Latest>
  );
}

/** How many rows are answered, of how many, and how long the rest takes; `about` says of which file, and where. */
export function ProgressCard({ about }: { about: string }) {
  const latest = useLatest();
  const isRunning = latest.state === "running";
  return (
    <Card title="Progress">
      <p className="flex flex-wrap items-baseline gap-x-2.5" data-varies="">
        <span className="font-medium text-answer tracking-tight">{latest.done.toLocaleString("en")}</span>
        <span className="text-base text-ink-2">of {latest.total.toLocaleString("en")} answered</span>
        <span className="ml-auto text-ink-2">{isRunning ? timeLeft(latest) : "paused"}</span>
      </p>
      <ProgressBar label="Answered" done={latest.done} of={latest.total} />
      <p className="break-words text-ink-2 text-xs">
        {[about, rateText(latest), isRunning && "you may leave this page, it goes on"]
          .filter(Boolean)
          .join(" · ")}
      </p>
    </Card>
  );
}

/** The answers so far. */
export function AnswersSoFar() {
  return <AnswersCard title="Answers so far" tally={useLatest().tally} />;
}

/** Where their probabilities lie. */
export function ProbabilitiesSoFar() {
  const { tally, band } = useLatest();
  return (
    <Card
      title="Probabilities so far"
      caption="Heights grow with the square root of the count, so that single uncertain cases stay visible beside hundreds of clear ones."
    >
      <ProbabilityAxis tally={axisTally(tally)} band={band} size="tall" what="rows" />
    </Card>
  );
}
