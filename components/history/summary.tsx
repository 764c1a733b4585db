import { ProbabilityAxis } from "@/components/prediction/probability-axis";
import { Shape } from "@/components/ui/shape";
import type { Label, UncertainBand } from "@/lib/contract";
import { capitalised } from "@/lib/format";
import { type HistoryQuery, historyHref } from "@/lib/history/query";
import { ANSWER_VIEWS } from "@/lib/history/views";
import { countAsked, type Tally } from "@/lib/prediction/tally";
import { answerOf } from "@/lib/prediction/words";

/** What the filters show, at a glance: how many of each answer, and where their probabilities lie. */
export function Summary({
  query,
  tally,
  band,
}: {
  query: HistoryQuery;
  tally: Tally;
  band: UncertainBand | null;
}) {
  return (
    <section
      aria-label="Summary"
      className="grid grid-cols-[minmax(0,1fr)] items-center gap-x-7 gap-y-3 rounded-card border border-line bg-surface px-4 pt-3 pb-2 sm:px-5 min-[67.5rem]:grid-cols-[auto_minmax(0,1fr)] print:hidden"
    >
      <ul className="flex flex-wrap gap-x-5 gap-y-2 max-sm:justify-between">
        {ANSWER_VIEWS.map((labels) => (
          <li key={labels.join()}>
            <Count query={query} tally={tally} labels={labels} />
          </li>
        ))}
      </ul>
      <div className="px-2">
        <ProbabilityAxis tally={tally} band={band} />
      </div>
    </section>
  );
}

function Count({ query, tally, labels }: { query: HistoryQuery; tally: Tally; labels: readonly Label[] }) {
  const { word, shape, colour } = answerOf(labels[0] as Label);
  const count = countAsked(tally, { labels, outcome: null });
  return (
    <a
      href={historyHref(query, { filters: { ...query.filters, labels }, cursor: null })}
      className="group grid"
      aria-label={`${count.toLocaleString("en")}${tally.exact ? "" : " or more"} ${word}`}
    >
      <span className="font-medium text-xl">
        {count.toLocaleString("en")}
        {!tally.exact && "+"}
      </span>
      <span
        className={`${colour} inline-flex items-baseline gap-[0.4em] whitespace-nowrap font-medium decoration-1 underline-offset-4 group-hover:underline`}
      >
        <Shape shape={shape} />
        {capitalised(word)}
      </span>
    </a>
  );
}
