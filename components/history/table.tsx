import type { ReactNode } from "react";
import { formatProbability } from "@/components/prediction/diagnosis";
import { type Diagnosis, diagnosis, type Label, label } from "@/lib/contract";
import { cautionWords } from "@/lib/history/filters";
import { type HistoryQuery, type HistoryRow, historyHref, type SortKey, sortBy } from "@/lib/history/query";
import type { Locale } from "@/lib/locale";
import { type Answer, answerOf, POSITIVE } from "@/lib/prediction/words";
import { FEATURE_KEYS, FEATURES } from "@/tables/current";
import { HistoryRows } from "./rows";
import { SelectAllBox } from "./selection";

const LABELS: Record<string, string> = {
  date: "Date",
  diagnosis: "Diagnosis",
  probability: "Probability",
  model: "Model",
  ...Object.fromEntries(FEATURES.map(({ key, label }) => [key, label])),
};

const ANSWERS = Object.fromEntries(label.options.map((one) => [one, answerOf(one)])) as Record<Label, Answer>;

const [first, last] = diagnosis.options.toSorted() as [Diagnosis, Diagnosis];
const ORDERS: Record<string, { ascending: string; descending: string }> = {
  date: { ascending: "oldest first", descending: "newest first" },
  // Sorted by the code.
  diagnosis: { ascending: `${answerOf(first).word} first`, descending: `${answerOf(last).word} first` },
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
const CELLS =
  "[&_td]:px-3 [&_th]:px-3 [&_.n]:whitespace-nowrap [&_.n]:text-right [&_.n]:font-mono [&_.n]:text-[13px] [&_.n]:tabular-nums";
const DENSITY = {
  comfortable: "[&_td]:py-1 [&_th]:py-1",
  compact: "leading-5 [&_td]:py-0 [&_th]:py-0",
} as const;
/** A phone is too narrow for a table: there each row is a card, and each cell says what it is. */
const CARDS =
  "max-sm:block max-sm:[&_tr]:block max-sm:[&_tr]:py-2 max-sm:[&_th]:block max-sm:[&_th]:bg-transparent max-sm:[&_td]:flex max-sm:[&_td:first-child]:float-right max-sm:[&_td:first-child]:relative max-sm:[&_td:first-child]:z-1 max-sm:[&_td:first-child]:w-auto max-sm:[&_td]:justify-between max-sm:[&_td]:gap-4 max-sm:[&_td]:py-0.5 max-sm:[&_td]:before:font-sans max-sm:[&_td]:before:text-ink-2 max-sm:[&_td]:before:content-[attr(data-label)]";

/** The predictions of one page, with a sorting link in every header; scrolls sideways in a region of its own. */
export function HistoryTable({
  query,
  rows,
  locale,
}: {
  query: HistoryQuery;
  rows: readonly HistoryRow[];
  locale: Locale;
}) {
  return (
    <section
      aria-labelledby="history-caption"
      // Scrolled with the arrow keys, so it takes the focus.
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable without a mouse
      tabIndex={0}
      className="relative rounded-field border border-line bg-surface sm:max-h-[85vh] sm:overflow-auto"
    >
      <table className="w-full border-collapse text-sm max-sm:block">
        <caption id="history-caption" className="px-3 py-2 text-left text-ink-2 max-sm:block">
          Predictions by {describeSort(query)}
        </caption>
        <thead className="max-sm:sr-only sm:sticky sm:top-0 sm:z-10 sm:bg-surface">
          <tr className="border-line border-b align-bottom">
            <SelectAllBox ids={rows.map(({ id }) => id)} />
            <SortHeader query={query} column="date" sticky />
            <SortHeader query={query} column="diagnosis" />
            <SortHeader query={query} column="probability" numeric>
              <span className="block font-normal text-ink-2 text-xs">of {POSITIVE.word}</span>
            </SortHeader>
            {query.columns.map((key) => (
              <SortHeader key={key} query={query} column={key} numeric />
            ))}
            <SortHeader query={query} column="model" />
          </tr>
        </thead>
        <tbody className={`${CELLS} ${DENSITY[query.density]} ${CARDS}`}>
          <HistoryRows
            rows={rows.map(
              ({
                id,
                createdAt,
                diagnosis,
                label,
                modelVersion,
                threshold,
                probability,
                cautions,
                values,
              }) => ({
                ...{ id, createdAt, diagnosis, label, modelVersion },
                values: query.columns.map((key) => values[FEATURE_KEYS.indexOf(key)] ?? Number.NaN),
                caution: (cautions ?? []).map(cautionWords).join(", "),
                probability: formatProbability(probability, threshold),
              }),
            )}
            labels={query.columns.map((key) => LABELS[key] ?? key)}
            answers={ANSWERS}
            locale={locale}
          />
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
