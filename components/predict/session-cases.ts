import { useEffect, useState } from "react";
import { keepInTab, keptInTab } from "@/components/ui/in-tab";
import type { Label } from "@/lib/contract";

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
