import { useEffect, useState } from "react";
import { keepInTab, keptInTab } from "@/components/ui/in-tab";
import type { Label } from "@/lib/contract";
import { byKey, type MeasurementTexts } from "@/lib/predict/measurements";

/** A form that was left: `key` names it, so that one that was sent already is saved once; `isAnswered`: it was. */
export type Draft = { key: string; caseCode: string; texts: MeasurementTexts; isAnswered: boolean };

const DRAFT = "form-draft";

/** Keeps what is in the form through Back, Reload and a server that restarts, as long as the tab is open. */
export function keepDraft(draft: Draft): void {
  const isEmpty = draft.caseCode === "" && Object.values(draft.texts).every((text) => text === "");
  keepInTab(DRAFT, isEmpty ? null : draft);
}

/** What a page before this one left; an answered form only on the way back to it: who comes anew has the next case. */
export function leftDraft(): Draft | null {
  const { key, caseCode, texts, isAnswered } = keptInTab(DRAFT) ?? {};
  if (typeof key !== "string" || typeof texts !== "object" || texts === null) return null;
  if (isAnswered === true && cameAnew()) return null;
  const known = new Map(Object.entries(texts));
  return {
    key,
    caseCode: typeof caseCode === "string" ? caseCode : "",
    texts: byKey((feature) => String(known.get(feature.key) ?? "")),
    isAnswered: isAnswered === true,
  };
}

function cameAnew(): boolean {
  const [navigation] = performance.getEntriesByType("navigation");
  return !(navigation instanceof PerformanceNavigationTiming) || navigation.type === "navigate";
}

/** A case that was answered in this tab. */
export type SessionCase = {
  id: string;
  name: string;
  label: Label;
  probability: string;
  values: readonly number[];
};

const SESSION = "session-cases";
const LATEST = 6;

/** The latest cases of this tab, latest first. */
export function useSessionCases(): [readonly SessionCase[], (added: SessionCase) => void] {
  const [cases, setCases] = useState<readonly SessionCase[]>([]);
  // After the first render, which has to be the server's.
  useEffect(() => setCases(keptCases()), []);
  const add = (added: SessionCase) =>
    setCases((earlier) => {
      const next = [added, ...earlier.filter(({ id }) => id !== added.id)].slice(0, LATEST);
      keepInTab(SESSION, { cases: next });
      return next;
    });
  return [cases, add];
}

function keptCases(): SessionCase[] {
  const { cases } = keptInTab(SESSION) ?? {};
  return Array.isArray(cases) ? cases.filter(isSessionCase) : [];
}

const isSessionCase = (one: unknown): one is SessionCase =>
  typeof one === "object" && one !== null && "id" in one && "values" in one && Array.isArray(one.values);
