import { useState } from "react";
import { ScrollTable } from "@/components/ui/table";
import { capitalised } from "@/lib/format";
import { PROPERTIES, type Property } from "@/lib/measure/features";
import { measuredText } from "@/lib/measure/record";
import type { Drawn } from "@/lib/measure/session";
import type { TableWords } from "./measure";

type Column = "number" | "edge" | Property;
type Sort = { by: Column; isDown: boolean };

/** Every outline with its numbers; a row is chosen by its button, as its outline is. */
export function OutlineList({
  outlines,
  warnings,
  selected,
  nouns,
  properties,
  onSelect,
}: {
  outlines: readonly Drawn[];
  warnings: ReadonlyMap<number, readonly string[]>;
  selected: number | null;
  nouns: { one: string; many: string };
  properties: TableWords["properties"];
  onSelect: (id: number) => void;
}) {
  const labelOf = (property: Property) => properties.find(({ key }) => key === property)?.label ?? property;
  const [sort, setSort] = useState<Sort>({ by: "number", isDown: false });
  if (outlines.length === 0) {
    return (
      <p className="rounded-card border border-line bg-surface px-4 py-5 text-ink-2">
        No {nouns.one} is outlined yet: each will have a row here with its ten numbers.
      </p>
    );
  }
  const numbered = outlines.map((outline, at) => ({ outline, number: at + 1 }));
  const sortedBy = ({ outline, number }: (typeof numbered)[number]): number => {
    if (sort.by === "number") return number;
    return sort.by === "edge" ? outline.edgeQuality : (outline.values[sort.by] ?? -1);
  };
  const rows = numbered.toSorted((a, b) => (sort.isDown ? -1 : 1) * (sortedBy(a) - sortedBy(b)));
  const head = (by: Column, label: string, isNumeric = true) => (
    <th
      key={by}
      scope="col"
      aria-sort={sort.by !== by ? undefined : sort.isDown ? "descending" : "ascending"}
      className={`border-line border-y bg-sunken p-0 text-xs ${isNumeric ? "text-right" : "text-left"}`}
    >
      <button
        type="button"
        className="min-h-9 w-full px-2.5 py-1 font-medium text-ink-2 hover:text-ink [text-align:inherit]"
        onClick={() => setSort({ by, isDown: sort.by === by && !sort.isDown })}
      >
        {label}
        {sort.by === by && <span aria-hidden="true">{sort.isDown ? " ↓" : " ↑"}</span>}
      </button>
    </th>
  );
  return (
    <ScrollTable
      id="outlines"
      className="[&_tbody_:is(th,td)]:px-2.5!"
      caption={`The outlined ${nouns.many} and their numbers, in pixels and grey values`}
    >
      <thead>
        <tr>
          {head("number", capitalised(nouns.one), false)}
          {head("edge", "Edge", false)}
          {PROPERTIES.map((property) => head(property, labelOf(property)))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ outline, number }) => {
          const isSelected = outline.id === selected;
          const warned = warnings.get(outline.id) ?? [];
          return (
            <tr key={outline.id} className={isSelected ? "bg-selected" : ""}>
              <th scope="row">
                <button
                  type="button"
                  aria-pressed={isSelected}
                  onClick={() => onSelect(outline.id)}
                  className="min-h-6 min-w-8 text-left underline decoration-ink-3 hover:decoration-ink aria-pressed:font-semibold"
                >
                  {number}
                </button>
              </th>
              <td className="whitespace-nowrap text-xs">
                {outline.state}, {Math.round(100 * outline.edgeQuality)} %
                {warned.length > 0 && <span className="block font-medium">⚠ {warned.join(", ")}</span>}
              </td>
              {PROPERTIES.map((property) => {
                const value = outline.values[property];
                return (
                  <td key={property} className="numeric">
                    {value === null ? "–" : measuredText(value)}
                  </td>
                );
              })}
            </tr>
          );
        })}
      </tbody>
    </ScrollTable>
  );
}
