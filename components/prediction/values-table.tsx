import { hasGrid, SECTIONS } from "@/lib/prediction/layout";
import { isOutside } from "@/lib/prediction/measurement-text";
import { valueText } from "@/lib/prediction/value";
import { FEATURES, type Feature, GROUPS, PROPERTIES, table, words } from "@/tables/current";
import { Track } from "./track";

/** The values, exactly as entered, numbers on their tracks: by property where there is a grid. Marks those that no training case reaches. */
export function ValuesTable({ values }: { values: readonly number[] }) {
  const isAnyOutside = FEATURES.some((feature) => isOutside(values[feature.index] as number, feature));
  return (
    <div>
      {hasGrid ? <ValuesGrid values={values} /> : <ValuesList values={values} />}
      {isAnyOutside && (
        <p className="pt-2 text-ink-2 text-xs">
          † outside the range of the training data, where the model is less sure than it says.
        </p>
      )}
    </div>
  );
}

function ValuesGrid({ values }: { values: readonly number[] }) {
  return (
    <table className="w-full table-fixed border-collapse">
      <caption className="sr-only">
        The {FEATURES.length} {table.nouns.values}, as entered
      </caption>
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
                <Value feature={feature} value={values[feature.index]} />
                <span className="mt-1.5 mb-0.5 block print:hidden">
                  <Track feature={feature} value={values[feature.index] as number} />
                </span>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** In two columns where there is room; a table each section, so that no row is parted. */
function ValuesList({ values }: { values: readonly number[] }) {
  return (
    <div className="@container grid gap-4">
      {SECTIONS.map(({ label, features }) => (
        <section key={label} aria-label={label ?? `The ${FEATURES.length} values, as entered`}>
          {label !== null && <h3 className="pb-1 font-medium text-ink-2 text-xs">{label}</h3>}
          <dl className="@min-[36rem]:columns-2 gap-x-8">
            {features.map((feature) => (
              <div
                key={feature.key}
                className="flex break-inside-avoid items-center gap-3 border-line border-t py-1 print:py-0"
              >
                <dt className="min-w-0 flex-1 font-medium">{feature.label}</dt>
                <dd className="text-right">
                  <span
                    className={
                      feature.type === "number" && !Number.isNaN(values[feature.index]) ? "font-mono" : ""
                    }
                  >
                    <Value feature={feature} value={values[feature.index]} />
                  </span>
                  {feature.unit !== undefined && ` ${feature.unit}`}
                </dd>
                <dd aria-hidden="true" className="w-16 flex-none print:hidden">
                  {feature.type === "number" && <Track feature={feature} value={values[feature.index]} />}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}

function Value({ feature, value = Number.NaN }: { feature: Feature; value: number | undefined }) {
  const text = <span>{valueText(feature, value)}</span>;
  if (!isOutside(value, feature)) return text;
  return (
    <>
      <span className="text-ink-2">
        <span aria-hidden="true">†</span>
        <span className="sr-only">outside the training data: </span>
      </span>
      {text}
    </>
  );
}
