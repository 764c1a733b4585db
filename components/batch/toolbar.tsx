import { ColumnBoxes } from "@/components/prediction/column-boxes";
import { LevelFilters } from "@/components/prediction/level-filters";
import { MeasurementRange } from "@/components/prediction/measurement-range";
import { Button, buttonClass } from "@/components/ui/button";
import { fieldClass } from "@/components/ui/field";
import { Choice, Fieldset, Radios, TextField } from "@/components/ui/filter-fields";
import { Menu } from "@/components/ui/menu";
import { Tabs } from "@/components/ui/tabs";
import type { Batch } from "@/lib/batch/batch";
import { countAnswer } from "@/lib/batch/progress";
import { type BatchQuery, type BatchView, batchHref, batchParameters } from "@/lib/batch/query";
import { capitalised } from "@/lib/format";
import { levelKeys } from "@/lib/level-filters";
import { MAX_TEXT, PAGE_SIZES } from "@/lib/list-address";
import { CAUTION_FILTERS, cautionWords } from "@/lib/prediction/cautions";
import { NEGATIVE, POSITIVE } from "@/lib/prediction/words";
import { FEATURES, table } from "@/tables/current";

const { positive, negative } = table.classes;

/** What is shown of a batch's rows: by answer, by a search and filters, and with which columns. Plain links and forms. */
export function BatchToolbar({ batch, query }: { batch: Batch; query: BatchQuery }) {
  const { tally, check, done } = batch;
  const counts: Record<BatchView, number> = {
    review: countAnswer(tally, "uncertain") + countAnswer(tally, "no_answer"),
    positive: countAnswer(tally, positive),
    negative: countAnswer(tally, negative),
    all: done,
  };
  const names: [BatchView, string][] = [
    ["review", "To review"],
    ["positive", capitalised(POSITIVE.word)],
    ["negative", capitalised(NEGATIVE.word)],
    ["all", "All"],
  ];
  return (
    <div className="relative flex flex-wrap items-center justify-between gap-2 print:hidden">
      <Tabs
        label="Rows"
        current={query.view}
        tabs={[
          ...names.map(([view, name]) => ({
            key: view,
            name,
            count: counts[view].toLocaleString("en"),
            href: batchHref(batch.id, query, { view, cursor: null }),
          })),
          ...(check !== null && check.bad > 0
            ? [
                {
                  key: "not-read",
                  name: "Not read",
                  count: check.bad.toLocaleString("en"),
                  href: "#not-read",
                },
              ]
            : []),
        ]}
      />
      <div className="flex gap-2 max-sm:w-full">
        <FilterForm id={batch.id} query={query} hasTruth={batch.mapping?.truth !== null} />
        <Shown batch={batch} query={query} />
      </div>
    </div>
  );
}

/** The parameters of the address that a form does not send itself. */
function Kept({ query, own }: { query: BatchQuery; own: ReadonlySet<string> }) {
  return batchParameters({ ...query, cursor: null })
    .filter(([name]) => !own.has(name))
    .map(([name, value]) => <input key={name} type="hidden" name={name} value={value} />);
}

const FILTERS = new Set(["pmin", "pmax", "caution", "wrong", "text"]);
const BOX = "right-0 w-[40rem] max-sm:left-0";

function FilterForm({ id, query, hasTruth }: { id: string; query: BatchQuery; hasTruth: boolean }) {
  return (
    <search aria-label="Rows" className="min-w-0 max-sm:flex-1">
      <form action={`/batch/${id}`} className="flex gap-2">
        <Kept query={query} own={new Set([...FILTERS, ...levelKeys(query.measurements)])} />
        <input
          type="search"
          name="text"
          defaultValue={query.text ?? ""}
          maxLength={MAX_TEXT}
          aria-label="Case code"
          placeholder="Case code"
          className={`${fieldClass} sm:max-w-40`}
        />
        <button type="submit" className="sr-only focus:not-sr-only">
          Search
        </button>
        <Menu label="Filter" name="toolbar" boxClass={BOX}>
          <div className="grid gap-4">
            <div className="grid grid-cols-[repeat(auto-fit,minmax(15rem,1fr))] gap-x-6 gap-y-4">
              <Fieldset name={`Probability of ${POSITIVE.word}`}>
                <TextField label="from" name="pmin" value={query.probability?.min} />
                <TextField label="to" name="pmax" value={query.probability?.max} />
              </Fieldset>
              <MeasurementRange />
              <LevelFilters chosen={query.levels} ranges={query.measurements} />
              <Fieldset name="Caution and truth">
                <Choice
                  label="caution"
                  name="caution"
                  value={query.caution}
                  options={CAUTION_FILTERS.map((caution) => [caution, cautionWords(caution)])}
                />
                {hasTruth && (
                  <label className="flex min-h-6 items-center gap-1.5">
                    <input
                      type="checkbox"
                      name="wrong"
                      value="yes"
                      defaultChecked={query.wrong}
                      className="size-4 accent-ink"
                    />
                    truth other than the diagnosis
                  </label>
                )}
              </Fieldset>
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

const DISPLAY = new Set(["columns", "extra", "size"]);
/** The most columns of a file that can be shown beside the answers; a download has all. */
const MOST_OFFERED = 100;
const LINK = "inline-flex min-h-control items-center px-2 underline decoration-ink-3 hover:decoration-ink";

/** Which measurements and which other columns of the file show, and how many rows. */
function Shown({ batch: { id, shape, mapping }, query }: { batch: Batch; query: BatchQuery }) {
  const isOther = (at: number) =>
    at !== mapping?.code && at !== mapping?.truth?.column && !mapping?.measurements.includes(at);
  const others = (shape?.columns ?? [])
    .slice(0, MOST_OFFERED)
    .flatMap((name, at) => (isOther(at) ? [{ name, at }] : []));
  return (
    <Menu label="Columns" name="toolbar" boxClass={BOX}>
      <form action={`/batch/${id}`} className="grid gap-4">
        <Kept query={query} own={DISPLAY} />
        {/* Says that the choice was made even where nothing is ticked. */}
        <input type="hidden" name="columns" value="" />
        <Radios legend="Rows in a page" name="size" values={PAGE_SIZES} chosen={query.size} />
        <div className="grid grid-cols-[repeat(auto-fit,minmax(10rem,1fr))] gap-x-6 gap-y-3">
          <ColumnBoxes chosen={query.columns} />
        </div>
        {others.length > 0 && (
          <fieldset>
            <legend className="pb-1 font-medium text-ink-2 text-xs">Other columns of the file</legend>
            <div className="grid grid-cols-[repeat(auto-fit,minmax(10rem,1fr))] gap-x-6">
              {others.map(({ name, at }) => (
                <label key={at} className="flex min-h-6 min-w-0 items-center gap-2 max-sm:min-h-control">
                  <input
                    type="checkbox"
                    name="extra"
                    value={at}
                    defaultChecked={query.extra.includes(at)}
                    className="size-4 flex-none accent-ink"
                  />
                  <span className="break-all">{name}</span>
                </label>
              ))}
            </div>
          </fieldset>
        )}
        <div className="flex flex-wrap gap-2">
          <Button type="submit" kind="primary">
            Show
          </Button>
          <a href={batchHref(id, query, { columns: [], extra: [] })} className={LINK}>
            None
          </a>
          <a href={batchHref(id, query, { columns: FEATURES.map(({ key }) => key) })} className={LINK}>
            All {FEATURES.length} measurements
          </a>
        </div>
      </form>
    </Menu>
  );
}

/** The link to a batch's file in each format. */
export function DownloadLinks({ id }: { id: string }) {
  return (
    <p className="flex flex-wrap gap-2">
      {(
        [
          ["csv", "CSV"],
          ["parquet", "Parquet"],
          ["jsonl", "JSON lines"],
        ] as const
      ).map(([format, name]) => (
        <a key={format} href={`/batch/${id}/export?format=${format}`} download className={buttonClass()}>
          {name}
        </a>
      ))}
    </p>
  );
}
