import { memo, type Ref, useEffect, useId, useRef } from "react";
import type { UseFormRegisterReturn } from "react-hook-form";
import { fieldClass } from "@/components/ui/field";
import type { FormDistribution } from "@/lib/predict/distribution";
import { UNKNOWN } from "@/lib/predict/measurements";
import { controlOf, isLong, SECTIONS } from "@/lib/prediction/layout";
import { levelOf, valueText } from "@/lib/prediction/value";
import { FEATURES, type Feature, type FeatureKey, table } from "@/tables/current";
import type { FieldsProps } from "./measurement-grid";
import { FieldTrack } from "./track";

type Props = FieldsProps & { onNotKnown: (key: FeatureKey, isNotKnown: boolean) => void };

/** The fields of a table that is no grid: section by section, each under its label, one column on a phone, else two. */
export function MeasurementFields(props: Props) {
  const { errors, onFocus, onBlur, onPaste, onKeyDown } = props;
  return (
    <fieldset
      onFocus={onFocus}
      onBlur={onBlur}
      onPaste={onPaste}
      onKeyDown={onKeyDown}
      // The foot of the form stays in view and would cover the field that one comes to.
      className="@container/fields min-w-0 [&_:is(input,select)]:scroll-mb-24"
    >
      <legend className="sr-only">
        The {FEATURES.length} {table.nouns.values}
      </legend>
      {isLong && SECTIONS.length > 1 && (
        <nav
          aria-label="Sections of the form"
          className="flex flex-wrap gap-x-4 gap-y-1 border-line border-b bg-sunken px-4 py-2 text-xs"
        >
          {SECTIONS.map(({ label }, at) => (
            <a key={label} href={`#section-${at}`} className="py-1 underline decoration-ink-3">
              {label ?? "Others"}
            </a>
          ))}
        </nav>
      )}
      {SECTIONS.map(({ label, features }, at) => (
        <fieldset
          key={label}
          id={`section-${at}`}
          className="min-w-0 scroll-mt-(--bar) border-line border-t px-4 py-3 first-of-type:border-t-0"
        >
          {label !== null && <legend className="float-left mb-2 w-full font-semibold">{label}</legend>}
          <div className="clear-both grid @min-[29rem]/fields:grid-cols-2 grid-cols-[minmax(0,1fr)] gap-x-5 gap-y-3">
            {features.map((feature) => (
              <ColumnField
                key={feature.key}
                feature={feature}
                text={props.texts[feature.key]}
                value={props.numbers[feature.key]}
                error={errors[feature.key]}
                isFocused={props.focused === feature.key}
                distribution={props.distributions[feature.index]}
                field={props.field}
                onNotKnown={props.onNotKnown}
              />
            ))}
          </div>
        </fieldset>
      ))}
    </fieldset>
  );
}

type FieldProps = Pick<Props, "field" | "onNotKnown"> & {
  feature: Feature;
  /** What stands in it when the page is made. */
  text: string;
  value: number | undefined;
  error: string | undefined;
  isFocused: boolean;
  distribution: FormDistribution | undefined;
};

/** One of as many as there are columns, of which a key changes one. */
const ColumnField = memo(function ColumnField(props: FieldProps) {
  const { feature, value, error, field } = props;
  const { key, label } = feature;
  const control = controlOf(feature);
  const aria = { "aria-invalid": error !== undefined, "aria-describedby": `${key}-help` };
  // The line below is there from the start, so that no field moves while one types.
  const below = (
    <p
      id={`${key}-help`}
      className={`min-h-4 text-xs ${error === undefined ? "text-ink-2" : "font-medium text-ink"}`}
    >
      {error ?? (feature.type === "number" ? helpOf(feature, value) : "")}
    </p>
  );
  if (control === "radio") {
    return (
      <div
        {...aria}
        role="radiogroup"
        aria-labelledby={`${key}-label`}
        className="grid min-w-0 content-start gap-1"
      >
        <span id={`${key}-label`} className={LABEL}>
          {label}
        </span>
        <Choices {...props} field={field(key)} />
        {below}
      </div>
    );
  }
  return (
    <div className="grid min-w-0 content-start gap-1">
      <label htmlFor={key} className={LABEL}>
        {label}
      </label>
      {control === "select" ? (
        <select {...field(key)} {...aria} id={key} defaultValue={props.text} className={fieldClass}>
          <option value="">Choose…</option>
          {choicesOf(feature).map(({ code, word }) => (
            <option key={code} value={code}>
              {word}
            </option>
          ))}
        </select>
      ) : (
        <span className="flex items-center gap-2">
          {control === "list" ? <ListInput {...props} aria={aria} /> : <NumberInput {...props} aria={aria} />}
          {feature.unit !== undefined && <span className="min-w-6 text-ink-2 text-xs">{feature.unit}</span>}
          {feature.mayMiss && <NotKnown {...props} />}
        </span>
      )}
      {below}
    </div>
  );
});

const LABEL = "font-medium text-ink-2 text-xs";

type Aria = { aria: { "aria-invalid": boolean; "aria-describedby": string } };

function NumberInput({ feature, text, value, isFocused, distribution, field, aria }: FieldProps & Aria) {
  return (
    <span className="relative block min-w-0 grow">
      <input
        {...field(feature.key)}
        {...aria}
        id={feature.key}
        type="text"
        inputMode={feature.least < 0 ? "text" : "decimal"}
        autoComplete="off"
        spellCheck={false}
        defaultValue={text}
        className={`${fieldClass} pb-1.5 text-right font-mono`}
      />
      <FieldTrack feature={feature} value={value} distribution={isFocused ? distribution : undefined} />
    </span>
  );
}

function ListInput({ feature, text, field, aria }: FieldProps & Aria) {
  const list = useId();
  return (
    <>
      <input
        {...field(feature.key)}
        {...aria}
        id={feature.key}
        type="text"
        list={list}
        autoComplete="off"
        spellCheck={false}
        defaultValue={text}
        className={fieldClass}
      />
      <datalist id={list}>
        {feature.levels.map((code, place) => (
          <option key={code} value={valueText(feature, place)} />
        ))}
      </datalist>
    </>
  );
}

const BUTTON =
  "relative inline-flex min-h-control items-center justify-center rounded-field border border-ink-3 bg-surface px-2.5 has-checked:border-ink has-checked:bg-ink has-checked:text-on-ink has-checked:forced-color-adjust-none has-focus-visible:outline-2 has-focus-visible:outline-focus has-focus-visible:outline-offset-2";

/** Says that a value is not known: a choice, so that an empty field is never one by accident. */
function NotKnown({ feature, value, onNotKnown }: FieldProps) {
  const { key, label } = feature;
  const box = useRef<HTMLInputElement>(null);
  const isNotKnown = Number.isNaN(value);
  const hasBegun = useRef(false);
  useEffect(() => {
    if (box.current === null) return;
    // What was ticked before the script arrived is kept.
    if (!hasBegun.current && box.current.checked && !isNotKnown) onNotKnown(key, true);
    else box.current.checked = isNotKnown;
    hasBegun.current = true;
  }, [isNotKnown, key, onNotKnown]);
  return (
    <label className={`${BUTTON} flex-none text-xs`}>
      <input
        ref={box}
        type="checkbox"
        name={key}
        value={UNKNOWN}
        defaultChecked={isNotKnown}
        aria-label={`${label}: not known`}
        onChange={({ target }) => onNotKnown(key, target.checked)}
        className="sr-only"
      />
      Not known
    </label>
  );
}

const choicesOf = (feature: Feature) => [
  ...feature.levels.map((code, place) => ({ code, word: valueText(feature, place) })),
  ...(feature.mayMiss ? [{ code: UNKNOWN, word: "Not known" }] : []),
];

function Choices({
  feature,
  text,
  field,
}: Pick<FieldProps, "feature" | "text"> & { field: UseFormRegisterReturn }) {
  const level = levelOf(feature, text);
  const chosen = level === null ? text : feature.levels[level];
  const isYesNo = feature.type === "yes-no";
  return (
    <div className="flex flex-wrap gap-1.5">
      {/* Yes first, as people say it. */}
      {(isYesNo ? yesFirst(choicesOf(feature)) : choicesOf(feature)).map(({ code, word }, at) => (
        <label key={code} className={`${BUTTON} ${isYesNo ? "min-w-14" : ""}`}>
          <input
            {...field}
            ref={keepingChoice(field.ref)}
            id={at === 0 ? feature.key : undefined}
            type="radio"
            value={code}
            defaultChecked={code === chosen}
            className="sr-only"
          />
          {isYesNo ? word[0]?.toUpperCase() + word.slice(1) : word}
        </label>
      ))}
    </div>
  );
}

const yesFirst = <T,>([no, yes, ...more]: T[]) => [yes, no, ...more].filter((one) => one !== undefined);

/** react-hook-form would clear what was chosen before the script arrived. */
const keepingChoice =
  (ref: UseFormRegisterReturn["ref"]): Ref<HTMLInputElement> =>
  (input) => {
    const wasChosen = input?.checked === true;
    ref(input);
    if (!wasChosen || input.checked) return;
    input.click();
  };

function helpOf({ range }: Feature, value: number | undefined): string {
  if (value !== undefined && value < range.min)
    return `Below every training case (${range.min}). Is it right?`;
  if (value !== undefined && value > range.max)
    return `Above every training case (${range.max}). Is it right?`;
  return `Usually ${range.low} to ${range.high}`;
}
