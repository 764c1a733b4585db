"use client";

import { SECTIONS } from "@/lib/prediction/layout";

/** The options of a `<select>` of one measurement, by group where there are any; their values are keys. Not of the server, which would send them twice. */
export function MeasurementOptions({ numbersOnly = false }: { numbersOnly?: boolean }) {
  return SECTIONS.map(({ label, features }) => {
    const options = features
      .filter(({ type }) => !numbersOnly || type === "number")
      .map(({ key, label }) => (
        <option key={key} value={key}>
          {label}
        </option>
      ));
    return label === null ? (
      options
    ) : (
      <optgroup key={label} label={label}>
        {options}
      </optgroup>
    );
  });
}
