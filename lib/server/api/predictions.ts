import "server-only";
import { createHash } from "node:crypto";
import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { diagnosis } from "@/lib/contract";
import { filterParameters } from "@/lib/history/filters";
import {
  type Cursor,
  DEFAULT_HISTORY_QUERY,
  historyParameters,
  parseHistoryQuery,
  predictionId,
  SORT_KEYS,
} from "@/lib/history/query";
import { outcomeDay } from "@/lib/monitoring/outcome-form";
import { LONGEST } from "@/lib/prediction/columns";
import { caseCode, typedText } from "@/lib/prediction/typed-text";
import { fail, ok, type Result } from "@/lib/result";
import { actor, may } from "@/lib/server/access/actor";
import type { StoreError } from "@/lib/server/database/store";
import { listPredictions } from "@/lib/server/history/history";
import { deletePredictions } from "@/lib/server/history/selection";
import { findOutcome, setOutcome } from "@/lib/server/monitoring/outcomes";
import { findAnnotation, saveAnnotation } from "@/lib/server/notes/annotations";
import { type NotPredicted, predictAndSaveAll } from "@/lib/server/predict/predict-and-save";
import { findIdempotencyKey, findPrediction } from "@/lib/server/prediction/predictions";
import { EXAMPLE_CASE, keysOf, MOST_BYTES, type NewCase, newCases, readCase, readCases } from "./new-cases";
import { type Api, addOperation, BASE, type Bindings, invalidBody, readBody, readJson } from "./operation";
import { DEFAULT_LIMIT, LINK_HEADER, linkPages, MOST_LISTED, pageLinks, readPageAddress } from "./pages";
import { type Beside, predictionSummary, predictionView, summaryOf, viewOf } from "./prediction-view";
import {
  type Problem,
  problem,
  problemOf,
  type Refusal,
  refuse,
  retryAfterOf,
  storeRefusal,
} from "./problem";
import type { ProblemKind } from "./problem-kinds";
import { takeRows } from "./take-rows";

export function addPredictions(api: Api): void {
  addOperation(api, CREATE, create);
  addOperation(api, LIST, list);
  addOperation(api, READ, read);
  addOperation(api, ANNOTATE, annotate);
  addOperation(api, DELETE, remove);
  addOperation(api, SET_OUTCOME, recordOutcome);
}

/** An id that the examples use. */
const EXAMPLE_ID = "0190c8a0-0000-7000-8000-000000000001";

const params = z.object({ id: z.uuid().openapi({ param: { name: "id", in: "path" }, example: EXAMPLE_ID }) });
const ETAG = { ETag: "Names the state of what can change; for If-Match." };

const result = z.union([z.object({ prediction: predictionView }), z.object({ problem })]);
const created = z
  .object({
    saved: z.int(),
    refused: z.int(),
    results: z.array(result).openapi({ description: "What came of each case, in their order." }),
  })
  .openapi("PredictionResults");

const CREATE = {
  method: "post",
  path: "/predictions",
  operationId: "createPredictions",
  tag: "Predictions",
  summary: "Predict cases and save the answers",
  description:
    "One case is answered with its prediction. Many are answered with what came of each: those that are wrong are refused by a problem of their own, and keep none of the others from being saved. Where not one could be saved, the whole answer is a problem. With an Idempotency-Key, the same body sent again is answered with the predictions already saved.",
  headers: z.object({
    "Idempotency-Key": z.string().max(255).optional().openapi({
      description: "Any text that names this request, such as a UUID.",
      example: "5b2c0a52-2b3e-4bb4-9d8b-0c6a4f1d7c11",
    }),
  }),
  body: { schema: newCases, example: EXAMPLE_CASE },
  answers: {
    201: { description: "Saved.", schema: z.union([predictionView, created]) },
  },
  problems: [
    ...(["in-progress", "not-one-case", "idempotency-key-reused", "database-unavailable"] as const),
    ...(["model-failed", "model-unavailable", "model-timeout"] as const),
  ],
} as const;

const CALLERS_KEY = /^[\x21-\x7e]{1,255}$/;
/** Keys of requests that have no answer yet, each behind its team. */
const underway = new Set<string>();

async function create(c: Context<Bindings>): Promise<Response> {
  const body = await readJson(c, MOST_BYTES);
  if (!body.ok) return refuse(c, body.error);
  const callersKey = c.req.header("idempotency-key");
  if (callersKey === undefined) return predictCases(c, body.value, null);
  if (!CALLERS_KEY.test(callersKey)) {
    const detail = "Idempotency-Key has to be 1 to 255 visible ASCII characters.";
    return refuse(c, { kind: "malformed-request", detail });
  }
  const keys = keysOf(callersKey, body.value);
  const place = `${actor().team} ${keys.first}`;
  if (underway.has(place)) return refuse(c, { kind: "in-progress", detail: "Try again.", retryAfter: 1 });
  underway.add(place);
  try {
    const earlier = await findIdempotencyKey(keys.first, keys.last);
    if (!earlier.ok) return refuse(c, storeRefusal(earlier.error));
    if (earlier.value !== null && !earlier.value.startsWith(keys.prefix)) {
      const detail = "This key came before with another body.";
      return refuse(c, { kind: "idempotency-key-reused", detail });
    }
    return await predictCases(c, body.value, keys.at, earlier.value !== null);
  } finally {
    underway.delete(place);
  }
}

async function predictCases(
  c: Context<Bindings>,
  body: unknown,
  keyAt: ((index: number) => string) | null,
  isKnown = false,
): Promise<Response> {
  const { many, read } = readCases(body);
  if (!read.ok) return refuse(c, invalidBody(read.error));
  const cases = many
    ? read.value.map((one, at) => readCase(one, ["cases", at]))
    : [ok(read.value) as Result<NewCase, never>];
  const refused = await takeRows(c, cases.length);
  if (refused !== null) return refuse(c, refused);
  const key = crypto.randomUUID();
  const asked = cases.flatMap((one, at) =>
    one.ok ? [{ ...one.value, key: `${key} ${at}`, idempotencyKey: keyAt?.(at) }] : [],
  );
  const answered = await predictAndSaveAll(asked, { source: "api", requestId: c.get("requestId") });
  if (!answered.ok) return refuse(c, refusalOf(answered.error));

  const saved = answered.value.values();
  const outcomes = await Promise.all(
    cases.map(async (one): Promise<Result<z.infer<typeof predictionView>, Refusal>> => {
      if (!one.ok) return fail(invalidBody(one.error));
      const answer = saved.next().value;
      if (answer === undefined) throw new Error("fewer answers than cases");
      if (!answer.ok) return fail(refusalOf(answer.error));
      // A key that may predict and not read is told what it has sent.
      const beside =
        isKnown && may("read")
          ? await findBeside(answer.value.id)
          : ok({ ...NOTHING, caseCode: one.value.caseCode });
      return beside.ok ? ok(viewOf(answer.value, beside.value)) : fail(storeRefusal(beside.error));
    }),
  );
  const [first] = outcomes;
  if (!many && first !== undefined) {
    if (!first.ok) return refuse(c, first.error);
    c.header("Location", first.value.links.self);
    return c.json(first.value, 201);
  }
  const refusals = outcomes.flatMap((one) => (one.ok ? [] : [one.error]));
  if (refusals.length === outcomes.length) return refuse(c, together(refusals));
  const results = outcomes.map(
    (one): { prediction: z.infer<typeof predictionView> } | { problem: Problem } =>
      one.ok ? { prediction: one.value } : { problem: problemOf(one.error, c.get("requestId")) },
  );
  return c.json({ saved: outcomes.length - refusals.length, refused: refusals.length, results }, 201);
}

/** The refusals of all cases of a body as one. */
function together(refusals: readonly Refusal[]): Refusal {
  const errors = refusals.flatMap(
    ({ kind, detail, errors }, at) =>
      errors ?? (kind === "not-one-case" ? [{ pointer: `/cases/${at}`, detail }] : []),
  );
  const other = refusals.find(({ kind }) => kind !== "invalid-body" && kind !== "not-one-case");
  return other ?? { ...invalidBody(errors.slice(0, 50)), detail: "None of the cases could be saved." };
}

const KINDS = {
  not_one_case: "not-one-case",
  not_saved: "database-unavailable",
  unknown_if_saved: "unknown-if-changed",
  not_allowed: "forbidden",
  model_unavailable: "model-unavailable",
  timeout: "model-timeout",
  bad_request: "model-failed",
  too_large: "model-failed",
  model_contract: "model-failed",
  model_failed: "model-failed",
  misconfigured: "model-failed",
  bad_answer: "model-failed",
} as const satisfies Record<NotPredicted["code"], ProblemKind>;

function refusalOf({ code, what, advice, retryAfterMs }: NotPredicted): Refusal {
  const kind = KINDS[code];
  const isPassing = kind === "model-unavailable" || kind === "database-unavailable";
  return {
    kind,
    detail: `${what} ${advice}`,
    ...(isPassing && { retryAfter: retryAfterOf(retryAfterMs) }),
  };
}

const page = z
  .object({
    predictions: z.array(predictionSummary),
    total: z.object({
      count: z.int(),
      exact: z.boolean().openapi({ description: "Where false, there are at least so many." }),
    }),
    links: pageLinks,
  })
  .openapi("PredictionPage");

/** Those of the history's address that are no measurement, with what a program needs to know of each. */
const PARAMETERS = {
  sort: `What it is sorted by, such as -date: ${SORT_KEYS.slice(0, 4).join(", ")} or a column's key; a minus in front turns the order round.`,
  limit: `How many, 1 to ${MOST_LISTED}; ${DEFAULT_LIMIT} where it is left out.`,
  cursor: "A place in this order, as a link to another page has it.",
  from: "The first day, in UTC.",
  to: "The last day, in UTC.",
  answer: "Words of answers, with commas between them.",
  pmin: "The least probability.",
  pmax: "The greatest probability.",
  source: "Where they came from, with commas.",
  model: "A model's version.",
  outcome: "known, unknown or disagrees.",
  caution: "any, none, or a caution's code.",
  text: "Somewhere in case code or note.",
};
const EXAMPLES: Partial<Record<string, string>> = { sort: "-probability", limit: "10" };
const RANGE = "A range of this column, such as 10..20, 10.. or ..20.";
const BY_FORM = ["measure", "min", "max"];
const NAMES = [
  ...Object.keys(PARAMETERS),
  ...Object.keys(filterParameters).filter((name) => !(name in PARAMETERS) && !BY_FORM.includes(name)),
];

const LIST = {
  method: "get",
  path: "/predictions",
  operationId: "listPredictions",
  tag: "Predictions",
  summary: "Read a page of the history",
  description:
    "What the history's page shows, by the same names as in its address. Links to the first, the previous and the next page are in the header Link (RFC 8288) and in the body.",
  query: z.object(
    Object.fromEntries(
      NAMES.map((name) => [
        name,
        z
          .string()
          .optional()
          .openapi({
            description: PARAMETERS[name as keyof typeof PARAMETERS] ?? RANGE,
            example: EXAMPLES[name],
          }),
      ]),
    ),
  ),
  answers: {
    200: {
      description: "A page.",
      schema: page,
      headers: LINK_HEADER,
    },
  },
  problems: ["database-unavailable"],
} as const;

async function list(c: Context<Bindings>): Promise<Response> {
  const query = readPageAddress(c, NAMES, parseHistoryQuery);
  if (!query.ok) return refuse(c, query.error);
  const found = await listPredictions(query.value);
  if (!found.ok) return refuse(c, storeRefusal(found.error));
  const { rows, total } = found.value;
  const links = linkPages<Cursor>(c, `${BASE}/predictions`, found.value, query.value.size, (cursor) =>
    historyParameters({ ...query.value, size: DEFAULT_HISTORY_QUERY.size, cursor }),
  );
  return c.json({
    predictions: rows.map(summaryOf),
    total: { count: total.count, exact: total.exact },
    links,
  } satisfies z.infer<typeof page>);
}

const READ = {
  method: "get",
  path: "/predictions/{id}",
  operationId: "readPrediction",
  tag: "Predictions",
  summary: "Read one prediction",
  description: "Also one that is in the bin, which its deletedAt tells.",
  params,
  answers: { 200: { description: "The prediction.", schema: predictionView, headers: ETAG } },
  problems: ["not-found", "database-unavailable"],
} as const;

async function read(c: Context<Bindings>): Promise<Response> {
  const found = await findAll(c);
  return found.ok ? answerWith(c, found.value) : refuse(c, found.error);
}

type Found = { saved: Parameters<typeof viewOf>[0]; beside: Beside };
const NOTHING: Beside = { caseCode: null, note: null, outcome: null };

function answerWith(c: Context<Bindings>, { saved, beside }: Found): Response {
  c.header("ETag", etagOf({ saved, beside }));
  return c.json(viewOf(saved, beside), 200);
}

/** The entity tag of what can change: the rest of a prediction never does. */
function etagOf({ saved: { deletedAt }, beside: { caseCode, note, outcome } }: Found): string {
  const text = JSON.stringify([caseCode, note, outcome, deletedAt]);
  return `"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`;
}

async function findBeside(id: string): Promise<Result<Beside, StoreError>> {
  const [written, outcome] = await Promise.all([findAnnotation(id), findOutcome(id)]);
  if (!written.ok) return written;
  return outcome.ok ? ok({ ...written.value.annotation, outcome: outcome.value }) : outcome;
}

/** The prediction that a request's address names, and all that is kept of it. */
async function findAll(c: Context<Bindings>): Promise<Result<Found, Refusal>> {
  const id = predictionId.safeParse(c.req.param("id"));
  if (!id.success) return fail(NO_SUCH);
  const [saved, beside] = await Promise.all([
    findPrediction(id.data.toLowerCase()),
    findBeside(id.data.toLowerCase()),
  ]);
  if (!saved.ok) return fail(storeRefusal(saved.error));
  if (!beside.ok) return fail(storeRefusal(beside.error));
  return saved.value === null ? fail(NO_SUCH) : ok({ saved: saved.value, beside: beside.value });
}

/** The same, where it is to be changed. */
async function findToChange(c: Context<Bindings>): Promise<Result<Found, Refusal>> {
  const found = await findAll(c);
  return found.ok && found.value.saved.deletedAt !== null ? fail(IN_BIN) : found;
}

const NO_SUCH: Refusal = { kind: "not-found", detail: "No prediction has this id." };
const IN_BIN: Refusal = { kind: "deleted", detail: "It was deleted, and is not changed in the bin." };

const orNull = <T>(schema: z.ZodType<T, string>, longest: number) =>
  z
    .union([z.null(), schema])
    .optional()
    .openapi({ type: ["string", "null"], maxLength: longest });

const annotation = z
  .strictObject({
    caseCode: orNull(caseCode, LONGEST.case_code),
    note: orNull(typedText("note", LONGEST.note), LONGEST.note),
  })
  .refine((given) => Object.keys(given).length > 0, "Neither caseCode nor note is there.")
  .openapi("Annotation", { minProperties: 1, description: "What is left out stays; null removes." });

const ANNOTATE = {
  method: "patch",
  path: "/predictions/{id}",
  operationId: "annotatePrediction",
  tag: "Predictions",
  summary: "Change case code or note",
  description: "Each change is kept with its time. With If-Match, only where nothing has changed meanwhile.",
  params,
  headers: z.object({
    "If-Match": z.string().optional().openapi({ description: "The ETag that was read." }),
  }),
  body: { schema: annotation, example: { note: "Second slide agrees." } },
  answers: { 200: { description: "The prediction as it is now.", schema: predictionView, headers: ETAG } },
  problems: ["not-found", "deleted", "changed-meanwhile", "database-unavailable"],
} as const;

async function annotate(c: Context<Bindings>): Promise<Response> {
  const body = await readBody(c, annotation);
  if (!body.ok) return refuse(c, body.error);
  const found = await findToChange(c);
  if (!found.ok) return refuse(c, found.error);
  const { saved, beside } = found.value;
  const ifMatch = c.req.header("if-match");
  const isAsked = ifMatch !== undefined && ifMatch.trim() !== "*";
  if (isAsked && !ifMatch.split(",").some((tag) => tag.trim() === etagOf(found.value))) {
    return refuse(c, CHANGED);
  }
  const written = await saveAnnotation(saved.id, body.value, isAsked ? beside : undefined);
  if (!written.ok) return refuse(c, storeRefusal(written.error));
  if (written.value === null) return refuse(c, NO_SUCH);
  return written.value === "overtaken" ? refuse(c, CHANGED) : read(c);
}

const CHANGED: Refusal = {
  kind: "changed-meanwhile",
  detail: "The prediction is not as If-Match says. Read it again.",
};

const DELETE = {
  method: "delete",
  path: "/predictions/{id}",
  operationId: "deletePrediction",
  tag: "Predictions",
  summary: "Move a prediction to the bin",
  description: "A person can take it out again. Of one that is in the bin already, nothing changes.",
  params,
  answers: { 204: { description: "It is in the bin." } },
  problems: ["not-found", "database-unavailable"],
} as const;

async function remove(c: Context<Bindings>): Promise<Response> {
  const found = await findAll(c);
  if (!found.ok) return refuse(c, found.error);
  const deleted = await deletePredictions([found.value.saved.id]);
  return deleted.ok ? c.body(null, 204) : refuse(c, storeRefusal(deleted.error));
}

const newOutcome = z
  .strictObject({
    outcome: diagnosis.nullable(),
    on: outcomeDay
      .nullable()
      .optional()
      .openapi({
        type: ["string", "null"],
        format: "date",
        description: "The day it was confirmed; null where that is not known.",
      }),
  })
  .openapi("NewOutcome", { description: "What the case was confirmed to be; null removes it." });

const SET_OUTCOME = {
  method: "post",
  path: "/predictions/{id}/outcome",
  operationId: "setOutcome",
  tag: "Predictions",
  summary: "Record the confirmed outcome",
  description: "Each change is kept with its time.",
  params,
  body: { schema: newOutcome, example: { outcome: diagnosis.options[0], on: "2026-11-20" } },
  answers: { 200: { description: "The prediction as it is now.", schema: predictionView, headers: ETAG } },
  problems: ["not-found", "deleted", "database-unavailable"],
} as const;

async function recordOutcome(c: Context<Bindings>): Promise<Response> {
  const body = await readBody(c, newOutcome);
  if (!body.ok) return refuse(c, body.error);
  const found = await findToChange(c);
  if (!found.ok) return refuse(c, found.error);
  const { outcome, on = null } = body.value;
  const written = await setOutcome(found.value.saved.id, outcome === null ? null : { outcome, on });
  if (!written.ok) return refuse(c, storeRefusal(written.error));
  return written.value ? read(c) : refuse(c, NO_SUCH);
}
