import "./table.css";
import type { ReactNode } from "react";
import { formatProbability } from "@/components/prediction/diagnosis";
import { BandPattern } from "@/components/prediction/probability-axis";
import { type Diagnosis, diagnosis, type Label, label } from "@/lib/contract";
import { capitalised, signed } from "@/lib/format";
import { withinList } from "@/lib/history/place";
import {
  DEFAULT_HISTORY_QUERY,
  type HistoryQuery,
  type HistoryRow,
  historyHref,
  type SortKey,
  sortBy,
} from "@/lib/history/query";
import { groupByDay, packRow, type WrittenRow } from "@/lib/history/rows";
import { formatClock, formatDayHeading, formatShortDay, type Locale } from "@/lib/locale";
import { cautionWords } from "@/lib/prediction/cautions";
import { rankReasons } from "@/lib/prediction/reasons";
import { outcomeStateOf } from "@/lib/prediction/tally";
import { valueText } from "@/lib/prediction/value";
import { type Answer, answerOf, POSITIVE } from "@/lib/prediction/words";
import { drawing, FEATURES } from "@/tables/current";
import { HeadInView } from "./head-in-view";
import { HistoryRows } from "./rows";

const LABELS: Record<string, string> = {
  date: "Date",
  diagnosis: "Answer",
  probability: "Probability",
  model: "Model",
  ...Object.fromEntries(FEATURES.map(({ key, label }) => [key, label])),
};

const ANSWERS = Object.fromEntries(
  label.options.map((one) => [one, { ...answerOf(one), title: capitalised(answerOf(one).word) }]),
) as Record<Label, Answer>;

const [first, last] = diagnosis.options.toSorted() as [Diagnosis, Diagnosis];
const ORDERS: Record<string, { ascending: string; descending: string }> = {
  date: { ascending: "oldest first", descending: "newest first" },
  // Sorted by the code.
  diagnosis: { ascending: `${answerOf(first).word} first`, descending: `${answerOf(last).word} first` },
  model: { ascending: "A to Z", descending: "Z to A" },
};
for (const feature of FEATURES) {
  if (feature.type === "number") continue;
  const [first, last] = [0, feature.levels.length - 1].map((place) => valueText(feature, place));
  ORDERS[feature.key] = { ascending: `${first} first`, descending: `${last} first` };
}
const SIZE_ORDER = { ascending: "smallest first", descending: "largest first" };

/** "Date, newest first": what a page of the history is sorted by. */
export const describeSort = ({ sort, direction }: Pick<HistoryQuery, "sort" | "direction">): string =>
  `${LABELS[sort] ?? sort}, ${(ORDERS[sort] ?? SIZE_ORDER)[direction]}`;

/**
 * How the table looks, said once: said in each of up to 3,000 cells, it makes most of the page. Cells are called by two
 * letters: bo(x), dr(awing), co(de), ti(me), an(swer), pr(obability), ou(tcome), re(ason), so(urce), n(umber), w(ord).
 */
const TABLE =
  "history w-full border-separate border-spacing-0 rounded-card border border-line bg-surface print:border-0";

const DRAWING_SIZE = 28;

/** The most columns beside which rows have a drawing: with more, drawings would be a third of the page's bytes. */
const MOST_DRAWN = 15;

/** What is chosen is a word. */
const CHOICES = new Set(FEATURES.flatMap(({ key, type }) => (type === "number" ? [] : [key])));

/** From which width on a measurement shows that nobody asked for: two where there is room, then a third. */
const UNASKED = ["max-[73.75rem]:hidden", "max-[73.75rem]:hidden", "max-[90rem]:hidden"];

/**
 * The predictions of one page, with a sorting link in every header. Where columns were chosen that may not fit, it scrolls
 * sideways in a region of its own.
 */
export function HistoryTable({
  query,
  rows,
  locale,
  now,
}: {
  query: HistoryQuery;
  rows: readonly HistoryRow[];
  locale: Locale;
  now: Date;
}) {
  const isChosen = query.columns.join() !== DEFAULT_HISTORY_QUERY.columns.join();
  const shown = query.columns.map((key, at) =>
    [isChosen ? "" : UNASKED[at], CHOICES.has(key) ? "w" : ""].filter(Boolean).join(" "),
  );
  const bands = bandsOf(rows);
  const groups = groupByDay(rows, ({ createdAt }) =>
    query.sort === "date" ? formatDayHeading(createdAt, locale, now) : "",
  );
  const write = writerOf({ query, locale, bands });
  const table = (
    <table className={`${TABLE} ${query.density} ${isChosen ? "wide" : ""}`}>
      <caption id="history-caption" className="sr-only">
        Predictions by {describeSort(query)}
      </caption>
      <colgroup>
        {["bo", "dr", "co", "ti", "an", "pr", "ou", "re"].map((name) => (
          <col key={name} className={name} />
        ))}
        {isChosen
          ? query.columns.length > 0 && <col span={query.columns.length} className="n" />
          : query.columns.map((key, at) => <col key={key} className={`n ${shown[at]}`.trimEnd()} />)}
        <col className="so" />
      </colgroup>
      <HistoryRows
        groups={groups.map((group) => ({ day: group.day, rows: group.rows.map(write) }))}
        answers={ANSWERS}
        bands={bands}
        shown={shown}
        within={withinList(query)}
      >
        <td className="dr" />
        <SortHeader query={query} column="date" className="co" colSpan={2}>
          Case
        </SortHeader>
        <SortHeader query={query} column="diagnosis" className="an" />
        <SortHeader query={query} column="probability">
          Probability<span className="sr-only"> of {POSITIVE.word}</span>
        </SortHeader>
        <th scope="col">Outcome</th>
        <th scope="col" className="re">
          Strongest reason
        </th>
        {query.columns.map((key, at) => (
          <SortHeader key={key} query={query} column={key} className={`n ${shown[at]}`} />
        ))}
        <SortHeader query={query} column="model" className="so">
          Source, model
        </SortHeader>
      </HistoryRows>
    </table>
  );
  return (
    <>
      <svg aria-hidden="true" width="0" height="0" className="absolute">
        <BandPattern />
      </svg>
      {isChosen ? (
        <section
          aria-labelledby="history-caption"
          // Scrolled with the arrow keys, so it takes the focus.
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable without a mouse
          tabIndex={0}
          className="relative overflow-x-auto print:overflow-visible"
        >
          {table}
          <HeadInView />
        </section>
      ) : (
        table
      )}
    </>
  );
}

type Band = readonly [from: number, to: number];

/** The different bands of the models of these rows: mostly one. */
function bandsOf(rows: readonly HistoryRow[]): Band[] {
  const bands = rows.flatMap(({ uncertain }): [string, Band][] =>
    uncertain === null ? [] : [[`${uncertain.from} ${uncertain.to}`, [uncertain.from, uncertain.to]]],
  );
  return [...new Map(bands).values()];
}

/** Writes each of a page's rows. */
function writerOf({
  query,
  locale,
  bands,
}: {
  query: HistoryQuery;
  locale: Locale;
  bands: readonly Band[];
}): (row: HistoryRow) => string {
  const shown = FEATURES.filter(({ key }) => query.columns.includes(key));
  return (row) => {
    const answer = row.label ?? row.diagnosis;
    const strongest = row.contributions === null ? undefined : rankReasons(row.contributions, row.values)[0];
    return packRow(
      {
        id: row.id,
        code: row.caseCode ?? "",
        at: `${row.createdAt.toISOString().slice(0, 19)}Z`,
        time:
          query.sort === "date" ? formatClock(row.createdAt, locale) : formatShortDay(row.createdAt, locale),
        answer,
        caution: (row.cautions ?? []).map(cautionWords).join(", "),
        probability: formatProbability(row.probability, row.threshold),
        band: String(
          bands.findIndex(([from, to]) => from === row.uncertain?.from && to === row.uncertain.to),
        ),
        ...outcomeOf(answer, row.outcome),
        reason: strongest?.label ?? "",
        push: strongest === undefined ? "" : signed(strongest.term, 1),
        from: `${row.source}, ${row.modelVersion}`,
        drawing:
          query.columns.length > MOST_DRAWN
            ? ""
            : (drawing?.thumb(row.values, { size: DRAWING_SIZE, span: drawing.rowSpan }) ?? ""),
      },
      shown.map((feature) => valueText(feature, row.values[feature.index] ?? Number.NaN)),
    );
  };
}

/** An outcome's word, and whether a certain answer was the same; an uncertain one neither agrees nor disagrees. */
function outcomeOf(answer: Label, outcome: Diagnosis | null): Pick<WrittenRow, "mark" | "outcome"> {
  if (outcome === null) return { mark: "", outcome: "" };
  const isOther = outcomeStateOf(answer, outcome) === "disagrees";
  return { mark: isOther ? "✕" : answer === outcome ? "✓" : "", outcome: answerOf(outcome).word };
}

function SortHeader({
  query,
  column,
  className,
  colSpan,
  children,
}: {
  query: HistoryQuery;
  column: SortKey;
  className?: string;
  colSpan?: number;
  /** In place of the column's own label. */
  children?: ReactNode;
}) {
  const isSorted = query.sort === column;
  return (
    <th
      scope="col"
      colSpan={colSpan}
      aria-sort={isSorted ? query.direction : undefined}
      className={className}
    >
      <a href={historyHref(sortBy(query, column))}>
        {children ?? LABELS[column]}
        {isSorted && <span aria-hidden="true"> {query.direction === "ascending" ? "↑" : "↓"}</span>}
      </a>
    </th>
  );
}
