import type { ReactNode } from "react";

/** A part of a page under a heading of its own; `caption` is a sentence that says what it shows. */
export function Card({
  title,
  id,
  caption,
  className = "",
  children,
}: {
  title: string;
  id?: string;
  caption?: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  return (
    <section
      id={id}
      aria-label={title}
      className={`min-w-0 rounded-card border border-line bg-surface p-4 sm:px-6 sm:pt-5 sm:pb-6 print:break-inside-avoid print:p-2 ${className}`}
    >
      <h2 className="font-semibold text-base">{title}</h2>
      {caption !== undefined && <p className="max-w-[64ch] text-ink-2 text-xs">{caption}</p>}
      <div className="mt-3 grid gap-3 [&>*]:min-w-0">{children}</div>
    </section>
  );
}
