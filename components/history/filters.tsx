import { LevelFilters } from "@/components/prediction/level-filters";
import { MeasurementRange } from "@/components/prediction/measurement-range";
import { Button } from "@/components/ui/button";
import { Chips } from "@/components/ui/chips";
import { fieldClass } from "@/components/ui/field";
import { Choice, Fieldset, TextField, Tick } from "@/components/ui/filter-fields";
import { Menu } from "@/components/ui/menu";
import { label, SOURCES } from "@/lib/contract";
import { chipsOf, NO_FILTERS, OUTCOME_FILTERS } from "@/lib/history/filters";
import { type HistoryQuery, historyHref, historyParameters } from "@/lib/history/query";
import { isAsked, VIEWS } from "@/lib/history/views";
import { levelKeys } from "@/lib/level-filters";
import { MAX_TEXT } from "@/lib/list-address";
import { CAUTION_FILTERS, cautionWords } from "@/lib/prediction/cautions";
import { answerOf, POSITIVE } from "@/lib/prediction/words";

const OUTCOMES = { known: "known", unknown: "not known", disagrees: "other than a certain answer" } as const;
/** What the form itself sends; everything else of the address goes along hidden. */
const OWN = new Set([
  "from",
  "to",
  "answer",
  "pmin",
  "pmax",
  "source",
  "model",
  "outcome",
  "caution",
  "text",
]);

/** Search, and all filters in a plain form that leads to an address; measurements are added one at a time. */
export function HistoryFilterForm({ query, models }: { query: HistoryQuery; models: readonly string[] }) {
  const { filters } = query;
  const levels = levelKeys(filters.measurements);
  const kept = historyParameters({ ...query, cursor: null }).filter(
    ([name]) => !OWN.has(name) && !levels.includes(name),
  );
  return (
    <search aria-label="History" className="w-[calc(100%-6rem)]">
      <form action="/history" className="flex gap-2">
        {kept.map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <input
          type="search"
          name="text"
          defaultValue={filters.text ?? ""}
          maxLength={MAX_TEXT}
          aria-label="Case code or note"
          placeholder="Code or note"
          aria-keyshortcuts="/"
          className={`${fieldClass} flex-1`}
        />
        <button type="submit" className="sr-only focus:not-sr-only">
          Search
        </button>
        <Menu label="Filter" name="toolbar" boxClass="right-0 w-[56rem] max-sm:left-0">
          <div className="grid gap-4">
            <div className="grid grid-cols-[repeat(auto-fit,minmax(15rem,1fr))] gap-x-6 gap-y-4">
              <Fieldset name="Date, as days in UTC">
                <TextField label="from" name="from" type="date" value={filters.from} />
                <TextField label="to" name="to" type="date" value={filters.to} />
              </Fieldset>
              <Fieldset name="Answer">
                {label.options.map((one) => (
                  <Tick
                    key={one}
                    name="answer"
                    value={answerOf(one).word}
                    on={filters.labels.includes(one)}
                  />
                ))}
              </Fieldset>
              <Fieldset name={`Probability of ${POSITIVE.word}`}>
                <TextField label="from" name="pmin" value={filters.probability?.min} />
                <TextField label="to" name="pmax" value={filters.probability?.max} />
              </Fieldset>
              <Fieldset name="Source">
                {SOURCES.map((source) => (
                  <Tick key={source} name="source" value={source} on={filters.sources.includes(source)} />
                ))}
              </Fieldset>
              <Fieldset name="Model, caution and outcome">
                <Choice
                  label="model"
                  name="model"
                  value={filters.model}
                  options={models.map((m) => [m, m])}
                />
                <Choice
                  label="caution"
                  name="caution"
                  value={filters.caution}
                  options={CAUTION_FILTERS.map((caution) => [caution, cautionWords(caution)])}
                />
                <Choice
                  label="outcome"
                  name="outcome"
                  value={filters.outcome}
                  options={OUTCOME_FILTERS.map((outcome) => [outcome, OUTCOMES[outcome]])}
                />
              </Fieldset>
              <MeasurementRange />
              <LevelFilters chosen={filters.levels} ranges={filters.measurements} />
            </div>
            <div>
              <Button type="submit" kind="primary">
                Apply filters
              </Button>
            </div>
          </div>
        </Menu>
      </form>
    </search>
  );
}

/** The filters that are on, each a link that takes it off; without those that are the view's own, which its tab says. */
export function FilterChips({ query }: { query: HistoryQuery }) {
  const { filters } = query;
  const isView = VIEWS.some(({ asks }) => isAsked(asks, filters));
  const chips = chipsOf(filters).filter(
    ({ without }) => !isView || isAsked({ labels: filters.labels, outcome: filters.outcome }, without),
  );
  return (
    <Chips
      chips={chips.map(({ label, without }) => ({
        label,
        href: historyHref(query, { filters: without, cursor: null }),
      }))}
      clear={historyHref(query, { filters: NO_FILTERS, cursor: null })}
    />
  );
}
