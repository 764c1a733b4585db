import { Card } from "@/components/ui/card";
import { measuredText } from "@/lib/measure/record";
import type { TableWords } from "./measure";

export type Values = Readonly<Record<string, number | null>>;

/** The table's values as they follow from the outlines so far, and which of them no training case has. */
export function ValuesCard({
  values,
  count,
  table: { columns, groups, properties },
}: {
  values: Values;
  count: number;
  table: TableWords;
}) {
  const outside = columns.filter(({ key, range }) => {
    const value = values[key] ?? null;
    return value !== null && (value < range.min || value > range.max);
  });
  return (
    <Card title={`The ${columns.length} values`}>
      {/* On a phone a property is over its values, as in the form. */}
      <table className="w-full border-collapse max-sm:block [&_:is(thead,tbody)]:max-sm:block [&_tr]:max-sm:grid [&_tr]:max-sm:grid-cols-3">
        <caption className="sr-only">Of {count} outlines</caption>
        <thead>
          <tr className="border-line border-b text-ink-2 text-xs">
            <td className="max-sm:hidden" />
            {groups.map(({ key, label }) => (
              <th key={key} scope="col" className="py-1 pl-2 text-right font-medium">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {properties.map((property) => (
            <tr key={property.key}>
              <th
                scope="row"
                className="py-0.5 text-left font-normal max-sm:col-span-3 max-sm:pb-0 max-sm:text-ink-2 max-sm:text-xs"
              >
                {property.label}
              </th>
              {columns
                .filter((feature) => feature.property === property.key)
                .map(({ key, range }) => {
                  const value = values[key] ?? null;
                  return (
                    <td key={key} className="whitespace-nowrap py-0.5 pl-1 text-right font-mono text-[13px]">
                      {value === null ? "–" : measuredText(value)}
                      <Mark value={value} {...range} />
                    </td>
                  );
                })}
            </tr>
          ))}
        </tbody>
      </table>
      {outside.length > 0 && (
        <p className="text-ink-2 text-xs">
          {outside.length} outside the training cases: ▲ above all of them, ▼ below.
        </p>
      )}
    </Card>
  );
}

function Mark({ value, min, max }: { value: number | null; min: number; max: number }) {
  const side = value === null ? null : value > max ? "above" : value < min ? "below" : null;
  return (
    <span className="inline-block w-4 text-center max-sm:w-3">
      {side !== null && (
        <>
          <span aria-hidden="true">{side === "above" ? "▲" : "▼"}</span>
          <span className="sr-only"> {side} every training case</span>
        </>
      )}
    </span>
  );
}
