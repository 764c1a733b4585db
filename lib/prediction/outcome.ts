import { type Diagnosis, isLeftToPerson, type Label } from "../contract";
import { answerOf } from "./words";

/** What a predicted case was confirmed to be; `on` is the day it was confirmed, at midnight UTC; null where not reported. */
export type Outcome = { outcome: Diagnosis; on: Date | null };

/** "2026-11-24" */
export const dayText = (day: Date) => day.toISOString().slice(0, 10);

/** An outcome in words, for the history of edits: the class, then ", confirmed on 2026-11-24". */
export function outcomeText({ outcome, on }: Outcome): string {
  return on === null ? answerOf(outcome).word : `${answerOf(outcome).word}, confirmed on ${dayText(on)}`;
}

/** Whether a prediction agrees with the outcome; an uncertain one is held to the diagnosis at its threshold. */
export function agreement(
  { diagnosis, label }: { diagnosis: Diagnosis; label: Label | null },
  outcome: Diagnosis,
): { agrees: boolean; sentence: string } {
  const agrees = diagnosis === outcome;
  const said = answerOf(diagnosis).word;
  if (!isLeftToPerson(label)) {
    return {
      agrees,
      sentence: agrees
        ? `The prediction agrees: it said ${said}.`
        : `The prediction disagrees: it said ${said}.`,
    };
  }
  return {
    agrees,
    sentence: `The prediction was ${label === "uncertain" ? "uncertain" : "withheld"} and left to a person; at its cut-off it would have said ${said}, which ${agrees ? "agrees" : "disagrees"}.`,
  };
}
