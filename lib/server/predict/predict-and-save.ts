import "server-only";
import type { SavedPrediction, Source, UnsavedPrediction } from "@/lib/contract";
import { NOT_ALLOWED } from "@/lib/not-allowed";
import type { Measurements } from "@/lib/predict/measurements";
import { fail, ok, type Result } from "@/lib/result";
import { requireRight } from "@/lib/server/access/actor";
import { refusalOf, type StoreError } from "@/lib/server/database/store";
import type { InferenceError } from "@/lib/server/inference/failure";
import { inference } from "@/lib/server/inference/inference";
import { measured } from "@/lib/server/metrics/metrics";
import { recordFailure } from "@/lib/server/path/path-record";
import type { NewMeasurement } from "@/lib/server/prediction/new-prediction";
import { savePrediction, unsavedOf } from "@/lib/server/prediction/predictions";
import { FEATURE_KEYS, oneCase, SAMPLES, site } from "@/tables/current";

/** `what` and `advice` are sentences for a person; `unsaved` is the answer where there is one that could not be saved. */
export type NotPredicted = Pick<InferenceError, "what" | "advice" | "retryAfterMs"> & {
  code: InferenceError["code"] | "not_one_case" | "not_saved" | "unknown_if_saved" | "not_allowed";
  unsaved?: UnsavedPrediction;
};

const NOT_ONE_CASE: NotPredicted = {
  code: "not_one_case",
  what: "These values do not fit one case.",
  advice: `Check that none is missing, that all have the same units, and their order: ${site.order}.`,
};
const MAY_NOT: NotPredicted = {
  code: "not_allowed",
  what: NOT_ALLOWED.predict,
  advice: "The model was not asked.",
};
const NOT_SAVED: NotPredicted = {
  code: "not_saved",
  what: "The model answered, but the result could not be saved, so it is not in the history.",
  advice: "Save it again; if that keeps failing, ask your administrator to check the disk and DATABASE_URL.",
};

const UNKNOWN_IF_SAVED: NotPredicted = {
  code: "unknown_if_saved",
  what: "The model answered, but the disk or the database failed while the result was saved: it may be in the history, or not.",
  advice: "Save it again: where it is there already, it stays one.",
};

function whyNotSaved({ code, cause }: StoreError): NotPredicted {
  if (code === "unknown") return UNKNOWN_IF_SAVED;
  return code === "read_only" ? { ...NOT_SAVED, advice: cause.message } : NOT_SAVED;
}

/** `key` names one submission of the form: the same key and values sent again give the row already saved. */
export type NewCase = {
  key: string;
  /** The whole idempotency key, where the door makes its own. */
  idempotencyKey?: string;
  caseCode: string | null;
  /** What the values were measured on, where they were. */
  measurement?: NewMeasurement | null;
  values: Measurements;
};

/** Where cases came from, unless they are samples or were measured on an image, and the id that finds the log lines of their request. */
type Door = { source: Exclude<Source, "sample" | "image">; requestId?: string };
const FORM: Door = { source: "form" };

/** Predicts one case and saves the answer; one that was saved before keeps the case code that it has. */
export async function predictAndSave(
  one: NewCase,
  door: Door = FORM,
): Promise<Result<SavedPrediction, NotPredicted>> {
  const all = await predictAndSaveAll([one], door);
  if (!all.ok) return all;
  const [saved] = all.value;
  if (saved === undefined) throw new Error("one case was sent, and none came back");
  return saved;
}

/**
 * Predicts cases, at most MAX_INSTANCES, in one request to the model, and saves the answers: what every door, of people or
 * programs, does with parsed values. What came of each, in their order; where the model fails, it fails for all.
 */
export async function predictAndSaveAll(
  cases: readonly NewCase[],
  { source, requestId: askedAs }: Door = FORM,
): Promise<Result<Result<SavedPrediction, NotPredicted>[], NotPredicted>> {
  // Before the model is asked.
  if (refusalOf("predict") !== null) return fail(MAY_NOT);
  const rows = cases.map(({ values }) =>
    oneCase.isImpossible(values) ? null : FEATURE_KEYS.map((feature) => values[feature]),
  );
  const asked = rows.filter((row) => row !== null);
  if (asked.length === 0) return ok(cases.map(() => fail(NOT_ONE_CASE)));
  const answer = await ask(asked, askedAs);
  if (!answer.ok) return answer;

  const { requestId, predictions, ...answered } = answer.value;
  const answers = predictions.values();
  const saving = cases.map(async ({ key, idempotencyKey, caseCode, measurement = null }, at) => {
    const values = rows[at];
    if (values === null || values === undefined) return fail(NOT_ONE_CASE);
    const prediction = answers.next().value;
    if (prediction === undefined) throw new Error("inference answered with fewer predictions than rows");
    const entry = {
      ...{ formKey: key, idempotencyKey, caseCode, measurement, values, prediction },
      ...answered,
      source: sourceOf(values, measurement) ?? source,
    };
    const saved = await savePrediction(entry, { requestId });
    if (!saved.ok) return fail({ ...whyNotSaved(saved.error), unsaved: unsavedOf(entry) });
    measured()?.predictions.inc({
      answer: saved.value.label ?? saved.value.diagnosis,
      backend: answered.backend,
    });
    return ok(saved.value);
  });
  return ok(await Promise.all(saving));
}

/** The source of what is no case of anybody, whichever door it came by, or was measured; null for the door's own. */
function sourceOf(values: readonly number[], measurement: NewMeasurement | null): Source | null {
  if (measurement?.synthetic === true || isSample(values)) return "sample";
  return measurement === null ? null : "image";
}

const isSample = (values: readonly number[]) =>
  SAMPLES.some((sample) => sample.values.every((value, index) => Object.is(value, (values[index] ?? 0) + 0)));

/** What the model in use says of one case, by the table's order; nothing is saved. */
export async function predictOnly(
  values: readonly number[],
): Promise<Result<UnsavedPrediction, NotPredicted>> {
  requireRight("read");
  const answer = await ask([values]);
  if (!answer.ok) return answer;
  const {
    requestId: _,
    predictions: [prediction],
    ...answered
  } = answer.value;
  if (prediction === undefined)
    throw new Error("inference answered without a prediction for the one row sent");
  return ok(unsavedOf({ source: "form", values, prediction, ...answered }));
}

/** The model's answer to cases; a failure is recorded, and the caller learns it with or without that. */
async function ask(rows: readonly (readonly number[])[], askedAs?: string) {
  const answer = await inference().predict(rows, { requestId: askedAs });
  if (!answer.ok) {
    await recordFailure(answer.error);
    const { code, what, advice, retryAfterMs } = answer.error;
    return fail<NotPredicted>({ code, what, advice, retryAfterMs });
  }
  const { predictions, model, backend, latencyMs, requestId } = answer.value;
  return ok({ predictions, model, backend, latencyMs, requestId });
}
