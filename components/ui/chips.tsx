import { buttonClass } from "@/components/ui/button";

/** The filters that are on, each a link to the list without it, and one to the list without any. */
export function Chips({
  chips,
  clear,
}: {
  chips: readonly { label: string; href: string }[];
  clear: string;
}) {
  if (chips.length === 0) return null;
  return (
    <nav aria-label="Filters that are on" className="flex flex-wrap items-center gap-2 print:hidden">
      {chips.map(({ label, href }) => (
        <a
          key={label}
          href={href}
          aria-label={`Take off: ${label}`}
          className="inline-flex min-h-7 items-center gap-1.5 rounded-full border border-ink-3 bg-surface px-3 hover:border-ink"
        >
          {label} <span aria-hidden="true">✕</span>
        </a>
      ))}
      <a href={clear} className={buttonClass("quiet")}>
        Clear the filters
      </a>
    </nav>
  );
}
