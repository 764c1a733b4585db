import "server-only";
import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { $ZodIssue } from "zod/v4/core";
import type { NotAllowed } from "@/lib/server/access/actor";
import type { StoreError } from "@/lib/server/database/store";
import type { Bindings } from "./operation";
import { PROBLEMS, type ProblemKind } from "./problem-kinds";

/** What the API answers where it cannot do what it was asked: RFC 9457. */

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
const NOT_WRITTEN: Refusal = {
  kind: "database-unavailable",
  detail: "The database could not be written to, and nothing has changed. Try again.",
  retryAfter: RETRY_AFTER_S,
};

const UNKNOWN: Refusal = {
  kind: "unknown-if-changed",
  detail:
    "The disk or the database failed as this was to be kept. Look whether it was, before you ask again.",
};

/** What is answered where the database did not do what was asked. */
export function storeRefusal({ code, cause }: StoreError): Refusal {
  if (code === "not_allowed") return forbidden(cause);
  if (code === "unknown") return UNKNOWN;
  if (code === "read_only") return { kind: "database-unavailable", detail: cause.message };
  return code === "not_read" ? NOT_READ : NOT_WRITTEN;
}

export const forbidden = ({ message }: NotAllowed): Refusal => ({ kind: "forbidden", detail: message });

/** Seconds after which to try again, of a time in milliseconds that may not be known. */
export const retryAfterOf = (ms?: number) =>
  ms === undefined ? RETRY_AFTER_S : Math.max(1, Math.ceil(ms / 1000));

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
