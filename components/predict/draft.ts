import { useEffect, useState } from "react";
import { keepInTab, keptInTab } from "@/components/ui/in-tab";
import { byKey, type MeasurementTexts } from "@/lib/predict/measurements";

/** A form that was left: `key` names it, so that one that was sent already is saved once. */
export type Draft = { key: string; texts: MeasurementTexts };

const PLACE = "form-draft";

/**
 * Keeps what is in the form through Back, Reload and a server that restarts. `left` is what a page before this one left
 * behind, to be offered; `keep` is called with all that is typed.
 */
export function useDraft() {
  const [left, setLeft] = useState<Draft | null>(null);
  // After the first render, which has to be the server's.
  useEffect(() => setLeft(readDraft()), []);
  return { left, keep: keepDraft, forget: () => setLeft(null) };
}

function keepDraft(draft: Draft): void {
  const isEmpty = Object.values(draft.texts).every((text) => text === "");
  keepInTab(PLACE, isEmpty ? null : draft);
}

function readDraft(): Draft | null {
  const { key, texts } = keptInTab(PLACE) ?? {};
  if (typeof key !== "string" || typeof texts !== "object" || texts === null) return null;
  const known = new Map(Object.entries(texts));
  return { key, texts: byKey((feature) => String(known.get(feature.key) ?? "")) };
}
