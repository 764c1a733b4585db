import type { ReactNode } from "react";
import { DiagnosisMark, formatProbability } from "@/components/diagnosis";
import { SelectAllBox, SelectBox } from "@/components/history-selection";
import { Timestamp } from "@/components/timestamp";
import { type HistoryQuery, historyHref, type SortKey, sortBy } from "@/lib/history-query";
import type { HistoryRow } from "@/lib/schema";
import { FEATURES } from "@/model/features";

const LABELS: Record<string, string> = {
  date: "Date",
  diagnosis: "Diagnosis",
  probability: "Probability",
  model: "Model",
  ...Object.fromEntries(FEATURES.map(({ key, label }) => [key, label])),
};

const ORDERS: Record<string, { ascending: string; descending: string }> = {
  date: { ascending: "oldest first", descending: "newest first" },
  diagnosis: { ascending: "benign first", descending: "malignant first" },
  model: { ascending: "A to Z", descending: "Z to A" },
};
const SIZE_ORDER = { ascending: "smallest first", descending: "largest first" };

/** "date, newest first": what a page of the history is sorted by. */
function describeSort({ sort, direction }: Pick<HistoryQuery, "sort" | "direction">): string {
  const label = LABELS[sort] ?? sort;
  const name = label.charAt(0).toLowerCase() + label.slice(1);
  return `${name}, ${(ORDERS[sort] ?? SIZE_ORDER)[direction]}`;
}

// Said once for the table: said in each of up to 3,000 cells, it makes most of the page.
const NUMBER_CELLS =
  "[&_.n]:whitespace-nowrap [&_.n]:px-3 [&_.n]:py-1 [&_.n]:text-right [&_.n]:font-mono [&_.n]:text-[13px] [&_.n]:tabular-nums";

/** The predictions of one page, with a sorting link in every header; scrolls sideways in a region of its own. */
export function HistoryTable({ query, rows }: { query: HistoryQuery; rows: readonly HistoryRow[] }) {
  return (
    <section
      aria-labelledby="history-caption"
      // Scrolled with the arrow keys, so it takes the focus.
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable without a mouse
      tabIndex={0}
      className="relative overflow-x-auto rounded-md border border-line bg-surface"
    >
      <table className="w-full border-collapse text-sm">
        <caption id="history-caption" className="px-3 py-2 text-left text-ink-muted">
          Predictions by {describeSort(query)}
        </caption>
        <thead>
          <tr className="border-line border-b align-bottom">
            <SelectAllBox ids={rows.map(({ id }) => id)} />
            <SortHeader query={query} column="date" sticky />
            <SortHeader query={query} column="diagnosis" />
            <SortHeader query={query} column="probability" numeric>
              <span className="block font-normal text-ink-muted text-xs">of malignant</span>
            </SortHeader>
            {query.columns.map((key) => (
              <SortHeader key={key} query={query} column={key} numeric />
            ))}
            <SortHeader query={query} column="model" />
          </tr>
        </thead>
        <tbody className={NUMBER_CELLS}>
          {rows.map((row) => (
            <tr key={row.id} className="border-line border-b last:border-b-0 hover:bg-canvas">
              <SelectBox id={row.id} at={row.createdAt} />
              <th scope="row" className="sticky left-0 bg-surface px-3 py-1 text-left font-normal">
                <a
                  href={`/history/${row.id}`}
                  className="inline-block py-0.5 underline decoration-line underline-offset-4 hover:decoration-ink"
                >
                  <Timestamp at={row.createdAt} />
                </a>
              </th>
              <td className="px-3 py-1">
                <DiagnosisMark diagnosis={row.diagnosis} label={row.label} />
              </td>
              <td className="n">{formatProbability(row.probability, row.threshold)}</td>
              {query.columns.map((key, index) => (
                <td key={key} className="n">
                  {String(row.values[index])}
                </td>
              ))}
              <td className="px-3 py-1 text-ink-muted">{row.modelVersion}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function SortHeader({
  query,
  column,
  numeric = false,
  sticky = false,
  children,
}: {
  query: HistoryQuery;
  column: SortKey;
  numeric?: boolean;
  sticky?: boolean;
  /** A second line under the label. */
  children?: ReactNode;
}) {
  const sorted = query.sort === column;
  return (
    <th
      scope="col"
      aria-sort={sorted ? query.direction : undefined}
      className={`px-3 py-1.5 font-semibold ${numeric ? "text-right" : "text-left"} ${sticky ? "sticky left-0 bg-surface" : ""}`}
    >
      <a href={historyHref(sortBy(query, column))} className="inline-block min-h-6 hover:underline">
        {LABELS[column]}
        {sorted && <span aria-hidden="true"> {query.direction === "ascending" ? "↑" : "↓"}</span>}
        {children}
      </a>
    </th>
  );
}
