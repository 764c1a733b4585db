import { useEffect, useState } from "react";
import { byKey, type MeasurementTexts } from "@/lib/predict/measurements";

/** A form that was left: `key` names it, so that one that was sent already is saved once. */
export type Draft = { key: string; texts: MeasurementTexts };

/** For this tab, as long as its session lasts: on a shared machine the next person has another. */
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
  try {
    if (isEmpty) sessionStorage.removeItem(PLACE);
    else sessionStorage.setItem(PLACE, JSON.stringify(draft));
  } catch {
    // A browser that keeps nothing: the form works all the same.
  }
}

function readDraft(): Draft | null {
  try {
    const draft: unknown = JSON.parse(sessionStorage.getItem(PLACE) ?? "null");
    if (typeof draft !== "object" || draft === null || !("key" in draft) || !("texts" in draft)) return null;
    const { key, texts } = draft;
    if (typeof key !== "string" || typeof texts !== "object" || texts === null) return null;
    const known = new Map(Object.entries(texts));
    return { key, texts: byKey((feature) => String(known.get(feature.key) ?? "")) };
  } catch {
    return null;
  }
}
