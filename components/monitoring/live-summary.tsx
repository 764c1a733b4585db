import type { Summary } from "@/lib/monitoring/performance";
import { summaryOf } from "./in-use";

/** How predictions fared against recorded outcomes, in one line that leads to the figures; nothing where they cannot be read. */
export function LiveSummary({ performance }: { performance: Summary | null }) {
  if (performance === null) return null;
  return (
    <p className="text-ink-2 text-sm">
      In use here: {summaryOf(performance)}{" "}
      <a href="/model#in-use" className="underline underline-offset-4">
        {performance.confirmed === 0 ? "What outcomes would show" : "All figures"}
      </a>
    </p>
  );
}
