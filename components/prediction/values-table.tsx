import { FEATURES, GROUPS, PROPERTIES } from "@/tables/current";

/** The values, exactly as entered, one row a property; marks those that no training row reaches. */
export function ValuesTable({ values }: { values: readonly number[] }) {
  const isOutside = (index: number) => {
    const value = values[index] ?? Number.NaN;
    const range = FEATURES[index]?.range;
    return range !== undefined && (value < range.min || value > range.max);
  };
  return (
    <div>
      <table className="w-full border-collapse text-sm">
        <caption className="pb-1 text-left text-ink-2">
          The {FEATURES.length} measurements, as entered
        </caption>
        <thead>
          <tr className="border-line border-b">
            <th scope="col" className="py-1 pr-2 text-left font-semibold">
              Property
            </th>
            {GROUPS.map(({ key, label }) => (
              <th key={key} scope="col" className="py-1 pl-2 text-right font-semibold sm:pl-4">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {PROPERTIES.map((property) => (
            <tr key={property.key} className="border-line border-b last:border-b-0">
              <th scope="row" className="py-1 pr-2 text-left font-normal">
                {property.label}
              </th>
              {FEATURES.filter((feature) => feature.property === property.key).map(({ key, index }) => {
                return (
                  <td
                    key={key}
                    className="whitespace-nowrap py-1 pl-2 text-right font-mono text-xs tabular-nums sm:pl-4 sm:text-[0.8125rem]"
                  >
                    {isOutside(index) && (
                      <span className="text-ink-2">
                        <span aria-hidden="true">†</span>
                        <span className="sr-only">outside the training data: </span>
                      </span>
                    )}
                    <span>{String(values[index])}</span>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {values.some((_, index) => isOutside(index)) && (
        <p className="pt-1 text-ink-2 text-sm">
          † outside the range of the training data, where the model is less sure than it says.
        </p>
      )}
    </div>
  );
}
