import * as z from "zod";
import { FEATURES } from "../../tables/current";
import type { PredictFailure, PredictOutcome } from "../contract";
import { textsOf } from "../form-state";
import { hasGrid } from "../prediction/layout";
import { caseCode } from "../prediction/typed-text";
import { fail, ok, type Result } from "../result";
import {
  byKey,
  countWrongFields,
  type Measurements,
  type MeasurementTexts,
  parseTexts,
} from "./measurements";

/** What a plain form post leaves on the page: what was typed, and what came of it. */
export type PostedForm = {
  key: string;
  caseCode: string;
  texts: MeasurementTexts;
  outcome: PredictOutcome;
};

/**
 * Names the next form of a browser without JavaScript: the empty form is the same HTML for everybody, so each answer with it
 * brings a key of its own as this cookie.
 */
export const FORM_KEY_COOKIE = "form-key";

/** What the form sends: `key` names one filled form, so that sending it twice saves one row. */
export const predictForm = z.object({
  key: z.string().regex(/^[\w-]{16,64}$/),
  caseCode: caseCode.default(null),
  /** What the values were measured on, which lib/server/predict/measurement.ts reads. */
  measurement: z.unknown().optional(),
  values: z.record(z.string(), z.unknown()).transform((texts, context): Measurements => {
    const parsed = parseTexts(texts);
    if (parsed.ok) return parsed.value;
    for (const [key, message] of Object.entries(parsed.error))
      context.addIssue({ code: "custom", message, path: [key] });
    return z.NEVER;
  }),
});

/** Parses what the form sends; the failure names every field that is wrong. */
export function readSubmittedForm(input: unknown): Result<z.infer<typeof predictForm>, PredictFailure> {
  const form = predictForm.safeParse(input);
  return form.success ? ok(form.data) : fail(invalidForm(form.error.issues));
}

/**
 * The texts of a plain form post, made without JavaScript; a field that is missing is empty. One that says "not known"
 * beside a number has both, so that neither is dropped in silence.
 */
export function readPostedTexts(data: FormData): Omit<PostedForm, "outcome"> {
  const texts = textsOf(data);
  return {
    key: texts.key ?? "",
    caseCode: texts.caseCode ?? "",
    texts: byKey(({ key }) =>
      [...new Set(data.getAll(key))].filter((text) => typeof text === "string" && text !== "").join(" "),
    ),
  };
}

function invalidForm(issues: readonly z.core.$ZodIssue[]): PredictFailure {
  const fields: PredictFailure["fields"] = {};
  for (const { path, message } of issues) {
    const feature = FEATURES.find(({ key }) => path[0] === "values" && path[1] === key);
    if (feature !== undefined) fields[feature.key] = message;
  }
  const wrong = Object.keys(fields).length;
  const message =
    wrong > 0
      ? countWrongFields(wrong)
      : (issues.find(({ path }) => path[0] === "caseCode")?.message ??
        "This form cannot be read. Reload the page and fill it again; nothing was saved.");
  return { code: "invalid_form", message, fields };
}

/** There is an answer, and it is shown. */
const WITH_ANSWER: readonly PredictFailure["code"][] = ["not_saved", "unknown_if_saved"];
const KEPT = "Nothing was saved; your values are still in the form.";

/** Why a case has no saved prediction, as the form says it under a title of its own. */
export function failureInForm(
  failure: { what: string; advice: string } & Pick<PredictFailure, "code" | "unsaved">,
): Result<never, PredictFailure> {
  const { code, what, advice, unsaved } = failure;
  const message =
    code === "not_one_case"
      ? `${advice} The notes below the ${hasGrid ? "grid" : "fields"} name what does not fit. ${KEPT}`
      : [what, ...(WITH_ANSWER.includes(code) ? [] : [KEPT]), advice].join(" ").trim();
  return fail({ code, message, unsaved });
}
