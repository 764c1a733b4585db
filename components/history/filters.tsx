import { MeasurementOptions } from "@/components/prediction/measurement-options";
import { Button, buttonClass } from "@/components/ui/button";
import { label, SOURCES } from "@/lib/contract";
import {
  CAUTION_FILTERS,
  cautionWords,
  chipsOf,
  MAX_TEXT,
  NO_FILTERS,
  OUTCOME_FILTERS,
} from "@/lib/history/filters";
import { type HistoryQuery, historyHref, historyParameters } from "@/lib/history/query";
import { answerOf, POSITIVE } from "@/lib/prediction/words";

const FIELD = "rounded-field border border-ink-3 bg-surface px-2 py-1";
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
  const kept = historyParameters({ ...query, cursor: null }).filter(([name]) => !OWN.has(name));
  return (
    <search aria-label="History">
      <form action="/history" className="grid gap-2">
        {kept.map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <div className="flex flex-wrap items-end gap-2">
          <label className="grid grow gap-0.5 sm:max-w-md">
            <span className="text-ink-2 text-sm">
              Search case codes and notes{" "}
              <kbd className="rounded-sm border border-line px-1 font-mono text-xs">/</kbd>
            </span>
            <input
              type="search"
              name="text"
              defaultValue={filters.text ?? ""}
              maxLength={MAX_TEXT}
              aria-keyshortcuts="/"
              className={FIELD}
            />
          </label>
          <Button type="submit">Search</Button>
        </div>
        <details>
          <summary className={buttonClass()}>Filters</summary>
          <div className="mt-2 grid gap-3 rounded-field border border-line bg-surface p-3">
            <div className="grid grid-cols-[repeat(auto-fit,minmax(15rem,1fr))] gap-x-6 gap-y-3">
              <Fieldset name="Date (UTC)">
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
                  label="model version"
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
                  label="confirmed outcome"
                  name="outcome"
                  value={filters.outcome}
                  options={OUTCOME_FILTERS.map((outcome) => [outcome, OUTCOMES[outcome]])}
                />
              </Fieldset>
              <Fieldset name="One more measurement between">
                <select
                  name="measure"
                  defaultValue=""
                  aria-label="Measurement"
                  className={`${FIELD} max-w-44`}
                >
                  <option value="">any</option>
                  <MeasurementOptions />
                </select>
                <TextField label="from" name="min" value={null} />
                <TextField label="to" name="max" value={null} />
              </Fieldset>
            </div>
            <div>
              <Button type="submit" kind="primary">
                Apply filters
              </Button>
            </div>
          </div>
        </details>
      </form>
    </search>
  );
}

function Fieldset({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <fieldset>
      <legend className="font-semibold">{name}</legend>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">{children}</div>
    </fieldset>
  );
}

function TextField({
  label,
  name,
  value,
  type = "text",
}: {
  label: string;
  name: string;
  value: string | number | null | undefined;
  type?: "text" | "date";
}) {
  return (
    <label className="flex items-center gap-1.5">
      {label}
      <input
        type={type}
        inputMode={type === "text" ? "decimal" : undefined}
        name={name}
        defaultValue={value ?? ""}
        className={`${FIELD} ${type === "text" ? "w-20" : ""}`}
      />
    </label>
  );
}

function Tick({ name, value, on }: { name: string; value: string; on: boolean }) {
  return (
    <label className="flex min-h-6 items-center gap-1.5">
      <input type="checkbox" name={name} value={value} defaultChecked={on} className="size-4 accent-ink" />
      {value}
    </label>
  );
}

function Choice({
  label,
  name,
  value,
  options,
}: {
  label: string;
  name: string;
  value: string | null;
  options: readonly (readonly [value: string, label: string])[];
}) {
  return (
    <label className="flex items-center gap-1.5">
      {label}
      <select name={name} defaultValue={value ?? ""} className={`${FIELD} max-w-44`}>
        <option value="">any</option>
        {options.map(([key, text]) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The filters that are on, each a link that takes it off. */
export function FilterChips({ query }: { query: HistoryQuery }) {
  const chips = chipsOf(query.filters);
  if (chips.length === 0) return null;
  return (
    <nav aria-label="Filters that are on" className="flex flex-wrap items-center gap-2">
      {chips.map(({ label, without }) => (
        <a
          key={label}
          href={historyHref(query, { filters: without, cursor: null })}
          aria-label={`Take off: ${label}`}
          className="inline-flex min-h-7 items-center gap-1.5 rounded-full border border-ink-3 bg-surface px-3 text-sm hover:border-ink"
        >
          {label} <span aria-hidden="true">✕</span>
        </a>
      ))}
      <a href={historyHref(query, { filters: NO_FILTERS, cursor: null })} className={buttonClass("quiet")}>
        Clear all
      </a>
    </nav>
  );
}
