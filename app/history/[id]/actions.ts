"use server";

import { byKey } from "@/lib/predict/measurements";
import { cannotBeOneCase } from "@/lib/predict/one-case";
import { fail, type Result } from "@/lib/result";
import { type WhatIf, whatIfQuestion } from "@/lib/review/review";
import { askWhatIf } from "@/lib/server/review/what-if";

/** Answers a what-if question with the model in use; saves nothing. */
export async function explore(question: unknown): Promise<Result<WhatIf, { message: string }>> {
  const parsed = whatIfQuestion.safeParse(question);
  if (!parsed.success) return fail({ message: "These values cannot be read. Reload the page." });
  const { values } = parsed.data;
  if (cannotBeOneCase(byKey(({ index }) => values[index] ?? 0))) {
    return fail({ message: "No answer: these values do not fit one case. Reset some of them." });
  }
  return askWhatIf(parsed.data);
}
