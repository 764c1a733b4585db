import "server-only";
import type { HttpBindings } from "@hono/node-server";
import type { OpenAPIHono, RouteConfig, z } from "@hono/zod-openapi";
import type { Context, Handler } from "hono";
import { fail, ok, type Result } from "@/lib/result";
import { readAtMost } from "@/lib/server/read-at-most";
import { errorsOf, problem, type Refusal, refuse } from "./problem";
import { PROBLEMS, type ProblemKind } from "./problem-kinds";

/** An operation of the API: what it is in the document, and what answers it, said once. */

/** `incoming` is not there where a test calls the API without a server. */
export type Bindings = { Variables: { requestId: string }; Bindings: Partial<HttpBindings> };
export type Api = OpenAPIHono<Bindings>;

export const BASE = "/api/v1";

/** The parts of the reference, in its order. */
export const TAGS = {
  Predictions: "Cases in, answers out, and what is kept of them.",
  Batches: "A file of cases in, a file of answers out.",
  Model: "What answers, and the columns that it takes.",
  Health: "Whether the process, its database and its model are well.",
} as const;

type Answer = {
  description: string;
  schema?: z.ZodType;
  example?: unknown;
  headers?: Record<string, string>;
  /** The types of an answer that is a file rather than JSON. */
  files?: readonly string[];
};

export type Operation = {
  method: "get" | "post" | "patch" | "delete";
  /** Below BASE, with `{name}` for what varies. */
  path: `/${string}`;
  operationId: string;
  tag: keyof typeof TAGS;
  /** A few words, and where they do not say enough, sentences. */
  summary: string;
  description?: string;
  params?: z.ZodObject;
  /** Its parameters in the address; without it there are none. */
  query?: z.ZodObject;
  headers?: z.ZodObject;
  /** `files`: the types of a file that the body may be instead of JSON. */
  body?: { schema: z.ZodType; example: unknown; files?: readonly string[] };
  answers: Record<number, Answer>;
  /** Beside those that every operation has. */
  problems: readonly ProblemKind[];
};

const ALWAYS: readonly ProblemKind[] = [
  "malformed-request",
  "unauthenticated",
  "foreign-origin",
  "forbidden",
  "misdirected",
  "too-many-requests",
  "busy",
  "internal",
];
const OF_BODIES: readonly ProblemKind[] = ["body-too-large", "unsupported-media-type", "invalid-body"];

/** What a page of any site can send without asking first: no operation takes it. */
const ANY_SITE_SENDS = /^(text\/plain|multipart\/form-data|application\/x-www-form-urlencoded)\b/i;

/** Adds an operation to the API and its document; where it takes no parameters, an address with some is refused. */
export function addOperation(api: Api, operation: Operation, handle: Handler<Bindings>): void {
  const { method, path } = operation;
  api.openAPIRegistry.registerPath(documented(operation));
  const route = BASE + path.replaceAll(/\{(\w+)\}/g, ":$1");
  const takesNone = operation.query === undefined;
  api.on(method.toUpperCase(), route, (c, next) => {
    if (takesNone && c.req.url.includes("?")) {
      const [name = ""] = new URL(c.req.url).searchParams.keys();
      return refuse(c, {
        kind: "malformed-request",
        detail: `There is no parameter "${name.slice(0, 40)}".`,
      });
    }
    if (takesNoBody(operation) && ANY_SITE_SENDS.test(c.req.header("content-type") ?? "")) {
      return refuse(c, { kind: "unsupported-media-type", detail: "Send no body, and no Content-Type." });
    }
    return handle(c, next);
  });
}

const takesNoBody = ({ method, body }: Operation) => method !== "get" && body === undefined;

/** To the methods that an address of the API does not have, and to OPTIONS; called once every operation is there. */
export function answerOtherMethods(api: Api): void {
  const methods = new Map<string, string[]>();
  for (const { method, path } of api.routes) {
    if (method !== "ALL") methods.set(path, [...(methods.get(path) ?? []), method]);
  }
  for (const [path, own] of methods) {
    const allow = [...own, ...(own.includes("GET") ? ["HEAD"] : []), "OPTIONS"].join(", ");
    api.all(path, (c) => {
      c.header("Allow", allow);
      if (c.req.method === "OPTIONS") return c.body(null, 204);
      return refuse(c, { kind: "method-not-allowed", detail: `${allow} are answered here.` });
    });
  }
}

function documented(operation: Operation): RouteConfig {
  const { method, path, operationId, tag, summary, description, params, query, headers, body } = operation;
  const ofBody: readonly ProblemKind[] = takesNoBody(operation)
    ? ["unsupported-media-type"]
    : body === undefined
      ? []
      : OF_BODIES;
  const ofChanges: readonly ProblemKind[] = method === "get" ? [] : ["unknown-if-changed"];
  const kinds = [...ALWAYS, ...ofBody, ...ofChanges, ...operation.problems];
  const statuses = [...new Set(kinds.map((kind) => PROBLEMS[kind].status))];
  return {
    ...{ method, path: BASE + path, operationId, tags: [tag], summary, description },
    request: {
      ...{ params, query, headers },
      ...(body && {
        body: {
          required: true,
          content: {
            "application/json": { schema: body.schema, example: body.example },
            ...filesOf(body.files),
          },
        },
      }),
    },
    responses: {
      ...Object.fromEntries(
        Object.entries(operation.answers).map(([status, answer]) => [status, documentedAnswer(answer)]),
      ),
      ...Object.fromEntries(
        statuses
          .filter((status) => operation.answers[status] === undefined)
          .map((status) => [
            status,
            documentedProblem(kinds.filter((kind) => PROBLEMS[kind].status === status)),
          ]),
      ),
    },
  };
}

/** Files of these types as the document has them. */
const filesOf = (types: readonly string[] = []) =>
  Object.fromEntries(types.map((type) => [type, { schema: { type: "string" as const, format: "binary" } }]));

function documentedAnswer({ description, schema, example, headers = {}, files }: Answer) {
  return {
    description,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, says]) => [
        name,
        { description: says, schema: { type: "string" as const } },
      ]),
    ),
    ...(schema && {
      content: { "application/json": { schema, ...(example !== undefined && { example }) } },
    }),
    ...(files && { content: filesOf(files) }),
  };
}

function documentedProblem(kinds: readonly ProblemKind[]) {
  return {
    description: kinds.map((kind) => `${PROBLEMS[kind].title}.`).join(" "),
    content: { "application/problem+json": { schema: problem } },
  };
}

const JSON_TYPE = /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i;

/** The JSON of a body of at most `most` bytes, or why it cannot be had. */
export async function readJson(c: Context<Bindings>, most: number): Promise<Result<unknown, Refusal>> {
  if (!JSON_TYPE.test(c.req.header("content-type") ?? "")) {
    return fail({ kind: "unsupported-media-type", detail: "Content-Type has to be application/json." });
  }
  const tooLarge = fail<Refusal>({
    kind: "body-too-large",
    detail: `The body can have ${most.toLocaleString("en")} bytes.`,
  });
  const told = c.req.header("content-length");
  if (Number(told) > most) return tooLarge;
  let text: string | null;
  try {
    text =
      told === undefined
        ? ((await readAtMost(c.req.raw.body, most))?.toString("utf8") ?? null)
        : await c.req.text();
  } catch {
    return fail({ kind: "malformed-request", detail: "The body broke off." });
  }
  if (text === null) return tooLarge;
  try {
    return ok(JSON.parse(text));
  } catch {
    return fail({ kind: "malformed-request", detail: "The body is not JSON." });
  }
}

const MOST_BYTES = 64 * 1024;

/** The body of an operation by its schema, or why there is none. */
export async function readBody<T>(
  c: Context<Bindings>,
  schema: z.ZodType<T>,
  most = MOST_BYTES,
): Promise<Result<T, Refusal>> {
  const read = await readJson(c, most);
  if (!read.ok) return read;
  const parsed = schema.safeParse(read.value);
  return parsed.success ? ok(parsed.data) : fail(invalidBody(errorsOf(parsed.error.issues)));
}

export const invalidBody = (errors: Refusal["errors"]): Refusal => ({
  kind: "invalid-body",
  detail:
    errors?.length === 1
      ? "One place in the body is wrong."
      : `${errors?.length} places in the body are wrong.`,
  errors,
});
