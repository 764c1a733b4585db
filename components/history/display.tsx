import { Button } from "@/components/ui/button";
import { fieldClass } from "@/components/ui/field";
import { Menu } from "@/components/ui/menu";
import {
  DENSITIES,
  type HistoryQuery,
  historyHref,
  historyParameters,
  PAGE_SIZES,
  SORT_KEYS,
  sortText,
} from "@/lib/history/query";
import { FEATURES, GROUPS, PROPERTIES } from "@/tables/current";
import { describeSort } from "./table";

/** What this form sends; everything else of the address goes along hidden. */
const OWN = new Set(["sort", "columns", "density", "size"]);

/** Order, columns, density and rows: a plain form that leads to an address. */
export function Display({ query }: { query: HistoryQuery }) {
  const kept = historyParameters({ ...query, cursor: null }).filter(([name]) => !OWN.has(name));
  return (
    <Menu
      label="Display"
      name="toolbar"
      className="w-22 [&>summary]:w-full"
      boxClass="right-0 w-[56rem] max-sm:left-0"
    >
      <form action="/history" className="grid gap-4">
        {kept.map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        {/* Says that the choice was made even where nothing is ticked. */}
        <input type="hidden" name="columns" value="" />
        <div className="flex flex-wrap items-end gap-x-6 gap-y-3">
          <label className="grid gap-1">
            <span className="font-medium text-ink-2 text-xs">Sorted by</span>
            <select name="sort" defaultValue={sortText(query)} className={`${fieldClass} max-w-full sm:w-72`}>
              {SORT_KEYS.flatMap((sort) =>
                (["descending", "ascending"] as const).map((direction) => (
                  <option key={sort + direction} value={sortText({ sort, direction })}>
                    {describeSort({ sort, direction })}
                  </option>
                )),
              )}
            </select>
          </label>
          <Choice legend="Density" name="density" values={DENSITIES} chosen={query.density} />
          <Choice legend="Rows in a page" name="size" values={PAGE_SIZES} chosen={query.size} />
        </div>
        <div className="grid grid-cols-[repeat(auto-fit,minmax(10rem,1fr))] gap-x-6 gap-y-3">
          {GROUPS.map((group) => (
            <fieldset key={group.key}>
              <legend className="pb-1 font-medium text-ink-2 text-xs">Columns: {group.label}</legend>
              {FEATURES.filter((feature) => feature.group === group.key).map((feature) => (
                <label key={feature.key} className="flex min-h-6 items-center gap-2 max-sm:min-h-control">
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
        <div className="flex flex-wrap gap-2">
          <Button type="submit" kind="primary">
            Show
          </Button>
          <a href={historyHref(query, { columns: [] })} className={LINK}>
            No measurements
          </a>
          <a href={historyHref(query, { columns: FEATURES.map(({ key }) => key) })} className={LINK}>
            All {FEATURES.length} measurements
          </a>
        </div>
      </form>
    </Menu>
  );
}

const LINK = "inline-flex min-h-control items-center px-2 underline decoration-ink-3 hover:decoration-ink";

function Choice<T extends string | number>({
  legend,
  name,
  values,
  chosen,
}: {
  legend: string;
  name: string;
  values: readonly T[];
  chosen: T;
}) {
  return (
    <fieldset>
      <legend className="font-medium text-ink-2 text-xs">{legend}</legend>
      <div className="flex gap-3">
        {values.map((value) => (
          <label key={value} className="inline-flex min-h-control items-center gap-1.5">
            <input
              type="radio"
              name={name}
              value={value}
              defaultChecked={value === chosen}
              className="size-4 accent-ink"
            />
            {value}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
