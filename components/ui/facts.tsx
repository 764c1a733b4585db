import type { ReactNode } from "react";

/** A list of names and what is known under each. */
export function Facts({
  facts,
  className = "",
}: {
  facts: readonly (readonly [name: string, value: ReactNode])[];
  className?: string;
}) {
  return (
    <dl
      className={`grid grid-cols-[fit-content(9rem)_minmax(0,1fr)] gap-x-4 sm:grid-cols-[auto_minmax(0,1fr)] gap-y-1 ${className}`}
    >
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-ink-2">{name}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
