import { keepInTab, keptInTab } from "@/components/ui/in-tab";
import type { MeasurementRecord } from "@/lib/measure/record";
import { byKey, type MeasurementTexts } from "@/lib/predict/measurements";

/**
 * A form that was left: `key` names it, so that one that was sent already is saved once; `isAnswered`: it was; `measured`: the
 * id of what its values were measured on.
 */
export type Draft = {
  key: string;
  caseCode: string;
  texts: MeasurementTexts;
  isAnswered: boolean;
  measured: string | null;
};

const DRAFT = "form-draft";

/** Keeps what is in the form through Back, Reload and a server that restarts, as long as the tab is open. */
export function keepDraft(draft: Draft): void {
  const isEmpty = draft.caseCode === "" && Object.values(draft.texts).every((text) => text === "");
  keepInTab(DRAFT, isEmpty ? null : draft);
}

/** What a page before this one left; an answered form only on the way back to it: who comes anew has the next case. */
export function leftDraft(): Draft | null {
  const { key, caseCode, texts, isAnswered, measured } = keptInTab(DRAFT) ?? {};
  if (typeof key !== "string" || typeof texts !== "object" || texts === null) return null;
  if (isAnswered === true && cameAnew()) return null;
  const known = new Map(Object.entries(texts));
  return {
    key,
    caseCode: typeof caseCode === "string" ? caseCode : "",
    texts: byKey((feature) => String(known.get(feature.key) ?? "")),
    isAnswered: isAnswered === true,
    measured: typeof measured === "string" ? measured : null,
  };
}

function cameAnew(): boolean {
  const [navigation] = performance.getEntriesByType("navigation");
  return !(navigation instanceof PerformanceNavigationTiming) || navigation.type === "navigate";
}

/** What the values of a form were measured on. */
export type Measured = {
  id: string;
  record: MeasurementRecord;
  /** The values as they were measured, as their fields have them. */
  texts: MeasurementTexts;
  /** "measured on 12 outlines", in the table's words: the form's page is not sent those. */
  says: string;
  /** Whether the image is to be sent and kept with the prediction. */
  keepImage: boolean;
  /** Whether the browser's draft of the image stays when the prediction is saved; else it goes, unless it changed after `at`. */
  keepDraft: boolean;
  at: number;
};

/** Apart from the draft, which is written with each key that is pressed: outlines can be a megabyte. */
const MEASURED = "form-measured";

export const keepMeasured = (measured: Measured | null): void => keepInTab(MEASURED, measured);

/** What was kept under this id, by this application: the server reads it for what it is. */
export function keptMeasured(id: string | null): Measured | null {
  const kept = keptInTab(MEASURED);
  return kept !== null && id !== null && kept.id === id ? (kept as Measured) : null;
}
