import type { Diagnosis, Label } from "../contract";

/** What a biopsy said of a predicted case; `on` is the day it was confirmed, at midnight UTC; null where not reported. */
export type Outcome = { outcome: Diagnosis; on: Date | null };

/** "2026-11-24" */
export const dayText = (day: Date) => day.toISOString().slice(0, 10);

export const OUTCOME_WORDS: Record<Diagnosis, string> = { M: "malignant", B: "benign" };

/** An outcome in words, for the history of edits: "malignant, confirmed on 2026-11-24". */
export function outcomeText({ outcome, on }: Outcome): string {
  return on === null ? OUTCOME_WORDS[outcome] : `${OUTCOME_WORDS[outcome]}, confirmed on ${dayText(on)}`;
}

/** Whether a prediction agrees with the outcome; an uncertain one is held to the diagnosis at its threshold. */
export function agreement(
  { diagnosis, label }: { diagnosis: Diagnosis; label: Label | null },
  outcome: Diagnosis,
): { agrees: boolean; sentence: string } {
  const agrees = diagnosis === outcome;
  const said = OUTCOME_WORDS[diagnosis];
  if (label !== "uncertain") {
    return {
      agrees,
      sentence: agrees
        ? `The prediction agrees: it said ${said}.`
        : `The prediction disagrees: it said ${said}.`,
    };
  }
  return {
    agrees,
    sentence: `The prediction was uncertain and left to a person; at its threshold it would have said ${said}, which ${agrees ? "agrees" : "disagrees"}.`,
  };
}
