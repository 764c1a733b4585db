"use client";

import type { ReactNode } from "react";
import { fieldClass } from "@/components/ui/field";

/** Fields of the filters and of how the table shows. Nothing in here needs the browser; but what a server component renders is sent twice. */

/** Fields under one name. */
export function Fieldset({ name, children }: { name: string; children: ReactNode }) {
  return (
    <fieldset>
      <legend className="pb-1 font-medium text-ink-2 text-xs">{name}</legend>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">{children}</div>
    </fieldset>
  );
}

/** A text, number or day; null where it is not set. */
export function TextField({
  label,
  name,
  value,
  type = "text",
}: {
  label: string;
  name: string;
  value: string | number | null | undefined;
  type?: "text" | "date";
}) {
  return (
    <label className="flex items-center gap-1.5">
      {label}
      <input
        type={type}
        inputMode={type === "text" ? "decimal" : undefined}
        name={name}
        defaultValue={value ?? ""}
        className={`${fieldClass} ${type === "text" ? "max-w-20" : "max-w-40"}`}
      />
    </label>
  );
}

/** A box that says one value. */
export function Tick({ name, value, on }: { name: string; value: string; on: boolean }) {
  return (
    <label className="flex min-h-6 items-center gap-1.5">
      <input type="checkbox" name={name} value={value} defaultChecked={on} className="size-4 accent-ink" />
      {value}
    </label>
  );
}

/** One of some options, or any. */
export function Choice({
  label,
  name,
  value,
  options,
}: {
  label: string;
  name: string;
  value: string | null;
  options: OptionPairs;
}) {
  return (
    <label className="grid w-full grid-cols-[5rem_minmax(0,1fr)] items-center gap-1.5">
      {label}
      <select name={name} defaultValue={value ?? ""} className={fieldClass}>
        <option value="">any</option>
        <Options of={options} />
      </select>
    </label>
  );
}

/** One of a few values, each with its button. */
export function Radios<T extends string | number>({
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

type OptionPairs = readonly (readonly [value: string, label: string])[];

/** The options of a `<select>`. */
export function Options({ of }: { of: OptionPairs }) {
  return of.map(([value, label]) => (
    <option key={value} value={value}>
      {label}
    </option>
  ));
}
