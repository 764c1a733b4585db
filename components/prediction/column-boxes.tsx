"use client";

import { FEATURES, GROUPS, PROPERTIES } from "@/tables/current";

/** A box for each measurement, by group; `chosen` are ticked. Not of the server, which would send them twice. */
export function ColumnBoxes({ chosen }: { chosen: readonly string[] }) {
  return GROUPS.map((group) => (
    <fieldset key={group.key}>
      <legend className="pb-1 font-medium text-ink-2 text-xs">Columns: {group.label}</legend>
      {FEATURES.filter((feature) => feature.group === group.key).map((feature) => (
        <label key={feature.key} className="flex min-h-6 items-center gap-2 max-sm:min-h-control">
          <input
            type="checkbox"
            name="columns"
            value={feature.key}
            aria-label={feature.label}
            defaultChecked={chosen.includes(feature.key)}
            className="size-4 accent-ink"
          />
          {PROPERTIES.find((property) => property.key === feature.property)?.label}
        </label>
      ))}
    </fieldset>
  ));
}
