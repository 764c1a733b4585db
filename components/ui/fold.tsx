import type { ReactNode } from "react";

/** What is shown on demand, under a line that says what it is. */
export function Fold({ summary, children }: { summary: string; children: ReactNode }) {
  return (
    <details>
      <summary className="inline-flex min-h-6 items-center underline decoration-ink-3 underline-offset-4 hover:decoration-ink">
        {summary}
      </summary>
      <div className="mt-2 grid gap-3 [&>*]:min-w-0">{children}</div>
    </details>
  );
}
