"use client";

import { useEffect, useState } from "react";
import { areSingleKeysOn, setSingleKeys } from "@/components/ui/single-keys";

/** Switches keys that do something by themselves; only where a script runs, since they need one. */
export function SingleKeysSwitch() {
  const [isOn, setOn] = useState<boolean | null>(null);
  useEffect(() => setOn(areSingleKeysOn()), []);
  if (isOn === null) return null;
  return (
    <label className="inline-flex min-h-control items-center gap-1.5">
      <input
        type="checkbox"
        checked={isOn}
        onChange={({ target }) => {
          setSingleKeys(target.checked);
          setOn(target.checked);
        }}
        className="size-4 accent-ink"
      />
      Single keys, such as J and K
    </label>
  );
}
