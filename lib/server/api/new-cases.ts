import "server-only";
import { createHash } from "node:crypto";
import { z } from "@hono/zod-openapi";
import { MAX_INSTANCES, readWireVector, wireVector } from "@/lib/contract";
import { byKey, type Measurements } from "@/lib/predict/measurements";
import { caseCode as typedCaseCode } from "@/lib/prediction/typed-text";
import { readWireValue, wireValue } from "@/lib/prediction/value";
import { fail, ok, type Result } from "@/lib/result";
import { FEATURES, SAMPLES } from "@/tables/current";
import { measurements } from "./prediction-view";
import { errorsOf, type FieldError } from "./problem";

/** The body that asks for predictions: one case, or many. */

const caseCode = typedCaseCode.optional().openapi({
  type: "string",
  maxLength: 64,
  description: "What you call the case, on one line. Not for a person's name.",
});
const IN_ORDER = FEATURES.every(({ type }) => type === "number")
  ? "The numbers in the order of the columns."
  : "The values in the order of the columns.";
const byName = z.strictObject({ measurements, caseCode }).openapi("CaseByName");
const byOrder = z
  .strictObject({
    features: wireVector.openapi({ description: IN_ORDER }),
    caseCode,
  })
  .openapi("CaseByOrder");

export type NewCase = { caseCode: string | null; values: Measurements };

const oneCase = z.union([byName, byOrder]);

/** The cases of a body, each read by itself: what is wrong in one is said of that one. */
const manyCases = z.strictObject({ cases: z.array(z.unknown()).min(1).max(MAX_INSTANCES) }).openapi("Cases");

/** The same for the document. */
const manyDocumented = z.strictObject({ cases: z.array(oneCase).min(1).max(MAX_INSTANCES) }).openapi("Cases");

export const newCases = z.union([byName, byOrder, manyDocumented]);

const [{ values: sample }] = SAMPLES;
export const EXAMPLE_CASE = {
  measurements: byKey((feature) => wireValue(feature, sample[feature.index] ?? Number.NaN)),
  caseCode: "B-201",
};

/** A body as one case or many. */
export function readCases(
  body: unknown,
):
  | { many: false; read: Result<NewCase, FieldError[]> }
  | { many: true; read: Result<unknown[], FieldError[]> } {
  if (typeof body === "object" && body !== null && "cases" in body) {
    const parsed = manyCases.safeParse(body);
    return {
      many: true,
      read: parsed.success ? ok(parsed.data.cases) : fail(errorsOf(parsed.error.issues)),
    };
  }
  return { many: false, read: readCase(body) };
}

/** One case, or what is wrong with it; `at` is where in the body it stands. */
export function readCase(one: unknown, at: readonly PropertyKey[] = []): Result<NewCase, FieldError[]> {
  if (typeof one === "object" && one !== null && "features" in one) {
    const parsed = byOrder.safeParse(one);
    if (!parsed.success) return fail(errorsOf(parsed.error.issues, at));
    const { features, caseCode = null } = parsed.data;
    const values = readWireVector(features);
    return ok({ caseCode, values: byKey(({ index }) => values[index] ?? Number.NaN) });
  }
  const parsed = byName.safeParse(one);
  if (!parsed.success) return fail(errorsOf(parsed.error.issues, at));
  const { measurements: wire, caseCode = null } = parsed.data;
  return ok({
    caseCode,
    values: byKey((feature) => readWireValue(feature, wire[feature.key]) ?? Number.NaN),
  });
}

/** Bytes of a text in JSON. */
const jsonBytes = (text: string) => Buffer.byteLength(JSON.stringify(text));

/** Bytes: a name, a number of 24 characters or a code and what JSON needs around them, for every column of every case. */
export const MOST_BYTES =
  MAX_INSTANCES *
  FEATURES.reduce(
    (sum, { key, levels }) => sum + Math.max(64, jsonBytes(key) + Math.max(24, ...levels.map(jsonBytes)) + 8),
    0,
  );

/** Hexadecimal digits of each part of a key: of the caller's key, of the body, and of the case's place in it. */
const DIGITS = { key: 32, body: 28, at: 4 };
const digest = (text: string, digits: number) =>
  createHash("sha256").update(text).digest("hex").slice(0, digits);

/**
 * The idempotency keys of a body that was sent under a caller's key. Those of all bodies under that key lie from `first` to
 * `last`, so that the database tells whether there is another.
 */
export function keysOf(callersKey: string, body: unknown) {
  const key = digest(`api\n${callersKey}`, DIGITS.key);
  const prefix = key + digest(JSON.stringify(body), DIGITS.body);
  return {
    first: key.padEnd(64, "0"),
    last: key.padEnd(64, "f"),
    prefix,
    at: (index: number) => prefix + index.toString(16).padStart(DIGITS.at, "0"),
  };
}
