import { isOutside } from "@/lib/prediction/measurement-text";
import { FEATURES, GROUPS, PROPERTIES, words } from "@/tables/current";
import { Track } from "./track";

/** The values, exactly as entered, one row a property, each on its track; marks those that no training case reaches. */
export function ValuesTable({ values }: { values: readonly number[] }) {
  const outside = FEATURES.filter((feature) => isOutside(values[feature.index] as number, feature));
  return (
    <div>
      <table className="w-full table-fixed border-collapse">
        <caption className="sr-only">The {FEATURES.length} measurements, as entered</caption>
        <thead>
          <tr className="text-ink-2 text-xs">
            <th scope="col" className="py-1 text-left font-medium first-letter:uppercase">
              {words.grid.units}
            </th>
            {GROUPS.map(({ key, label, long = label }) => (
              <th key={key} scope="col" className="py-1 pl-2 text-right font-medium sm:pl-4">
                <span className="sm:hidden print:hidden">{label}</span>
                <span className="max-sm:hidden print:inline">{long}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {PROPERTIES.map((property) => (
            <tr key={property.key} className="border-line border-t">
              <th scope="row" className="py-1 pr-1 text-left font-medium max-sm:text-xs print:py-0">
                {property.label}
              </th>
              {FEATURES.filter((feature) => feature.property === property.key).map((feature) => (
                <td
                  key={feature.key}
                  className="whitespace-nowrap py-1 pl-2 text-right font-mono text-xs sm:pl-4 sm:text-sm print:py-0"
                >
                  {outside.includes(feature) && (
                    <span className="text-ink-2">
                      <span aria-hidden="true">†</span>
                      <span className="sr-only">outside the training data: </span>
                    </span>
                  )}
                  <span>{String(values[feature.index])}</span>
                  <span className="mt-1.5 mb-0.5 block print:hidden">
                    <Track feature={feature} value={values[feature.index] as number} />
                  </span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {outside.length > 0 && (
        <p className="pt-2 text-ink-2 text-xs">
          † outside the range of the training data, where the model is less sure than it says.
        </p>
      )}
    </div>
  );
}
