import { Button, buttonClass } from "@/components/ui/button";
import {
  type Cursor,
  DENSITIES,
  type HistoryQuery,
  historyHref,
  historyParameters,
  PAGE_SIZES,
} from "@/lib/history/query";
import { FEATURES, GROUPS, PROPERTIES } from "@/tables/current";

/** Which measurements the table shows: a plain form that keeps the rest of the address. */
export function ColumnChooser({ query }: { query: HistoryQuery }) {
  const kept = historyParameters(query).filter(([name]) => name !== "columns");
  return (
    <details className="open:basis-full">
      <summary className={buttonClass()}>
        Columns{" "}
        <span className="text-ink-2">
          {query.columns.length} of {FEATURES.length}
        </span>
      </summary>
      <form action="/history" className="mt-2 rounded-field border border-line bg-surface p-3">
        {kept.map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        {/* Says that the choice was made even where nothing is ticked. */}
        <input type="hidden" name="columns" value="" />
        <div className="grid grid-cols-[repeat(auto-fit,minmax(10rem,1fr))] gap-x-6 gap-y-3">
          {GROUPS.map((group) => (
            <fieldset key={group.key}>
              <legend className="font-semibold">{group.label}</legend>
              {FEATURES.filter((feature) => feature.group === group.key).map((feature) => (
                <label key={feature.key} className="flex min-h-6 items-center gap-2">
                  <input
                    type="checkbox"
                    name="columns"
                    value={feature.key}
                    aria-label={feature.label}
                    defaultChecked={query.columns.includes(feature.key)}
                    className="size-4 accent-ink"
                  />
                  {PROPERTIES.find((property) => property.key === feature.property)?.label}
                </label>
              ))}
            </fieldset>
          ))}
        </div>
        <div className="mt-3 flex gap-2">
          <Button type="submit" kind="primary">
            Show columns
          </Button>
          <a href={historyHref(query, { columns: [] })} className={buttonClass("quiet")}>
            Show none
          </a>
          <a
            href={historyHref(query, { columns: FEATURES.map((feature) => feature.key) })}
            className={buttonClass("quiet")}
          >
            Show all {FEATURES.length}
          </a>
        </div>
      </form>
    </details>
  );
}

const CHOICE =
  "inline-flex min-h-6 min-w-8 items-center justify-center rounded-sm px-1 underline underline-offset-4 aria-[current]:bg-ink aria-[current]:text-on-ink aria-[current]:no-underline";

/** How many rows a page has; the page stays where it is. */
export function PageSizes({ query }: { query: HistoryQuery }) {
  return (
    <nav aria-label="Rows per page" className="ml-auto flex items-center gap-1 text-sm">
      <span className="text-ink-2">Rows</span>
      {PAGE_SIZES.map((size) => (
        <a
          key={size}
          href={historyHref(query, { size })}
          aria-current={size === query.size ? "true" : undefined}
          className={CHOICE}
        >
          {size}
        </a>
      ))}
    </nav>
  );
}

/** How closely the rows stand. */
export function Densities({ query }: { query: HistoryQuery }) {
  return (
    <nav aria-label="Density" className="flex items-center gap-1 text-sm">
      {DENSITIES.map((density) => (
        <a
          key={density}
          href={historyHref(query, { density })}
          aria-current={density === query.density ? "true" : undefined}
          className={CHOICE}
        >
          {density}
        </a>
      ))}
    </nav>
  );
}

/** Links to the neighbouring pages; where there is none, the word stays so that nothing moves. */
export function Pager({
  query,
  previous,
  next,
}: {
  query: HistoryQuery;
  previous: Cursor | null;
  next: Cursor | null;
}) {
  return (
    <nav aria-label="Pages" className="flex flex-wrap items-center gap-2">
      {previous !== null && (
        <a href={historyHref(query, { cursor: null })} className={buttonClass("quiet")}>
          First page
        </a>
      )}
      <PageLink query={query} cursor={previous}>
        ← Previous
      </PageLink>
      <PageLink query={query} cursor={next}>
        Next →
      </PageLink>
    </nav>
  );
}

function PageLink({
  query,
  cursor,
  children,
}: {
  query: HistoryQuery;
  cursor: Cursor | null;
  children: string;
}) {
  if (cursor === null) {
    return (
      <span className="inline-flex min-h-8 items-center rounded-field border border-line px-3 py-1 text-ink-2">
        {children}
      </span>
    );
  }
  return (
    <a
      href={historyHref(query, { cursor })}
      rel={cursor.towards === "next" ? "next" : "prev"}
      className={buttonClass()}
    >
      {children}
    </a>
  );
}
