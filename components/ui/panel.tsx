import type { ReactNode } from "react";

/** A part of a page under a heading of its own; `wide` over both columns, where the page has two. */
export function Panel({
  title,
  id,
  wide = false,
  className = "",
  children,
}: {
  title: string;
  id?: string;
  wide?: boolean;
  className?: string;
  children: ReactNode;
}) {
  return (
    <section
      id={id}
      aria-label={title}
      className={`grid min-w-0 gap-3 rounded-md border border-line bg-surface p-3 sm:p-4 print:p-2 ${wide ? "lg:col-span-2" : ""} ${className}`}
    >
      <h2 className="font-semibold">{title}</h2>
      {children}
    </section>
  );
}
