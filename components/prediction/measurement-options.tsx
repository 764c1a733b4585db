"use client";

import { FEATURES, GROUPS } from "@/tables/current";

/** The options of a `<select>` of one measurement, by group; their values are keys. Not of the server, which would send them twice. */
export function MeasurementOptions() {
  return GROUPS.map((group) => (
    <optgroup key={group.key} label={group.label}>
      {FEATURES.filter((feature) => feature.group === group.key).map(({ key, label }) => (
        <option key={key} value={key}>
          {label}
        </option>
      ))}
    </optgroup>
  ));
}
