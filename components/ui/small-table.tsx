import type { ReactNode } from "react";

/**
 * A table of few columns, the first of them headers of their rows; one that `scrolls` sideways, in a region of its own, breaks
 * no line.
 */
export function SmallTable({
  caption,
  heads,
  rows,
  scrolls = false,
}: {
  caption: string;
  heads: readonly string[];
  /** The first of each is a text that no other has. */
  rows: readonly (readonly ReactNode[])[];
  scrolls?: boolean;
}) {
  const table = (
    <table className="w-full border-collapse text-sm tabular-nums">
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr className="border-line border-b text-ink-2 text-xs">
          {heads.map((head, i) => (
            <th
              key={head}
              scope="col"
              className={`py-1 font-normal ${i === 0 ? "text-left" : "pl-2 text-right"}`}
            >
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([first, ...rest]) => (
          <tr key={String(first)} className="border-line border-b last:border-b-0">
            <th
              scope="row"
              className={`py-0.5 text-left font-normal ${scrolls ? "whitespace-nowrap pr-2" : ""}`}
            >
              {first}
            </th>
            {rest.map((cell, i) => (
              <td
                key={heads[i + 1]}
                className={`py-0.5 pl-2 text-right ${scrolls ? "whitespace-nowrap" : "sm:whitespace-nowrap"}`}
              >
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
  if (!scrolls) return table;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable without a mouse
    <section tabIndex={0} aria-label={caption} className="relative overflow-x-auto">
      {table}
    </section>
  );
}
