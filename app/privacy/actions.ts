"use server";

import type { FormState } from "@/lib/form-state";
import type { CaseDone } from "@/lib/privacy/case";
import { caseForm } from "@/lib/privacy/case-form";
import { fail, ok, type Result } from "@/lib/result";
import { formAction, whyNotSaved } from "@/lib/server/form-action";
import { eraseCase, findCase } from "@/lib/server/privacy/case";

type State = FormState<string, CaseDone>;

/** Files and tables are no one transaction. */
const BROKEN_OFF =
  "It was not erased completely: the database or the disk failed meanwhile. Show what is left, and erase again.";
const NOT_READ = "The database cannot be read at the moment. Try again.";

const act = formAction(caseForm, async ({ code, confirmed, whole }): Promise<Result<CaseDone, string>> => {
  if (confirmed === undefined) {
    const found = await findCase(code);
    return found.ok
      ? ok({ kind: "found", found: found.value, isOther: false })
      : fail(found.error.code === "not_read" ? NOT_READ : whyNotSaved(found.error));
  }
  const erased = await eraseCase(code, confirmed, whole);
  if (!erased.ok) return fail(erased.error.code === "not_saved" ? BROKEN_OFF : whyNotSaved(erased.error));
  return ok(
    "found" in erased.value
      ? { kind: "found", found: erased.value.found, isOther: true }
      : { kind: "erased", erased: erased.value },
  );
});

/** Finds what there is of the form's `code`, and erases it where its `confirmed` says what was shown. */
export async function caseAction(last: State, form: FormData): Promise<State> {
  const state = await act(last, form);
  // The code of what is gone is not sent back.
  return state?.ok && state.done.kind === "erased" ? { ...state, typed: {} } : state;
}
