"use client";

import { useTicked } from "@/components/ui/use-ticked";
import { countPredictions } from "@/lib/format";

/** Says how many rows of the page are ticked, or what to do with none. */
export function SelectionCount({ idle }: { idle: string }) {
  const { ticked } = useTicked();
  return <span aria-live="polite">{ticked === 0 ? idle : `${countPredictions(ticked)} selected`}</span>;
}
