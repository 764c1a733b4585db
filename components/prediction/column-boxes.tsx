"use client";

import { hasGrid, SECTIONS } from "@/lib/prediction/layout";
import { PROPERTIES } from "@/tables/current";

/** A box for each measurement, by group; `chosen` are ticked. Not of the server, which would send them twice. */
export function ColumnBoxes({ chosen }: { chosen: readonly string[] }) {
  return SECTIONS.map(({ label, features }) => (
    <fieldset key={label}>
      <legend className="pb-1 font-medium text-ink-2 text-xs">
        {label === null ? "Columns" : `Columns: ${label}`}
      </legend>
      {features.map((feature) => (
        <label key={feature.key} className="flex min-h-6 items-center gap-2 max-sm:min-h-control">
          <input
            type="checkbox"
            name="columns"
            value={feature.key}
            aria-label={feature.label}
            defaultChecked={chosen.includes(feature.key)}
            className="size-4 accent-ink"
          />
          {hasGrid ? PROPERTIES.find((property) => property.key === feature.property)?.label : feature.label}
        </label>
      ))}
    </fieldset>
  ));
}
