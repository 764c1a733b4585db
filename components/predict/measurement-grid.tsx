import { type ClipboardEventHandler, type FocusEventHandler, type KeyboardEventHandler, memo } from "react";
import type { UseFormRegisterReturn } from "react-hook-form";
import type { FormDistribution } from "@/lib/predict/distribution";
import type { Measurements, MeasurementTexts } from "@/lib/predict/measurements";
import { FEATURES, type Feature, type FeatureKey, GROUPS, PROPERTIES, table, words } from "@/tables/current";
import { CHANGED_MARK } from "./measured-note";
import { FieldTrack } from "./track";

export type FieldsProps = {
  /** What stands in the fields when the page is made. */
  texts: MeasurementTexts;
  /** The numbers that stand there now. */
  numbers: Partial<Measurements>;
  errors: Partial<Record<FeatureKey, string>>;
  /** Whether messages stand under their rows, as after an attempt to send. */
  isChecked: boolean;
  focused: FeatureKey | null;
  distributions: readonly FormDistribution[];
  field: (key: FeatureKey) => UseFormRegisterReturn;
  onFocus: FocusEventHandler;
  onBlur: FocusEventHandler;
  onPaste: ClipboardEventHandler;
  onKeyDown: KeyboardEventHandler<HTMLElement>;
};
type Props = FieldsProps & {
  /** What was measured, as text, of those fields that have another value by now. */
  changed: ReadonlyMap<FeatureKey, string>;
  /** Says what a property is, in the line at the foot. */
  onAbout: (property: string) => void;
};

/** The fields: a row for each property, a column for each statistic; a property is over its fields on a phone. */
export function MeasurementGrid(props: Props) {
  const { errors, isChecked, onAbout, onFocus, onBlur, onPaste, onKeyDown } = props;
  return (
    <table
      onFocus={onFocus}
      onBlur={onBlur}
      onPaste={onPaste}
      onKeyDown={onKeyDown}
      className="w-full table-fixed border-collapse max-sm:block"
    >
      <caption className="sr-only">
        The {FEATURES.length} {table.nouns.values}, {words.grid.units}
      </caption>
      <thead className="max-sm:sticky max-sm:top-(--bar) max-sm:z-1 max-sm:block max-sm:bg-sunken">
        <tr className="border-line border-b bg-sunken text-ink-2 text-xs max-sm:grid max-sm:grid-cols-3 max-sm:px-2">
          <th scope="col" className="w-43 py-2 pl-4 text-left font-medium max-sm:sr-only">
            {words.grid.heading}
          </th>
          {GROUPS.map(({ key, label, long = label }) => (
            <th key={key} scope="col" className="py-2 pr-3 text-right font-medium last:pr-6 max-sm:pr-4">
              {long === label ? (
                label
              ) : (
                <>
                  <span className="max-sm:hidden">{long}</span>
                  <span className="sm:hidden">{label}</span>
                </>
              )}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="max-sm:block max-sm:py-1 [&>tr:first-child>*]:pt-2">
        {PROPERTIES.map((property) => {
          const features = FEATURES.filter((feature) => feature.property === property.key);
          const wrong = isChecked ? features.filter(({ key }) => errors[key] !== undefined) : [];
          return [
            <tr key={property.key} className="max-sm:grid max-sm:grid-cols-3 max-sm:px-2 max-sm:py-1">
              <th
                scope="row"
                className="py-0.5 pr-1 pl-4 text-left font-medium max-sm:col-span-3 max-sm:px-1 max-sm:py-0"
              >
                <span className="flex items-center gap-1.5">
                  {property.label}
                  <a
                    href={`/measurements#${property.key}`}
                    title={property.measures}
                    aria-label={`What is ${property.label.toLowerCase()}?`}
                    tabIndex={-1}
                    onClick={(event) => {
                      event.preventDefault();
                      onAbout(property.key);
                    }}
                    className="inline-flex size-6 flex-none items-center justify-center"
                  >
                    <span className="inline-flex size-4.5 items-center justify-center rounded-full border border-ink-3 font-medium text-ink-2 text-xs">
                      i
                    </span>
                  </a>
                </span>
              </th>
              {features.map((feature) => (
                <Cell
                  key={feature.key}
                  feature={feature}
                  text={props.texts[feature.key]}
                  value={props.numbers[feature.key]}
                  isWrong={errors[feature.key] !== undefined}
                  isChecked={isChecked}
                  isFocused={props.focused === feature.key}
                  measured={props.changed.get(feature.key)}
                  distribution={props.distributions[feature.index]}
                  field={props.field}
                />
              ))}
            </tr>,
            ...(wrong.length === 0
              ? []
              : [
                  <tr key={`${property.key} messages`} className="max-sm:block max-sm:px-3">
                    <td
                      colSpan={GROUPS.length + 1}
                      className="px-4 pb-2 text-right text-xs max-sm:block max-sm:px-0"
                    >
                      {wrong.map(({ key, label }) => (
                        <p key={key} id={`${key}-error`}>
                          <strong className="font-medium">{label}:</strong> {errors[key]}
                        </p>
                      ))}
                    </td>
                  </tr>,
                ]),
          ];
        })}
      </tbody>
    </table>
  );
}

type CellProps = Pick<FieldsProps, "isChecked" | "field"> & {
  feature: Feature;
  text: string;
  value: number | undefined;
  isWrong: boolean;
  isFocused: boolean;
  /** What was measured, where something else stands here now. */
  measured: string | undefined;
  distribution: FormDistribution | undefined;
};

/** One of as many as there are features, of which a key changes one. */
const Cell = memo(function Cell(props: CellProps) {
  const { feature, text, value, isWrong, isChecked, isFocused, measured, distribution, field } = props;
  const { key, label } = feature;
  const described = [
    ...(isFocused ? ["field-help"] : []),
    ...(isWrong && isChecked ? [`${key}-error`] : []),
    ...(measured === undefined ? [] : [`${key}-changed`]),
  ];
  return (
    <td className="px-1.5 py-0.5 last:pr-4 max-sm:px-1 max-sm:last:pr-1">
      <span className="relative block">
        <input
          {...field(key)}
          id={key}
          type="text"
          inputMode="decimal"
          autoComplete="off"
          spellCheck={false}
          defaultValue={text}
          aria-label={label}
          aria-invalid={isWrong}
          aria-describedby={described.length === 0 ? undefined : described.join(" ")}
          className={`h-control w-full rounded-field border border-ink-3 bg-surface px-2 pb-1.5 text-right font-mono text-ink aria-invalid:border-2 aria-invalid:border-ink max-sm:px-1.5 max-sm:text-[0.9375rem] ${measured === undefined ? "" : "pl-4.5!"}`}
        />
        {measured !== undefined && (
          <span
            id={`${key}-changed`}
            className="pointer-events-none absolute top-1 left-1.5 font-semibold text-ink text-xs"
          >
            <span aria-hidden="true">{CHANGED_MARK}</span>
            <span className="sr-only">changed from measured, {measured === "" ? "not known" : measured}</span>
          </span>
        )}
        <FieldTrack feature={feature} value={value} distribution={isFocused ? distribution : undefined} />
      </span>
    </td>
  );
});
