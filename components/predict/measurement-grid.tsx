import type { ClipboardEventHandler, ComponentProps, KeyboardEventHandler } from "react";
import type { MeasurementTexts, Warning } from "@/lib/predict/measurements";
import { FEATURES, type Feature, type FeatureKey, GROUPS, PROPERTIES, words } from "@/tables/current";

type Props = {
  texts: MeasurementTexts;
  errors: Partial<Record<FeatureKey, string>>;
  warnings: readonly Warning[];
  field: (key: FeatureKey) => ComponentProps<"input">;
  onPaste: ClipboardEventHandler;
  onKeyDown: KeyboardEventHandler<HTMLElement>;
};

/** The fields: a row for each property, a column for each statistic; one below the other on a phone. */
export function MeasurementGrid({ texts, errors, warnings, field, onPaste, onKeyDown }: Props) {
  return (
    <table
      onPaste={onPaste}
      onKeyDown={onKeyDown}
      className="w-full rounded-field border border-line bg-surface max-sm:block"
    >
      <caption className="sr-only">
        The {FEATURES.length} measurements. Beside each field: the range of 90 % of the training data,{" "}
        {words.grid.units}.
      </caption>
      <thead className="max-sm:sr-only">
        <tr className="border-line border-b text-left text-sm">
          <th scope="col" className="px-3 py-1 font-semibold">
            {words.grid.heading}
          </th>
          {GROUPS.map((group) => (
            <th key={group.key} scope="col" className="px-2 py-1 font-semibold">
              {group.label}{" "}
              <span className="@max-[77rem]:block whitespace-nowrap font-normal text-ink-2 text-xs">
                training data, 5–95 %
              </span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="max-sm:block">
        {PROPERTIES.map((property) => (
          <tr key={property.key} className="border-line border-b last:border-0 max-sm:block max-sm:py-1">
            <th
              scope="row"
              title={property.measures}
              className="whitespace-nowrap px-3 text-left font-medium max-sm:block"
            >
              {property.label}
            </th>
            {FEATURES.filter((feature) => feature.property === property.key).map((feature) => (
              <Cell
                key={feature.key}
                feature={feature}
                text={texts[feature.key]}
                error={errors[feature.key]}
                warned={warnings.some((warning) => warning.key === feature.key)}
                input={field(feature.key)}
              />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type CellProps = {
  feature: Feature;
  text: string;
  error: string | undefined;
  warned: boolean;
  input: ComponentProps<"input">;
};

function Cell({ feature, text, error, warned, input }: CellProps) {
  const { key, label, range, group } = feature;
  const border = error !== undefined ? "border-ink border-2" : "border-ink-3";
  return (
    <td className="px-2 py-[3px] align-top max-sm:block">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span aria-hidden="true" className="w-12 text-ink-2 text-sm sm:hidden">
          {GROUPS.find((each) => each.key === group)?.label}
        </span>
        <input
          {...input}
          id={key}
          type="text"
          inputMode="decimal"
          autoComplete="off"
          spellCheck={false}
          defaultValue={text}
          aria-label={label}
          aria-invalid={error !== undefined}
          aria-describedby={error === undefined ? `${key}-range` : `${key}-error ${key}-range`}
          className={`h-7 w-24 rounded border bg-canvas px-2 text-right font-mono text-sm tabular-nums ${border}`}
        />
        <span
          id={`${key}-range`}
          className="sm:@max-[77rem]:basis-full whitespace-nowrap font-mono text-ink-2 text-xs tabular-nums"
        >
          <span className="sr-only">training data, 5 to 95 %: </span>
          {range.low}–{range.high}
          {warned && <span title="See the notes below the grid"> ⚠</span>}
        </span>
      </div>
      {error !== undefined && (
        <p id={`${key}-error`} className="text-ink text-xs leading-4">
          <span aria-hidden="true">✕ </span>
          {error}
        </p>
      )}
    </td>
  );
}
