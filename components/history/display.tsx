import { ColumnBoxes } from "@/components/prediction/column-boxes";
import { Button } from "@/components/ui/button";
import { fieldClass } from "@/components/ui/field";
import { Options, Radios } from "@/components/ui/filter-fields";
import { Menu } from "@/components/ui/menu";
import {
  DENSITIES,
  type HistoryQuery,
  historyHref,
  historyParameters,
  SORT_KEYS,
  sortText,
} from "@/lib/history/query";
import { PAGE_SIZES } from "@/lib/list-address";
import { FEATURES, table } from "@/tables/current";
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
              <Options
                of={SORT_KEYS.flatMap((sort) =>
                  (["descending", "ascending"] as const).map(
                    (direction) =>
                      [sortText({ sort, direction }), describeSort({ sort, direction })] as const,
                  ),
                )}
              />
            </select>
          </label>
          <Radios legend="Density" name="density" values={DENSITIES} chosen={query.density} />
          <Radios legend="Rows in a page" name="size" values={PAGE_SIZES} chosen={query.size} />
        </div>
        <div className="grid grid-cols-[repeat(auto-fit,minmax(10rem,1fr))] gap-x-6 gap-y-3">
          <ColumnBoxes chosen={query.columns} />
        </div>
        <div className="flex flex-wrap gap-2">
          <Button type="submit" kind="primary">
            Show
          </Button>
          <a href={historyHref(query, { columns: [] })} className={LINK}>
            No {table.nouns.values}
          </a>
          <a href={historyHref(query, { columns: FEATURES.map(({ key }) => key) })} className={LINK}>
            All {FEATURES.length} {table.nouns.values}
          </a>
        </div>
      </form>
    </Menu>
  );
}

const LINK = "inline-flex min-h-control items-center px-2 underline decoration-ink-3 hover:decoration-ink";
