import * as z from "zod";
import { type Diagnosis, diagnosis, type Label } from "../contract";
import { fail, ok, type Result } from "../result";

/** What a biopsy said of a predicted case; `on` is the day it was confirmed, at midnight UTC; null where not told. */
export type Outcome = { outcome: Diagnosis; on: Date | null };

/** What was sent, as it was sent, and what is wrong with which field. */
export type OutcomeProblems = {
  sent: { outcome: string; on: string };
  fields: { outcome?: string; on?: string };
};

/** The form's answer. */
export type OutcomeAnswer =
  | ({ kind: "invalid" } & OutcomeProblems)
  | { kind: "recorded" | "removed" | "not_saved" };

export const EARLIEST_DAY = "1980-01-01";

/** The latest day that has begun anywhere, as "2026-11-24": a reader may be up to 14 hours ahead of UTC. */
export function latestDay(now = new Date()): string {
  return new Date(now.getTime() + 14 * 60 * 60 * 1000).toISOString().slice(0, 10);
}

/** Reads the outcome's form; the day must not lie in the future nor before 1980. */
export function parseOutcome(form: FormData, now = new Date()): Result<Outcome, OutcomeProblems> {
  const day = z.iso
    .date({ error: ({ input }) => (input === "" ? "Enter the day." : "Enter a day as 2026-11-24.") })
    .refine((text) => text >= EARLIEST_DAY, "The day must not be before 1980.")
    .refine((text) => text <= latestDay(now), "The day must not be in the future.");
  const outcome = diagnosis.safeParse(form.get("outcome"));
  const on = day.safeParse(form.get("on") ?? "");
  if (outcome.success && on.success) return ok({ outcome: outcome.data, on: new Date(on.data) });
  return fail({
    sent: { outcome: text(form.get("outcome")), on: text(form.get("on")) },
    fields: {
      ...(outcome.success ? {} : { outcome: "Choose malignant or benign." }),
      ...(on.success ? {} : { on: on.error.issues[0]?.message ?? "Enter a day as 2026-11-24." }),
    },
  });
}

const text = (value: FormDataEntryValue | null) => (typeof value === "string" ? value.slice(0, 40) : "");

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
