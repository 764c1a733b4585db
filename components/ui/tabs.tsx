import type { ReactNode } from "react";

/** Links to the views of one list; `current` is the one that is shown. In a box of its own they scroll sideways. */
export function Tabs({
  label,
  tabs,
  current,
}: {
  label: string;
  tabs: readonly { href: string; name: ReactNode; key: string; count?: string }[];
  current: string | null;
}) {
  return (
    <nav aria-label={label} className="-m-1 flex min-w-0 gap-1 overflow-x-auto p-1">
      {tabs.map(({ href, name, key, count }) => (
        <a
          key={key}
          href={href}
          aria-current={key === current ? "page" : undefined}
          className="inline-flex min-h-control flex-none items-center gap-1.5 whitespace-nowrap rounded-field px-3 font-medium text-ink-2 hover:text-ink aria-[current]:forced-color-adjust-none aria-[current]:bg-ink aria-[current]:text-on-ink"
        >
          {name}
          {count !== undefined && <span className="font-normal text-xs">{count}</span>}
        </a>
      ))}
    </nav>
  );
}
