import "server-only";
import type { Handler, Outcome } from "@/lib/inference/handler";
import { ok } from "@/lib/result";
import { log } from "@/lib/server/log";
import type { Send } from "./backend";

/** Logs a request that the handler could not answer. */
export function logFailure({ durations, ...outcome }: Outcome): void {
  if (outcome.code !== undefined)
    log("error", "handler_failed", { ...outcome, ms: Math.round(durations.lambda) });
}

/** Calls the Lambda handler in this process with the event API Gateway would send. */
export function sendToHandler(handler: Handler): Send {
  return async (body, { signal, requestId }) => {
    const answer = await handler(
      {
        body,
        isBase64Encoded: false,
        headers: { "content-type": "application/json", "x-request-id": requestId },
        requestContext: { requestId },
      },
      { signal },
    );
    return ok({
      status: answer.statusCode,
      contentType: answer.headers["content-type"] ?? null,
      retryAfter: answer.headers["retry-after"] ?? null,
      serverTiming: answer.headers["server-timing"] ?? null,
      body: answer.body,
    });
  };
}
