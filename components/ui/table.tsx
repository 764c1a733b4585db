import type { ReactNode } from "react";

/** How cells look, said once for all of a table; a number's cell is `numeric`. */
const CELLS =
  "[&_tbody_:is(th,td)]:px-4 [&_tbody_:is(th,td)]:py-1.5 [&_tbody_th]:text-left [&_tbody_th]:font-normal [&_tbody_tr]:border-line [&_tbody_tr:not(:last-child)]:border-b [&_tbody_tr:hover]:bg-sunken [&_.bo]:w-12 [&_.bo]:px-2! [&_thead_td]:border-line [&_thead_td]:border-y [&_thead_td]:bg-sunken [&_.numeric]:whitespace-nowrap [&_.numeric]:text-right [&_.numeric]:font-mono [&_.numeric]:text-[13px]";

/** A table that scrolls sideways in a region of its own; `id` is its caption's. */
export function ScrollTable({
  id,
  caption,
  className = "",
  children,
}: {
  id: string;
  caption: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  return (
    <section
      aria-labelledby={id}
      // Scrolled with the arrow keys, so it takes the focus.
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable without a mouse
      tabIndex={0}
      className={`relative overflow-x-auto rounded-card border border-line bg-surface print:overflow-visible ${className}`}
    >
      <table className={`w-full border-collapse ${CELLS}`}>
        <caption id={id} className="px-4 py-2 text-left text-ink-2 text-xs">
          {caption}
        </caption>
        {children}
      </table>
    </section>
  );
}

/** The head of a column of such a table. */
export function ColumnHead({ children, numeric = false }: { children: ReactNode; numeric?: boolean }) {
  return (
    <th
      scope="col"
      className={`border-line border-y bg-sunken px-4 py-2 font-medium text-ink-2 text-xs ${numeric ? "text-right" : "text-left"}`}
    >
      {children}
    </th>
  );
}
