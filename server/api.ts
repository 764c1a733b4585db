import type { IncomingMessage, ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { REFUSED } from "../lib/refused";
import { createApi } from "../lib/server/api/create-api";
import { BASE } from "../lib/server/api/operation";
import { problemOf } from "../lib/server/api/problem";
import type { ProblemKind } from "../lib/server/api/problem-kinds";

/**
 * What answers programs, in the process of the pages and before Next sees a request. Bundled (`npm run bundle:server`), since
 * serve.mjs is plain JavaScript; packages stay outside, so that what both use is there once.
 */

const api = createApi();

/** Answers a request that is not refused. Next's own Request and Response stay as they are. */
export const answerProgram = getRequestListener(api.fetch, { overrideGlobalObjects: false });

const KINDS = {
  400: "malformed-request",
  401: "unauthenticated",
  403: "foreign-origin",
  405: "method-not-allowed",
  421: "misdirected",
  429: "too-many-requests",
  503: "database-unavailable",
} as const;

/** Answers a request of which server/request-guard.mjs or server/access.ts says why it is not taken. */
export function refuseProgram(
  request: IncomingMessage,
  response: ServerResponse,
  refused: {
    status: keyof typeof KINDS;
    kind?: ProblemKind;
    headers?: Record<string, string>;
    reason?: string;
    sentence?: string;
  },
): void {
  const { status, kind = KINDS[status], headers, reason, sentence } = refused;
  const detail = sentence ?? `${REFUSED}${reason}`;
  const problem = problemOf({ kind, detail }, crypto.randomUUID());
  const isOpenInference = !request.url?.startsWith(BASE);
  response.writeHead(status, {
    "Content-Type": isOpenInference ? "application/json" : "application/problem+json",
    "Cache-Control": "no-store",
    "X-Request-Id": problem.requestId,
    // What is still to come of a body is not read.
    ...(request.complete ? {} : { Connection: "close" }),
    ...headers,
  });
  response.end(JSON.stringify(isOpenInference ? { error: detail } : problem));
}
