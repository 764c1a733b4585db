"use client";

import { useRouter } from "next/navigation";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { Card } from "@/components/ui/card";
import { isAtRest, type Progress, quarterOf, rateText, timeLeft } from "@/lib/batch/progress";
import { ProgressBar } from "./progress-bar";

/** How often what the server draws is drawn anew while rows are answered. */
const DRAWN_EVERY_MS = 1_000;

const Latest = createContext<Progress | null>(null);

/**
 * Follows a batch as long as something happens to it: numbers within as they come, what the server draws once a second, and
 * the next step when its state changes. `title` is the page's, before which the number stands meanwhile. Says each quarter,
 * and no more.
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
    let drawn = performance.now();
    events.onmessage = ({ data }) => {
      const next = JSON.parse(data) as Progress;
      setTold(next);
      const isSame = next.state === state && next.isWorkedOn === isWorkedOn;
      if (isSame && performance.now() - drawn < DRAWN_EVERY_MS) return;
      drawn = performance.now();
      router.refresh();
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
export function ProgressCard({ first, about }: { first: Progress; about: string }) {
  const latest = useContext(Latest) ?? first;
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
