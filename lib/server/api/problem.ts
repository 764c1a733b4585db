import "server-only";
import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { $ZodIssue } from "zod/v4/core";
import type { Bindings } from "./operation";

/** What the API answers where it cannot do what it was asked: RFC 9457. */

/** Every kind of problem. `says` is a sentence for whoever reads the reference. */
export const PROBLEMS = {
  "malformed-request": {
    status: 400,
    title: "The request cannot be read",
    says: "The body is not JSON, or the address has a parameter that is unknown, repeated or wrong.",
  },
  "foreign-origin": {
    status: 403,
    title: "The request comes from another site",
    says: "A browser says by Origin or Sec-Fetch-Site that a page of another site sends it. Programs send neither.",
  },
  "not-found": {
    status: 404,
    title: "There is no such thing",
    says: "Nothing is at this address, or no prediction has this id.",
  },
  "method-not-allowed": {
    status: 405,
    title: "The method is not answered here",
    says: "The header Allow names those that are.",
  },
  "in-progress": {
    status: 409,
    title: "The same request is being answered",
    says: "A request with this Idempotency-Key has no answer yet. Wait for it.",
  },
  deleted: {
    status: 409,
    title: "The prediction is in the bin",
    says: "What is deleted is not changed. A person can take it out of the bin.",
  },
  "changed-meanwhile": {
    status: 412,
    title: "It has changed meanwhile",
    says: "If-Match names another state than the present one. Read it again, and decide again.",
  },
  "body-too-large": {
    status: 413,
    title: "The body is too large",
    says: "Send fewer cases in one request.",
  },
  "unsupported-media-type": {
    status: 415,
    title: "The body has the wrong type",
    says: "Content-Type has to be the one that the operation takes.",
  },
  "invalid-body": {
    status: 422,
    title: "The body is not what the operation takes",
    says: "Each of errors points at one place in the body (RFC 6901) and says what is wrong there.",
  },
  "not-one-case": {
    status: 422,
    title: "The values do not fit one case",
    says: "Too many lie outside every training case, or contradict each other: their order or their units may be wrong. Nothing is saved.",
  },
  "idempotency-key-reused": {
    status: 422,
    title: "The Idempotency-Key is of another request",
    says: "A key names one body. Use a new key for new cases.",
  },
  misdirected: {
    status: 421,
    title: "The host name is not one of ours",
    says: "Whoever runs Cytodesk can add it to ALLOWED_HOSTS.",
  },
  internal: {
    status: 500,
    title: "A fault of Cytodesk",
    says: "The log says more, by the request's id.",
  },
  "model-failed": {
    status: 502,
    title: "The model gave no valid answer",
    says: "The model that runs elsewhere failed, or is not set up correctly. Nothing is saved.",
  },
  "model-unavailable": {
    status: 503,
    title: "The model cannot be reached now",
    says: "It is busy, starting or gone. Retry-After says when to try again. Nothing is saved.",
  },
  "database-unavailable": {
    status: 503,
    title: "The database cannot be used now",
    says: "Retry-After says when to try again. Nothing has changed.",
  },
  "model-timeout": {
    status: 504,
    title: "The model did not answer in time",
    says: "The model that runs elsewhere took too long. Nothing is saved.",
  },
} as const satisfies Record<string, { status: number; title: string; says: string }>;
export type ProblemKind = keyof typeof PROBLEMS;

/** A place in the body, as a JSON pointer, and what is wrong there. */
const fieldError = z
  .object({ pointer: z.string(), detail: z.string() })
  .openapi({ example: { pointer: "/measurements", detail: "Invalid input: expected object" } });
export type FieldError = z.infer<typeof fieldError>;

export const problem = z
  .object({
    type: z.string().openapi({ description: "The address that explains this kind of problem." }),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string(),
    errors: z.array(fieldError).optional(),
    requestId: z.string().openapi({ description: "Finds the lines of the log." }),
  })
  .openapi("Problem");
export type Problem = z.infer<typeof problem>;

/** Why a request is not done, before it is said of a request. `retryAfter` is in seconds. */
export type Refusal = {
  kind: ProblemKind;
  detail: string;
  errors?: FieldError[];
  retryAfter?: number;
};

/** Where a kind of problem is explained. */
const typeOf = (kind: ProblemKind) => `/api-docs#${kind}`;

/** A refusal as the body of an answer. */
export const problemOf = ({ kind, detail, errors }: Refusal, requestId: string): Problem => ({
  type: typeOf(kind),
  title: PROBLEMS[kind].title,
  status: PROBLEMS[kind].status,
  detail,
  ...(errors !== undefined && { errors }),
  requestId,
});

/** Answers with a problem. */
export function refuse(c: Context<Bindings>, refusal: Refusal): Response {
  const headers = { "Content-Type": "application/problem+json" };
  return c.body(JSON.stringify(problemOf(refusal, c.get("requestId"))), PROBLEMS[refusal.kind].status, {
    ...headers,
    ...(refusal.retryAfter !== undefined && { "Retry-After": String(refusal.retryAfter) }),
  });
}

const RETRY_AFTER_S = 5;

export const NOT_READ: Refusal = {
  kind: "database-unavailable",
  detail: "The database could not be read. Try again.",
  retryAfter: RETRY_AFTER_S,
};
export const NOT_WRITTEN: Refusal = {
  kind: "database-unavailable",
  detail: "The database could not be written to, and nothing has changed. Try again.",
  retryAfter: RETRY_AFTER_S,
};

/** Seconds after which to try again, of a time in milliseconds that may not be known. */
export const retryAfterOf = (ms = 0) => Math.max(1, Math.ceil(ms / 1000)) || RETRY_AFTER_S;

const step = (key: PropertyKey) => String(key).replaceAll("~", "~0").replaceAll("/", "~1");
const pointerOf = (path: readonly PropertyKey[]) => path.map((key) => `/${step(key)}`).join("");

/** Errors of one body; more help nobody. */
const MOST_ERRORS = 50;

/** What zod found wrong, by place; `at` is where in the body it was asked to look. */
export function errorsOf(issues: readonly $ZodIssue[], at: readonly PropertyKey[] = []): FieldError[] {
  return issues
    .flatMap((issue) =>
      issue.code === "unrecognized_keys"
        ? issue.keys.map((key) => ({
            pointer: pointerOf([...at, ...issue.path, key]),
            detail: "There is no such property.",
          }))
        : [{ pointer: pointerOf([...at, ...issue.path]), detail: issue.message }],
    )
    .slice(0, MOST_ERRORS);
}
